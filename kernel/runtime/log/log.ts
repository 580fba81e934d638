// The kernel log: a ring of records with level and time stamp, console sinks, and the writers everybody uses.
//
// A record is one line. Records and their text lie in two rings that never move or grow; the oldest records make way.
// Readers (log-reader.ts: /dev/kmsg, syslog(2)) address records by sequence number. Sinks print records whose level
// is below the console level; until the first sink is added, lines go to the machine's early console.
// Writing is allowed anywhere, interrupt handlers included; it never sleeps. A record written while sinks are
// printing (by a sink, say) is stored, and printed when the outer call gets to it.

import { ByteBuilder } from "../text/byte-builder";
import { copyBytes } from "../text/byte-access";
import { writeEarlyByte } from "./machine-view";
import { US_PER_SECOND } from "../../abi/time";

/** Levels as syslog(2) has them. */
export namespace LogLevel {
  @inline export const EMERGENCY: u32 = 0;
  @inline export const ALERT: u32 = 1;
  @inline export const CRITICAL: u32 = 2;
  @inline export const ERROR: u32 = 3;
  @inline export const WARNING: u32 = 4;
  @inline export const NOTICE: u32 = 5;
  @inline export const INFO: u32 = 6;
  @inline export const DEBUG: u32 = 7;
}

/** Bytes of text the log keeps. A power of two. */
@inline export const LOG_TEXT_SIZE: i32 = 128 * 1024;
/** Records the log keeps. A power of two. */
@inline const RECORDS: i32 = 2048;
/** Longer lines are cut here. */
@inline export const LOG_LINE_LIMIT: i32 = 1000;

/** A console. `writeRecord` gets one line without its newline and must not sleep. */
export abstract class LogSink {
  /** `stamp` is the length of the "[    1.234567] " that `line` begins with. */
  abstract writeRecord(level: u32, line: StaticArray<u8>, length: i32, stamp: i32): void;
}

/** Gives the log its time stamps once a clock runs. */
export abstract class LogClock {
  /** Microseconds since boot. */
  abstract nowUs(): u64;
}

/** Told of each new record; used to wake readers. Must not sleep or log. */
export abstract class LogListener {
  abstract recordAdded(): void;
}

/** One line with what belongs to it; see `LogStore.read`. */
@final
export class LogRecord {
  sequence: u64 = 0;
  timeUs: u64 = 0;
  /** facility * 8 + level, as in syslog(2). */
  priority: u32 = 0;
  text: ByteBuilder = ByteBuilder.fixed(LOG_LINE_LIMIT + 24);

  get level(): u32 {
    return this.priority & 7;
  }
}

/** The rings. Records `first .. next` are present; text of a record starts at its position modulo the ring. */
@final
class LogStore {
  first: u64 = 0;
  next: u64 = 0;
  private textEnd: u64 = 0;
  private readonly text: StaticArray<u8> = new StaticArray<u8>(LOG_TEXT_SIZE);
  private readonly starts: StaticArray<u64> = new StaticArray<u64>(RECORDS);
  private readonly times: StaticArray<u64> = new StaticArray<u64>(RECORDS);
  private readonly lengths: StaticArray<u16> = new StaticArray<u16>(RECORDS);
  private readonly priorities: StaticArray<u16> = new StaticArray<u16>(RECORDS);

  add(priority: u32, timeUs: u64, line: StaticArray<u8>, from: i32, length: i32): void {
    const end = this.textEnd + <u64>length;
    while (this.first < this.next) {
      const oldest = <i32>(this.first & (RECORDS - 1));
      const overwritten = end > this.starts[oldest] + <u64>LOG_TEXT_SIZE;
      if (!overwritten && this.next - this.first < <u64>RECORDS) break;
      this.first++;
    }
    const slot = <i32>(this.next & (RECORDS - 1));
    this.starts[slot] = this.textEnd;
    this.times[slot] = timeUs;
    this.lengths[slot] = <u16>length;
    this.priorities[slot] = <u16>priority;
    const at = <i32>(this.textEnd & (LOG_TEXT_SIZE - 1));
    const head = min(length, LOG_TEXT_SIZE - at);
    copyBytes(this.text, at, line, from, head);
    copyBytes(this.text, 0, line, from + head, length - head);
    this.textEnd = end;
    this.next++;
  }

  /** Fetches a record that is present. */
  read(sequence: u64, into: LogRecord): void {
    const slot = <i32>(sequence & (RECORDS - 1));
    into.sequence = sequence;
    into.timeUs = this.times[slot];
    into.priority = <u32>this.priorities[slot];
    const at = <i32>(this.starts[slot] & (LOG_TEXT_SIZE - 1));
    const length = <i32>this.lengths[slot];
    const head = min(length, LOG_TEXT_SIZE - at);
    into.text.clear().appendRange(this.text, at, head).appendRange(this.text, 0, length - head);
  }
}

@kernelLock const store_: LogStore = new LogStore();
@kernelLock const sinks: Array<LogSink> = new Array<LogSink>();
@bootOnly const listeners: Array<LogListener> = new Array<LogListener>();
@bootOnly let clock: LogClock | null = null;
/** Records at this level or above (numerically) stay off the consoles. */
@kernelLock let consoleLevel: u32 = LogLevel.DEBUG;
/** Next record that the consoles have not seen. */
@kernelLock let printed: u64 = 0;
@kernelLock let isPrinting: bool = false;
@scratch const printRecord: LogRecord = new LogRecord();
@scratch const printLine: ByteBuilder = ByteBuilder.fixed(LOG_LINE_LIMIT + 64);
@scratch const inputLine: ByteBuilder = ByteBuilder.fixed(LOG_LINE_LIMIT + 24);

export function logInfo(text: string): void {
  logText(LogLevel.INFO, text);
}

export function logWarn(text: string): void {
  logText(LogLevel.WARNING, text);
}

export function logError(text: string): void {
  logText(LogLevel.ERROR, text);
}

/** Logs a string at a level. Each line of it becomes a record. */
export function logText(level: u32, text: string): void {
  // Lines longer than the limit are cut; a message within a message (from a sink) must not disturb this one's text,
  // so the text is stored before anything is printed.
  inputLine.clear().append(text);
  logRange(level, inputLine.data, 0, inputLine.length);
}

/** Logs the text of a builder at a level. */
export function logLine(level: u32, line: ByteBuilder): void {
  logRange(level, line.data, 0, line.length);
}

/** Logs bytes with a syslog priority (facility * 8 + level). Each line becomes a record; a last newline is dropped. */
export function logRange(priority: u32, bytes: StaticArray<u8>, from: i32, length: i32): void {
  const end = from + length;
  let start = from;
  const timeUs = logNowUs();
  for (let i = from; i <= end; i++) {
    if (i < end && bytes[i] != 0x0a) continue;
    if (i == end && start == end && length > 0) break;
    store_.add(priority, timeUs, bytes, start, min(i - start, LOG_LINE_LIMIT));
    start = i + 1;
  }
  for (let i = 0; i < listeners.length; i++) listeners[i].recordAdded();
  printPending();
}

/** Adds a console and prints to it what the log already holds. The early console falls silent. */
export function addLogSink(sink: LogSink): void {
  const resume = isPrinting;
  isPrinting = true;
  for (let at = store_.first; at < printed; at++) emitRecord(at, sink);
  isPrinting = resume;
  sinks.push(sink);
}

export function addLogListener(listener: LogListener): void {
  listeners.push(listener);
}

export function setLogClock(source: LogClock): void {
  clock = source;
}

/** Microseconds since boot, 0 before a clock runs. */
export function logNowUs(): u64 {
  const source = clock;
  return source !== null ? source.nowUs() : 0;
}

/** Only records with a level below this reach the consoles (1 to 8, as `loglevel=` and syslog(2) action 8). */
export function setConsoleLevel(level: u32): void {
  consoleLevel = max<u32>(1, min<u32>(level, 8));
}

export function consoleLogLevel(): u32 {
  return consoleLevel;
}

/** Sequence number of the oldest record present. */
export function logFirst(): u64 {
  return store_.first;
}

/** Sequence number the next record will get. */
export function logNext(): u64 {
  return store_.next;
}

/** Fetches a record; false when it is gone or not yet there. */
export function logRead(sequence: u64, into: LogRecord): bool {
  if (sequence < store_.first || sequence >= store_.next) return false;
  store_.read(sequence, into);
  return true;
}

/** Appends "[    1.234567] " for a time in microseconds. */
export function appendTimeStamp(out: ByteBuilder, timeUs: u64): void {
  out.appendByte(0x5b).appendPadded(timeUs / US_PER_SECOND, 5).appendByte(0x2e);
  out.appendPadded(timeUs % US_PER_SECOND, 6, 0x30).appendByte(0x5d).appendByte(0x20);
}

/** Forgets that somebody is printing: a panic inside a sink must still reach the consoles. */
export function breakLogPrinting(): void {
  isPrinting = false;
}

function printPending(): void {
  if (isPrinting) return;
  isPrinting = true;
  while (printed < store_.next) {
    if (printed < store_.first) printed = store_.first;
    emitRecord(printed++, null);
  }
  isPrinting = false;
}

/** Prints one record to `only`, or to every console. */
function emitRecord(sequence: u64, only: LogSink | null): void {
  store_.read(sequence, printRecord);
  const level = printRecord.level;
  if (level >= consoleLevel) return;
  printLine.clear();
  appendTimeStamp(printLine, printRecord.timeUs);
  const stamp = printLine.length;
  printLine.appendBuilder(printRecord.text);
  if (only !== null) {
    only.writeRecord(level, printLine.data, printLine.length, stamp);
    return;
  }
  if (sinks.length == 0) earlyWrite(printLine);
  for (let i = 0; i < sinks.length; i++) {
    sinks[i].writeRecord(level, printLine.data, printLine.length, stamp);
  }
}

function earlyWrite(line: ByteBuilder): void {
  for (let i = 0; i < line.length; i++) writeEarlyByte(<u32>line.data[i]);
  writeEarlyByte(0x0d);
  writeEarlyByte(0x0a);
}

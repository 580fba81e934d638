// Reading the kernel log: /dev/kmsg records and syslog(2) text. Never sleeps: callers wait and try again.
// Formats: Documentation of /dev/kmsg in the Linux ABI ("priority,sequence,microseconds,flags;text"), syslog(2).

import { Errno } from "../../abi/errno";
import { ByteBuilder } from "../text/byte-builder";
import { LogRecord, appendTimeStamp, logFirst, logNext, logRead } from "./log";

@scratch const record: LogRecord = new LogRecord();
@scratch const lineText: ByteBuilder = ByteBuilder.fixed(1200);

/** Records before this one are hidden from syslog(2)'s "read all" (action 5 clears the log so). */
@kernelLock let clearedUpTo: u64 = 0;
/** The position of syslog(2)'s destructive read, shared by the whole system. */
@kernelLock let syslogNext: u64 = 0;
/** Bytes of record `syslogNext` already returned. */
@kernelLock let syslogOffset: i32 = 0;

/** One open /dev/kmsg. */
@final
export class KmsgReader {
  private next: u64 = logFirst();

  /** lseek(fd, 0, SEEK_SET): the oldest record. */
  seekFirst(): void {
    this.next = logFirst();
  }

  /** lseek(fd, 0, SEEK_END): after the last record. */
  seekEnd(): void {
    this.next = logNext();
  }

  /** lseek(fd, 0, SEEK_DATA): the first record after the last clear. */
  seekCleared(): void {
    this.next = max(clearedUpTo, logFirst());
  }

  /** A read would return a record (or -EPIPE) at once. */
  get isReadable(): bool {
    return this.next < logNext();
  }

  /** Records were overwritten before they could be read. */
  get hasLostRecords(): bool {
    return this.next < logFirst();
  }

  /**
   * Replaces the text of `out` by the next record. Returns its length, -EAGAIN when there is none,
   * or -EPIPE once after records were lost. `limit` is the caller's buffer: -EINVAL if the record is longer.
   */
  read(out: ByteBuilder, limit: i32): i32 {
    if (this.next < logFirst()) {
      this.next = logFirst();
      return -Errno.EPIPE;
    }
    if (!logRead(this.next, record)) return -Errno.EAGAIN;
    out.clear().appendUnsigned(record.priority).appendByte(0x2c).appendUnsigned(record.sequence);
    out.appendByte(0x2c).appendUnsigned(record.timeUs).append(",-;");
    const text = record.text;
    for (let i = 0; i < text.length; i++) {
      const c = <u32>text.data[i];
      if (c < 0x20 || c >= 0x7f || c == 0x5c) out.append("\\x").appendHex(c, 2);
      else out.appendByte(c);
    }
    out.newline();
    if (out.length > limit) return -Errno.EINVAL;
    this.next++;
    return out.length;
  }
}

/** syslog(2) action 2: appends at most `limit` bytes not yet read, in whole or partial lines; 0 when there are none. */
export function syslogRead(out: ByteBuilder, limit: i32): i32 {
  const start = out.length;
  skipLost();
  while (out.length - start < limit && logRead(syslogNext, record)) {
    formatRecord();
    const rest = lineText.length - syslogOffset;
    const take = min(rest, limit - (out.length - start));
    out.appendRange(lineText.data, syslogOffset, take);
    if (take < rest) {
      syslogOffset += take;
      break;
    }
    syslogNext++;
    syslogOffset = 0;
  }
  return out.length - start;
}

/** syslog(2) action 9: bytes that action 2 could return. */
export function syslogUnread(): i32 {
  skipLost();
  let size = -syslogOffset;
  for (let at = syslogNext; logRead(at, record); at++) {
    formatRecord();
    size += lineText.length;
  }
  return max(size, 0);
}

/** True if action 2 would return something. */
export function syslogHasUnread(): bool {
  return syslogNext < logNext();
}

/** syslog(2) action 3: appends the newest whole lines since the last clear that fit into `limit` bytes. */
export function syslogReadAll(out: ByteBuilder, limit: i32): i32 {
  let from = max(clearedUpTo, logFirst());
  let size = 0;
  for (let at = from; logRead(at, record); at++) {
    formatRecord();
    size += lineText.length;
  }
  for (; size > limit && logRead(from, record); from++) {
    formatRecord();
    size -= lineText.length;
  }
  const start = out.length;
  for (let at = from; logRead(at, record); at++) {
    formatRecord();
    out.appendBuilder(lineText);
  }
  return out.length - start;
}

/** syslog(2) actions 4 (after the read) and 5. */
export function syslogClear(): void {
  clearedUpTo = logNext();
}

function skipLost(): void {
  if (syslogNext >= logFirst()) return;
  syslogNext = logFirst();
  syslogOffset = 0;
}

function formatRecord(): void {
  lineText.clear().appendByte(0x3c).appendUnsigned(record.priority).appendByte(0x3e);
  appendTimeStamp(lineText, record.timeUs);
  lineText.appendBuilder(record.text).newline();
}

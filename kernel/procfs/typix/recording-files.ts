// /proc/typix/profile and /proc/typix/trace: writing controls the recording, reading gives what was recorded as text, one
// line a record. Only with CAP_SYS_ADMIN. docs/measuring/profiling.md has the commands and the format. Nothing here sleeps.

import { FASTEST_SAMPLING_HZ, SLOWEST_SAMPLING_HZ } from "../../../arch/x86_64/platform/sampling";
import { Errno } from "../../abi/errno";
import { S_IFREG } from "../../abi/stat";
import { IoDestination, IoSource } from "../../mm/user/io-buffer";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { bytesEqualText, bytesSlice, parseDecimal } from "../../runtime/text/bytes";
import { ticksToNs, tscFrequency } from "../../time/clock";
import { EVENT_BYTES, Event, Trace } from "../../trace/trace";
import { Capability } from "../../vfs/credentials";
import { FileSystem } from "../../vfs/inode/file-system";
import { Inode } from "../../vfs/inode/inode";
import { OpenFile } from "../../vfs/file/open-file";
import { OpenRequest } from "../../vfs/inode/open-request";
import { addProcInode } from "../proc-text";
import {
  eventBytes, eventsLost, lastSamplingHz, profileLost, profiledBytes, startProfile, startTracing, stopProfile, stopTracing,
} from "./recording";
import { RecordBuffer, profileBuffer, traceBuffer } from "../../mm/frames/record-buffer";
import { SyntheticInode } from "../synthetic";
import { currentTask } from "../../task/current";

const COMMAND_LIMIT: u64 = 256;
/** Text made at once. */
const PIECE: i32 = 16384;
const DEFAULT_HZ: u32 = 997;
/** Words of a sample before its addresses, in bytes. */
const SAMPLE_HEADER: u32 = 32;

/** Splits a command into words. */
function wordsOf(bytes: StaticArray<u8>, length: i32): StaticArray<u8>[] {
  const words: StaticArray<u8>[] = [];
  let start = 0;
  for (let i = 0; i <= length; i++) {
    if (i < length && bytes[i] > 0x20) continue;
    if (i > start) words.push(bytesSlice(bytes, start, i));
    start = i + 1;
  }
  return words;
}

/** A description: text of the records from `cursor` on, made as it is read. */
abstract class RecordingFile extends OpenFile {
  protected cursor: u32 = 0;
  private readonly text: ByteBuilder = new ByteBuilder(1024);
  private given: i32 = 0;
  private hasHeader: bool = false;

  protected abstract header(out: ByteBuilder): void;
  /** Appends the record at the cursor and moves on; false at the end. */
  protected abstract appendNext(out: ByteBuilder): bool;
  protected abstract command(words: StaticArray<u8>[]): i32;

  @sleeps read(to: IoDestination): i64 {
    const text = this.text;
    if (this.given == text.length) {
      this.given = 0;
      text.clear();
      if (!this.hasHeader) this.header(text);
      this.hasHeader = true;
      while (text.length < PIECE && this.appendNext(text)) {}
    }
    const length = <i32>min<u64>(<u64>(text.length - this.given), to.remaining);
    const put = to.putBytes(text.data, this.given, length);
    if (put > 0) this.given += <i32>put;
    return put;
  }

  @sleeps write(from: IoSource): i64 {
    const length = from.remaining;
    if (length > COMMAND_LIMIT) return -Errno.EINVAL;
    const bytes = new StaticArray<u8>(<i32>length);
    const taken = from.takeToBytes(bytes, 0, <i32>length);
    if (taken < <i64>length) return -Errno.EFAULT;
    const words = wordsOf(bytes, <i32>length);
    if (words.length == 0) return -Errno.EINVAL;
    const status = this.command(words);
    return status < 0 ? status : <i64>length;
  }
}

// ---- the profile --------------------------------------------------------------------------------------------------------

@final
class ProfileFile extends RecordingFile {
  protected header(out: ByteBuilder): void {
    out.append("# hz ").appendUnsigned(lastSamplingHz).append(" lost ").appendUnsigned(profileLost());
    out.append("\n# microseconds task mode kernel-addresses | user-addresses, innermost first\n");
  }

  protected appendNext(out: ByteBuilder): bool {
    const buffer = profileBuffer;
    const at = this.cursor;
    if (at + SAMPLE_HEADER > profiledBytes()) return false;
    const description = buffer.word(at + 8);
    const kernel = <u32>(description >> 40) & 0xff;
    const user = <u32>(description >> 48) & 0xff;
    const mode = <u32>(description >> 32) & 0xff;
    appendTime(out, buffer, at).appendUnsigned(<u64><u32>description);
    out.append(mode == 0 ? " user" : mode == 1 ? " kernel" : " idle");
    for (let i: u32 = 0; i < kernel + user; i++) {
      if (i == kernel) out.append(" |");
      out.appendByte(0x20).appendHex(buffer.word(at + SAMPLE_HEADER + i * 8));
    }
    out.newline();
    this.cursor = at + SAMPLE_HEADER + (kernel + user) * 8;
    return true;
  }

  /** "start [HZ]", "stop" */
  protected command(words: StaticArray<u8>[]): i32 {
    if (words.length == 1 && bytesEqualText(words[0], "stop")) {
      stopProfile();
      return 0;
    }
    if (words.length > 2 || !bytesEqualText(words[0], "start")) return -Errno.EINVAL;
    const hz = words.length == 2 ? parseDecimal(words[1]) : <i64>DEFAULT_HZ;
    if (hz < <i64>SLOWEST_SAMPLING_HZ || hz > <i64>FASTEST_SAMPLING_HZ) return -Errno.EINVAL;
    return startProfile(<u32>hz, 0);
  }
}

/** Microseconds since the recording began, with three digits after the point, and a space. */
function appendTime(out: ByteBuilder, buffer: RecordBuffer, at: u32): ByteBuilder {
  const ns = ticksToNs(buffer.word(at) - buffer.startTsc);
  return out.appendUnsigned(ns / 1000).appendByte(0x2e).appendPadded(ns % 1000, 3, 0x30).appendByte(0x20);
}

// ---- the trace ----------------------------------------------------------------------------------------------------------

/** Names of event kinds, from 1 on. */
const EVENT_NAMES: StaticArray<string> = [
  "?", "switch", "wake", "call-begin", "call-end", "fault-begin", "fault-end", "interrupt-begin", "interrupt-end", "collection-begin",
  "collection-end", "fork", "exit", "exec", "text", "map", "map-file", "call-error",
];
const CATEGORY_NAMES: StaticArray<string> = ["scheduler", "calls", "faults", "interrupts", "collections", "tasks", "errors"];

/** The Trace bits of a category's name; 0: there is none of that name. */
export function traceCategory(name: StaticArray<u8>): u32 {
  if (bytesEqualText(name, "all")) return Trace.ALL;
  for (let i = 0; i < CATEGORY_NAMES.length; i++) {
    if (bytesEqualText(name, CATEGORY_NAMES[i])) return <u32>1 << i;
  }
  return 0;
}

@final
class TraceFile extends RecordingFile {
  protected header(out: ByteBuilder): void {
    out.append("# tsc ").appendUnsigned(tscFrequency()).append(" lost ").appendUnsigned(eventsLost());
    out.append("\n# microseconds task event a b\n");
  }

  protected appendNext(out: ByteBuilder): bool {
    const buffer = traceBuffer;
    const at = this.cursor;
    if (at + EVENT_BYTES > eventBytes()) return false;
    const who = buffer.word(at + 8);
    const kind = <u32>(who >> 32);
    appendTime(out, buffer, at).appendUnsigned(<u64><u32>who).appendByte(0x20);
    out.append(kind < <u32>EVENT_NAMES.length ? EVENT_NAMES[kind] : "?").appendByte(0x20);
    const a = buffer.word(at + 16);
    const b = buffer.word(at + 24);
    if (kind == Event.TEXT) {
      appendText(out, a);
      appendText(out, b);
      out.newline();
    } else {
      appendWord(out, a, kind);
      appendWord(out.appendByte(0x20), b, kind);
      out.newline();
    }
    this.cursor = at + EVENT_BYTES;
    return true;
  }

  /** "start [CATEGORY…]", "stop" */
  protected command(words: StaticArray<u8>[]): i32 {
    if (words.length == 1 && bytesEqualText(words[0], "stop")) {
      stopTracing();
      return 0;
    }
    if (!bytesEqualText(words[0], "start")) return -Errno.EINVAL;
    let mask: u32 = words.length == 1 ? Trace.ALL : 0;
    for (let i = 1; i < words.length; i++) {
      const category = traceCategory(words[i]);
      if (category == 0) return -Errno.EINVAL;
      mask |= category;
    }
    return startTracing(mask, 0);
  }
}

/** Addresses in hexadecimal, everything else as a signed number. */
function appendWord(out: ByteBuilder, word: u64, kind: u32): void {
  if (kind == Event.MAP || kind == Event.FAULT_BEGIN) out.append("0x").appendHex(word);
  else out.appendDecimal(<i64>word);
}

function appendText(out: ByteBuilder, word: u64): void {
  for (let i = 0; i < 8; i++) {
    const byte = <u32>(word >> <u64>(8 * i)) & 0xff;
    if (byte != 0) out.appendByte(byte);
  }
}

// ---- in /proc -----------------------------------------------------------------------------------------------------------

@final
class RecordingInode extends SyntheticInode {
  constructor(fileSystem: FileSystem, private readonly isProfile: bool) {
    super(fileSystem, S_IFREG | 0o600);
  }

  open(request: OpenRequest): i32 {
    if (!currentTask().credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
    if (this.isProfile) request.file = new ProfileFile(request.flags);
    else request.file = new TraceFile(request.flags);
    return 0;
  }

  /** O_TRUNC of a shell's redirection. */
  truncate(size: i64): i32 {
    return 0;
  }
}

function makeProfile(fileSystem: FileSystem): Inode {
  return new RecordingInode(fileSystem, true);
}

function makeTrace(fileSystem: FileSystem): Inode {
  return new RecordingInode(fileSystem, false);
}

/** Adds both files; before procfs is first mounted. */
export function registerRecordingFiles(): void {
  addProcInode("typix", "profile", makeProfile);
  addProcInode("typix", "trace", makeTrace);
}

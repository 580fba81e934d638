// System-call trace: one log line a call, in the form strace(1) prints it, from the descriptors that the table generates.
//
// `strace=NAME` on the kernel command line traces programs of that name and their children, `strace=*` every process.
// User memory is read as the call would read it, so a bad pointer prints as an address. Sleeps (page faults).

import { ignore } from "../../kernel/runtime/ignore";
import { Errno, errnoName } from "../../kernel/abi/errno";
import { signalName } from "../../kernel/abi/signal-names";
import { UserIn, UserPath } from "../../kernel/mm/user/user-memory";
import { ByteBuilder } from "../../kernel/runtime/text/byte-builder";
import { LogLevel, logLine } from "../../kernel/runtime/log/log";
import { Task } from "../../kernel/task/task";
import { CALL_DESCRIPTORS, FLAG_SETS, Print } from "../generated/descriptors";
import { dispatch } from "../generated/dispatch";
import { AT_FDCWD } from "../../kernel/abi/fcntl";

/** Bytes of a buffer that are shown, as strace's default. */
const SHOWN_BYTES: i32 = 32;
/** Longest path that is shown. */
const SHOWN_PATH: i32 = 512;

/** One name of a flag set. */
@final
class FlagName {
  constructor(readonly name: string, readonly value: u64) {}
}

/** A flag set as text generation needs it, parsed from its generated line when first used. */
@final
class FlagNames {
  mask: u64 = 0;
  names: FlagName[] = [];
}

@kernelLock const parsedSets = new Array<FlagNames | null>();

/** The six argument registers of a call. */
@final
class CallArguments {
  constructor(readonly a0: u64, readonly a1: u64, readonly a2: u64, readonly a3: u64, readonly a4: u64, readonly a5: u64) {}

  at(index: i32): u64 {
    switch (index) {
      case 0: return this.a0;
      case 1: return this.a1;
      case 2: return this.a2;
      case 3: return this.a3;
      case 4: return this.a4;
      default: return this.a5;
    }
  }
}

/** Does a system call as `dispatch` does, and logs it. */
@sleeps export function tracedCall(task: Task, number: i32, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  const registers = new CallArguments(a0, a1, a2, a3, a4, a5);
  const descriptor = number >= 0 && number < CALL_DESCRIPTORS.length ? CALL_DESCRIPTORS[number] : "";
  const colon = descriptor.indexOf(":");
  const line = new ByteBuilder(200);
  line.append("strace: [").appendDecimal(task.tid).append("] ");
  if (colon < 0) line.append("syscall_").appendDecimal(number).append("(");
  else line.append(descriptor.substring(0, colon)).append("(");
  // What the call writes is known afterwards only; what it reads may be gone by then. So the text has two parts.
  const outputAt = colon < 0 ? -1 : appendArguments(line, descriptor, colon + 1, registers, 0, 0);
  // A call that does not come back (exit, a fatal signal) would leave no trace.
  if (number == 60 || number == 231) logLine(LogLevel.INFO, line.append(") = ?"));
  const result = dispatch(task, number, a0, a1, a2, a3, a4, a5);
  if (outputAt >= 0) ignore(appendArguments(line, descriptor, outputAt, registers, result, 1));
  line.append(") = ");
  appendResult(line, result);
  logLine(LogLevel.INFO, line);
  return result;
}

/** Prints arguments from letter `at`; before the call (pass 0) it stops at the first output buffer and returns where, else -1. */
@sleeps function appendArguments(line: ByteBuilder, descriptor: string, at: i32, registers: CallArguments, result: i64, pass: i32): i32 {
  let index = 0;
  for (let i = descriptor.indexOf(":") + 1; i < descriptor.length; i++) {
    const print = descriptor.charCodeAt(i) - 97;
    const hasOperand = print == Print.SOURCE || print == Print.DESTINATION || print == Print.FLAGS;
    const start = i;
    const operand = hasOperand ? descriptor.charCodeAt(++i) - 48 : 0;
    if (start < at) {
      index++;
      continue;
    }
    if (print == Print.DESTINATION && pass == 0) return start;
    if (index > 0) line.append(", ");
    const length = print == Print.SOURCE ? registers.at(operand) : <u64>max<i64>(result, 0);
    appendArgument(line, print, operand, registers.at(index), length);
    index++;
  }
  return -1;
}

@sleeps function appendArgument(line: ByteBuilder, print: i32, operand: i32, value: u64, length: u64): void {
  switch (print) {
    case Print.SIGNED32: line.appendDecimal(<i64><i32>value); return;
    case Print.UNSIGNED32: line.appendUnsigned(<u64><u32>value); return;
    case Print.SIGNED64: line.appendDecimal(<i64>value); return;
    case Print.UNSIGNED64: line.appendUnsigned(value); return;
    case Print.DIRFD:
      if (<i32>value == AT_FDCWD) line.append("AT_FDCWD");
      else line.appendDecimal(<i64><i32>value);
      return;
    case Print.OCTAL: line.append("0").appendOctal(<u64><u32>value); return;
    case Print.SIGNAL: line.append(signalName(<i32>value)); return;
    case Print.PATH: appendPath(line, value); return;
    case Print.SOURCE:
    case Print.DESTINATION: appendBuffer(line, value, length); return;
    case Print.FLAGS: appendFlags(line, operand, value); return;
    default: appendAddress(line, value);
  }
}

function appendAddress(line: ByteBuilder, value: u64): void {
  if (value == 0) line.append("NULL");
  else line.append("0x").appendHex(value);
}

@sleeps function appendPath(line: ByteBuilder, address: u64): void {
  const bytes = new StaticArray<u8>(SHOWN_PATH);
  const length = new UserPath().claim(address).fetchString(bytes, 0, SHOWN_PATH);
  if (length == -Errno.EFAULT) {
    appendAddress(line, address);
    return;
  }
  appendQuoted(line, bytes, length < 0 ? SHOWN_PATH : length);
  if (length < 0) line.append("...");
}

@sleeps function appendBuffer(line: ByteBuilder, address: u64, length: u64): void {
  const shown = <i32>min<u64>(length, SHOWN_BYTES);
  const bytes = new StaticArray<u8>(SHOWN_BYTES);
  if (address == 0 || new UserIn().claim(address).readBytes(0, bytes, 0, shown) < 0) {
    appendAddress(line, address);
    return;
  }
  appendQuoted(line, bytes, shown);
  if (length > <u64>SHOWN_BYTES) line.append("...");
}

function appendQuoted(line: ByteBuilder, bytes: StaticArray<u8>, length: i32): void {
  line.append("\"");
  for (let i = 0; i < length; i++) {
    const byte = <u32>bytes[i];
    if (byte == 0x22 || byte == 0x5c) line.append("\\").appendByte(byte);
    else if (byte == 0x0a) line.append("\\n");
    else if (byte == 0x09) line.append("\\t");
    else if (byte == 0x0d) line.append("\\r");
    else if (byte >= 0x20 && byte < 0x7f) line.appendByte(byte);
    else {
      // Three digits where a digit follows, so that the text reads back as the same bytes.
      const next = i + 1 < length ? <u32>bytes[i + 1] : 0;
      line.append("\\").appendOctal(byte, next >= 0x30 && next <= 0x37 ? 3 : 1);
    }
  }
  line.append("\"");
}

function appendFlags(line: ByteBuilder, set: i32, value: u64): void {
  const flags = flagSet(set);
  const choice = value & flags.mask;
  let rest = value & ~flags.mask;
  let count = 0;
  if (flags.mask != 0) {
    const name = nameOf(flags, choice);
    if (name !== null) {
      line.append(name);
      count++;
    } else if (choice != 0) rest |= choice;
  }
  for (let i = 0; i < flags.names.length; i++) {
    const flag = flags.names[i];
    if (flag.value == 0 || (flag.value & flags.mask) == flag.value || (rest & flag.value) != flag.value) continue;
    if (count++ > 0) line.append("|");
    line.append(flag.name);
    rest &= ~flag.value;
  }
  if (rest != 0) {
    if (count++ > 0) line.append("|");
    line.append("0x").appendHex(rest);
  }
  if (count > 0) return;
  const zero = nameOf(flags, 0);
  line.append(zero !== null ? zero : "0");
}

function nameOf(flags: FlagNames, value: u64): string | null {
  for (let i = 0; i < flags.names.length; i++) {
    if (flags.names[i].value == value) return flags.names[i].name;
  }
  return null;
}

/** Parses "mask NAME=value …" once. */
function flagSet(index: i32): FlagNames {
  while (parsedSets.length <= index) parsedSets.push(null);
  const known = parsedSets[index];
  if (known !== null) return known;
  const words = FLAG_SETS[index].split(" ");
  const parsed = new FlagNames();
  parsed.mask = U64.parseInt(words[0]);
  for (let i = 1; i < words.length; i++) {
    const equals = words[i].indexOf("=");
    parsed.names.push(new FlagName(words[i].substring(0, equals), U64.parseInt(words[i].substring(equals + 1))));
  }
  parsedSets[index] = parsed;
  return parsed;
}

function appendResult(line: ByteBuilder, result: i64): void {
  if (result >= 0 || result < -4095) {
    if (result > 0xffff_ffff || result < 0) line.append("0x").appendHex(<u64>result);
    else line.appendDecimal(result);
    return;
  }
  const errno = <i32>-result;
  if (errno >= 512) {
    line.append("? ").append(errnoName(errno)).append(" (to be restarted)");
    return;
  }
  line.append("-1 ").append(errnoName(errno));
}

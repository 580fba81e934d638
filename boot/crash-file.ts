// /proc/typix/crash: makes the kernel fail on purpose, to see what its reports are worth. It exists only with `typix.crash=1` on the
// command line, and only root may write to it. Each word is a way to fail; what follows is docs/how-to/debugging.md.

import { Errno } from "../kernel/abi/errno";
import { FunctionText, addProcInode } from "../kernel/procfs/proc-text";
import { ByteBuilder } from "../kernel/runtime/text/byte-builder";
import { bytesSlice, textOf } from "../kernel/runtime/text/bytes";
import { check, kernelOops, panic } from "../kernel/runtime/log/panic";
import { FileSystem } from "../kernel/vfs/inode/file-system";
import { Inode } from "../kernel/vfs/inode/inode";
import { CommandLine } from "./command-line";
import { useEarly } from "./early-use";

/** Longest word. */
const WORD_LIMIT: i32 = 16;

function showNothing(out: ByteBuilder): void {}

/** Fails as the word says, which does not return; -EINVAL for another word. */
function crash(bytes: StaticArray<u8>, length: i32): i64 {
  let end = 0;
  while (end < min(length, WORD_LIMIT) && bytes[end] > 0x20) end++;
  const word = textOf(bytesSlice(bytes, 0, end));
  if (word == "oops") kernelOops("asked for by /proc/typix/crash", null);
  else if (word == "panic") panic("asked for by /proc/typix/crash");
  else if (word == "check") check(length < 0, "a check that fails");
  else if (word == "trap") unreachable();
  else if (word == "bounds") return <i64>bytes[bytes.length + end];
  else if (word == "divide") return <i64>(length / (end - word.length));
  else if (word == "stack") return descend(<i64>length, bytes);
  else if (word == "null") return useEarly(0, length).result;
  else if (word == "null-method") return useEarly(1, length).result;
  else if (word == "null-array") return useEarly(2, length).result;
  return -Errno.EINVAL;
}

/** Calls itself until the stack ends. */
function descend(depth: i64, bytes: StaticArray<u8>): i64 {
  if (depth == 0) return <i64>bytes.length;
  return descend(depth + 1, bytes) + descend(depth + 2, bytes) + depth;
}

function makeCrashFile(fileSystem: FileSystem): Inode {
  return new FunctionText(fileSystem, 0o200, showNothing, crash);
}

/** Boot, before procfs is mounted. */
export function registerCrashFile(commandLine: CommandLine): void {
  if (commandLine.number("typix.crash", 0) == 1) addProcInode("typix", "crash", makeCrashFile);
}

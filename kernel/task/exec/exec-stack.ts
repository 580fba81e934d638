// The initial stack of a program: strings, the pointer table, the auxiliary vector (System V x86-64 ABI, 3.4.1; getauxval(3)).
//
//   stack top   8 zero bytes
//               file name, environment strings, argument strings
//               platform string, 16 random bytes
//   sp -> argc, argv…, NULL, envp…, NULL, auxiliary vector
//
// Runs after the new address space was made current. Sleeps (page faults).

import { UserOut } from "../../mm/user/user-memory";
import { Errno } from "../../abi/errno";
import { findByte, writeU64 } from "../../runtime/text/byte-access";
import { ExecArguments, StringList } from "./exec-arguments";
import { Process } from "../process";
import { fillRandomWords } from "../../random/random";
import { PLATFORM_TEXT } from "../user-context";

/** Entries of the auxiliary vector. */
export namespace Aux {
  @inline export const NULL: u64 = 0;
  @inline export const PHDR: u64 = 3;
  @inline export const PHENT: u64 = 4;
  @inline export const PHNUM: u64 = 5;
  @inline export const PAGESZ: u64 = 6;
  @inline export const BASE: u64 = 7;
  @inline export const FLAGS: u64 = 8;
  @inline export const ENTRY: u64 = 9;
  @inline export const UID: u64 = 11;
  @inline export const EUID: u64 = 12;
  @inline export const GID: u64 = 13;
  @inline export const EGID: u64 = 14;
  @inline export const PLATFORM: u64 = 15;
  @inline export const HWCAP: u64 = 16;
  @inline export const CLKTCK: u64 = 17;
  @inline export const SECURE: u64 = 23;
  @inline export const RANDOM: u64 = 25;
  @inline export const HWCAP2: u64 = 26;
  @inline export const EXECFN: u64 = 31;
  @inline export const SYSINFO_EHDR: u64 = 33;
  @inline export const MINSIGSTKSZ: u64 = 51;
}

@inline const PAIRS: i32 = 24;
/** Builds the vector. */
@final
export class AuxiliaryVector {
  readonly words: StaticArray<u64> = new StaticArray<u64>(2 * PAIRS);
  count: i32 = 0;

  add(type: u64, value: u64): void {
    this.words[2 * this.count] = type;
    this.words[2 * this.count + 1] = value;
    this.count++;
  }
}


/**
 * Writes the stack below `top`. `shift` is a random number of bytes to leave free (ASLR). Sets the areas of `process`
 * that /proc shows. The stack pointer, or 0: a fault.
 */
@sleeps export function buildStack(
  out: UserOut, process: Process, lists: ExecArguments, fileName: StringList, vector: AuxiliaryVector, top: u64, shift: u64,
): u64 {
  const argv = lists.argv;
  const envp = lists.envp;
  const nameAt = top - 8 - <u64>fileName.length;
  const envAt = nameAt - <u64>envp.length;
  const argvAt = envAt - <u64>argv.length;
  if (!writeStrings(out, top - 8, 0, nameAt, fileName, envAt, envp, argvAt, argv)) return 0;
  process.argumentsStart = argvAt;
  process.argumentsEnd = envAt;
  process.environmentStart = envAt;
  process.environmentEnd = nameAt;
  let at = (argvAt - shift) & ~15;
  at -= 16;
  const platformAt = at;
  if (out.claim(platformAt).writeU64(0, PLATFORM_TEXT) < 0) return 0;
  at -= 16;
  const randomAt = at;
  const random = fillRandomWords();
  if (out.claim(randomAt).writeU64(0, random[0]) < 0 || out.writeU64(8, random[1]) < 0) return 0;
  vector.add(Aux.RANDOM, randomAt);
  vector.add(Aux.EXECFN, nameAt);
  vector.add(Aux.PLATFORM, platformAt);
  vector.add(Aux.NULL, 0);
  const words = 3 + argv.count + envp.count + 2 * vector.count;
  const pointer = (at - <u64>words * 8) & ~15;
  const status = writeTable(out, pointer, words, argv, argvAt, envp, envAt, vector);
  return status < 0 ? 0 : pointer;
}

@sleeps function writeStrings(
  out: UserOut, endAt: u64, endWord: u64, nameAt: u64, name: StringList, envAt: u64, envp: StringList, argvAt: u64,
  argv: StringList,
): bool {
  return out.claim(endAt).writeU64(0, endWord) == 0
    && out.claim(nameAt).writeBytes(0, name.bytes, 0, name.length) == 0
    && out.claim(envAt).writeBytes(0, envp.bytes, 0, envp.length) == 0
    && out.claim(argvAt).writeBytes(0, argv.bytes, 0, argv.length) == 0;
}

@sleeps function writeTable(
  out: UserOut, pointer: u64, words: i32, argv: StringList, argvAt: u64, envp: StringList, envAt: u64, vector: AuxiliaryVector,
): i32 {
  const table = words * 8 <= TABLE_SIZE ? takeTable() : new StaticArray<u8>(words * 8);
  writeU64(table, 0, <u64>argv.count);
  let at = storePointers(table, 8, argv, argvAt);
  at = storePointers(table, at, envp, envAt);
  for (let i = 0; i < 2 * vector.count; i++, at += 8) writeU64(table, at, vector.words[i]);
  const status = out.claim(pointer).writeBytes(0, table, 0, words * 8);
  if (table.length == TABLE_SIZE) spareTable = table;
  return status < 0 ? -Errno.EFAULT : 0;
}

@inline const TABLE_SIZE: i32 = 2048;
@kernelLock let spareTable: StaticArray<u8> | null = null;

/** A table for the common size; its own while it is written, because that may sleep. */
function takeTable(): StaticArray<u8> {
  const table = spareTable;
  spareTable = null;
  return table === null ? new StaticArray<u8>(TABLE_SIZE) : table;
}

/** Pointers to the strings of a list, and NULL. The next offset. */
function storePointers(table: StaticArray<u8>, at: i32, list: StringList, base: u64): i32 {
  let offset = 0;
  for (let i = 0; i < list.count; i++) {
    writeU64(table, at, base + <u64>offset);
    at += 8;
    offset = findByte(list.bytes, offset, list.length - offset, 0) + 1;
  }
  writeU64(table, at, 0);
  return at + 8;
}

// Claims on user memory: the only way from a number that a program passed to the bytes it means. TRUSTED.
//
// A claim knows an address and a direction (in, out, both). Making one checks nothing; each access proves that its own
// range does not wrap and lies below the user limit, then copies with fault fix-up. It does not prove that pages exist:
// faults come late, as in Linux, and give -EFAULT. Accesses may sleep (page faults). A claim belongs to one task and is
// reused by its next system call. Values read once stay put: take each field once, or `fetch` the whole structure.

import {
  linearToUser, userCompareExchange32, userFill, userRead32, userRead64, userStringToLinear, userToLinear, userWrite32,
  userWrite64,
} from "../../arch/x86_64/machine";
import { Errno } from "../abi/errno";
import { readU16, readU32, readU64 } from "../runtime/byte-access";
import { rangeFailure } from "../runtime/range-failure";

/** One past the highest user address. */
export const USER_END: u64 = 0x7fff_ffff_f000;
/** Longest path with its NUL (limits.h). */
export const PATH_MAX: u32 = 4096;
/** Bytes that `fetch` can take in one go. */
const SNAPSHOT_SIZE: u32 = 512;

/** True if `length` bytes from `address` on neither wrap nor reach past the user limit. */
@inline export function isUserRange(address: u64, length: u64): bool {
  return length <= USER_END && address <= USER_END - length;
}

/** Common part of all claims. */
export abstract class UserClaim {
  /** The address the program gave. For arithmetic and for messages; proves nothing. */
  address: u64 = 0;

  get isNull(): bool {
    return this.address == 0;
  }
}

/** A claim that the program's memory may be read. */
export class UserIn extends UserClaim {
  /** What the last successful `read…` found, zero-extended. */
  value: u64 = 0;
  private snapshot: StaticArray<u8> = new StaticArray<u8>(SNAPSHOT_SIZE);

  /** Points the claim at an address of the current program. */
  @inline claim(address: u64): UserIn {
    this.address = address;
    return this;
  }

  /** Reads the byte at `offset` into `value`. 0 or -EFAULT. */
  readU8(offset: u64): i32 {
    return this.readSmall(offset, 1);
  }

  readU16(offset: u64): i32 {
    return this.readSmall(offset, 2);
  }

  readU32(offset: u64): i32 {
    const from = this.address + offset;
    if (!isUserRange(from, 4)) return -Errno.EFAULT;
    this.value = 0;
    // SAFETY: the range was checked; the target is a field of this object, which the receiver keeps alive.
    return userRead32(changetype<usize>(this) + offsetof<UserIn>("value"), from) != 0 ? -Errno.EFAULT : 0;
  }

  readU64(offset: u64): i32 {
    const from = this.address + offset;
    if (!isUserRange(from, 8)) return -Errno.EFAULT;
    // SAFETY: as in readU32.
    return userRead64(changetype<usize>(this) + offsetof<UserIn>("value"), from) != 0 ? -Errno.EFAULT : 0;
  }

  /** Copies `length` bytes at `offset` into an array. 0 or -EFAULT (the array may then hold a part). */
  readBytes(offset: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(bytes.length, at, length);
    const from = this.address + offset;
    if (!isUserRange(from, <u64>length)) return -Errno.EFAULT;
    // SAFETY: both ranges were checked; the parameter keeps the array alive while this sleeps.
    return userToLinear(changetype<usize>(bytes) + <usize>at, from, <u32>length) != 0 ? -Errno.EFAULT : 0;
  }

  /** Takes a snapshot of `length` (at most 512) bytes at `offset`, for the `u8` … `i64` getters. 0 or -EFAULT. */
  fetch(length: u32, offset: u64 = 0): i32 {
    return this.readBytes(offset, this.snapshot, 0, <i32>length);
  }

  /** Fields of the last snapshot. */
  u8(offset: u32): u32 {
    return <u32>this.snapshot[offset];
  }

  u16(offset: u32): u32 {
    return readU16(this.snapshot, <i32>offset);
  }

  u32(offset: u32): u32 {
    return readU32(this.snapshot, <i32>offset);
  }

  u64(offset: u32): u64 {
    return readU64(this.snapshot, <i32>offset);
  }

  i16(offset: u32): i32 {
    return <i32><i16>readU16(this.snapshot, <i32>offset);
  }

  i32(offset: u32): i32 {
    return <i32>readU32(this.snapshot, <i32>offset);
  }

  i64(offset: u32): i64 {
    return <i64>readU64(this.snapshot, <i32>offset);
  }

  private readSmall(offset: u64, length: u32): i32 {
    const from = this.address + offset;
    if (!isUserRange(from, length)) return -Errno.EFAULT;
    this.value = 0;
    // SAFETY: as in readU32; little-endian bytes fill the low end of the zeroed field.
    return userToLinear(changetype<usize>(this) + offsetof<UserIn>("value"), from, length) != 0 ? -Errno.EFAULT : 0;
  }
}

/** A claim that the program's memory may be written. */
@final
export class UserOut extends UserClaim {
  /** Points the claim at an address of the current program. */
  @inline claim(address: u64): UserOut {
    this.address = address;
    return this;
  }

  /** Each writes one little-endian value at `offset`: 0 or -EFAULT. */
  writeU8(offset: u64, value: u32): i32 {
    return writeUserByte(this.address + offset, value);
  }

  writeU16(offset: u64, value: u32): i32 {
    const to = this.address + offset;
    const low = writeUserByte(to, value & 0xff);
    return low != 0 ? low : writeUserByte(to + 1, (value >> 8) & 0xff);
  }

  writeU32(offset: u64, value: u32): i32 {
    return writeUser32(this.address + offset, value);
  }

  writeI32(offset: u64, value: i32): i32 {
    return writeUser32(this.address + offset, <u32>value);
  }

  writeU64(offset: u64, value: u64): i32 {
    return writeUser64(this.address + offset, value);
  }

  writeI64(offset: u64, value: i64): i32 {
    return writeUser64(this.address + offset, <u64>value);
  }

  /** Copies `length` bytes of an array to `offset`. 0 or -EFAULT (a part may then have been written). */
  writeBytes(offset: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    return writeUserBytes(this.address + offset, bytes, at, length);
  }

  /** Sets `length` bytes at `offset` to `byte`. 0 or -EFAULT. */
  fill(offset: u64, byte: u32, length: u32): i32 {
    const to = this.address + offset;
    if (!isUserRange(to, length)) return -Errno.EFAULT;
    return userFill(to, byte, length) != 0 ? -Errno.EFAULT : 0;
  }
}

/** A claim for both directions: structures that a call reads and changes, and futex words. */
@final
export class UserInOut extends UserIn {
  /** Points the claim at an address of the current program. */
  @inline claim(address: u64): UserInOut {
    this.address = address;
    return this;
  }

  writeU8(offset: u64, value: u32): i32 {
    return writeUserByte(this.address + offset, value);
  }

  writeU16(offset: u64, value: u32): i32 {
    const to = this.address + offset;
    const low = writeUserByte(to, value & 0xff);
    return low != 0 ? low : writeUserByte(to + 1, (value >> 8) & 0xff);
  }

  writeU32(offset: u64, value: u32): i32 {
    return writeUser32(this.address + offset, value);
  }

  writeI32(offset: u64, value: i32): i32 {
    return writeUser32(this.address + offset, <u32>value);
  }

  writeU64(offset: u64, value: u64): i32 {
    return writeUser64(this.address + offset, value);
  }

  writeI64(offset: u64, value: i64): i32 {
    return writeUser64(this.address + offset, <u64>value);
  }

  writeBytes(offset: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    return writeUserBytes(this.address + offset, bytes, at, length);
  }

  /** Atomic compare and exchange of the aligned word at `offset`; what was found is in `value`. 0 or -EFAULT. */
  compareExchangeU32(offset: u64, expected: u32, desired: u32): i32 {
    const at = this.address + offset;
    if (!isUserRange(at, 4)) return -Errno.EFAULT;
    this.value = 0;
    // SAFETY: the range was checked; the target is a field of this live object.
    const found = changetype<usize>(this) + offsetof<UserInOut>("value");
    return userCompareExchange32(at, expected, desired, found) != 0 ? -Errno.EFAULT : 0;
  }
}

/** Where a path is copied to: `bytes[0 .. length)`, followed by a NUL. */
@final
export class PathBuffer {
  bytes: StaticArray<u8> = new StaticArray<u8>(PATH_MAX);
  length: i32 = 0;
}

/** A claim on a NUL-terminated string. */
@final
export class UserPath extends UserClaim {
  /** Points the claim at an address of the current program. */
  @inline claim(address: u64): UserPath {
    this.address = address;
    return this;
  }

  /** Copies the path. 0, -EFAULT, or -ENAMETOOLONG if no NUL comes within PATH_MAX bytes. An empty path is no error. */
  fetch(buffer: PathBuffer): i32 {
    const length = this.fetchString(buffer.bytes, 0, <i32>PATH_MAX);
    if (length < 0) return length;
    buffer.length = length;
    return 0;
  }

  /**
   * Copies the string with its NUL to `bytes[at ...]`, at most `max` bytes in all.
   * Length without the NUL, -EFAULT, or -ENAMETOOLONG if no NUL came within `max` bytes (`max` bytes are then there).
   */
  fetchString(bytes: StaticArray<u8>, at: i32, max: i32): i32 {
    if (<u64><u32>at + <u64><u32>max > <u64>bytes.length) rangeFailure(bytes.length, at, max);
    const from = this.address;
    if (from >= USER_END) return -Errno.EFAULT;
    const reachable = <u32>min<u64>(<u64>max, USER_END - from);
    // SAFETY: the array range was checked, the user range ends at the user limit.
    const length = userStringToLinear(changetype<usize>(bytes) + <usize>at, from, reachable);
    if (length < 0) return -Errno.EFAULT;
    if (<u32>length < reachable) return length;
    return reachable < <u32>max ? -Errno.EFAULT : -Errno.ENAMETOOLONG;
  }
}

function writeUserByte(to: u64, value: u32): i32 {
  if (!isUserRange(to, 1)) return -Errno.EFAULT;
  return userFill(to, value & 0xff, 1) != 0 ? -Errno.EFAULT : 0;
}

function writeUser32(to: u64, value: u32): i32 {
  if (!isUserRange(to, 4)) return -Errno.EFAULT;
  return userWrite32(to, value) != 0 ? -Errno.EFAULT : 0;
}

function writeUser64(to: u64, value: u64): i32 {
  if (!isUserRange(to, 8)) return -Errno.EFAULT;
  return userWrite64(to, value) != 0 ? -Errno.EFAULT : 0;
}

function writeUserBytes(to: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
  if (<u64><u32>at + <u64><u32>length > <u64>bytes.length) rangeFailure(bytes.length, at, length);
  if (!isUserRange(to, <u64>length)) return -Errno.EFAULT;
  // SAFETY: both ranges were checked; the parameter keeps the array alive while this sleeps.
  return linearToUser(to, changetype<usize>(bytes) + <usize>at, <u32>length) != 0 ? -Errno.EFAULT : 0;
}

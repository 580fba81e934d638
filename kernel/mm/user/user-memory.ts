// Claims on user memory: the only way from a number that a program passed to the bytes it means.
//
// A claim knows an address and a direction (in, out, both). Making one checks nothing; each access proves that its own
// range does not wrap and lies below the user limit (user-access.ts). It does not prove that pages exist: faults come
// late, as in Linux, and give -EFAULT. Accesses may sleep (page faults). A claim belongs to one task and is reused by its
// next system call. Values read once stay put: take each field once, or `fetch` the whole structure.

import { Errno } from "../../abi/errno";
import { readU16, readU32, readU64 } from "../../runtime/text/byte-access";
import {
  UserWord, copyFromUser, copyStringFromUser, copyToUser, fillUser, writeUser32, writeUser64, writeUserByte,
} from "./user-access";
import { PATH_MAX } from "../../abi/fcntl";

/** Bytes that `fetch` can take in one go. */
const SNAPSHOT_SIZE: u32 = 512;

/** A claim that the program's memory may be read: `value` is what the last successful `read…` found. */
export class UserIn extends UserWord {
  /** The address the program gave. For arithmetic and for messages; proves nothing. */
  address: u64 = 0;
  private snapshot: StaticArray<u8> = new StaticArray<u8>(SNAPSHOT_SIZE);

  /** Points the claim at an address of the current program. */
  @inline claim(address: u64): UserIn {
    this.address = address;
    return this;
  }

  get isNull(): bool {
    return this.address == 0;
  }

  /** Reads the byte at `offset` into `value`. 0 or -EFAULT. */
  @sleeps readU8(offset: u64): i32 {
    return this.load(this.address + offset, 1);
  }

  @sleeps readU16(offset: u64): i32 {
    return this.load(this.address + offset, 2);
  }

  @sleeps readU32(offset: u64): i32 {
    return this.load32(this.address + offset);
  }

  @sleeps readU64(offset: u64): i32 {
    return this.load64(this.address + offset);
  }

  /** Copies `length` bytes at `offset` into an array. 0 or -EFAULT (the array may then hold a part). */
  @sleeps readBytes(offset: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    return copyFromUser(bytes, at, this.address + offset, <u32>length) != 0 ? -Errno.EFAULT : 0;
  }

  /** Takes a snapshot of `length` (at most 512) bytes at `offset`, for the `u8` … `i64` getters. 0 or -EFAULT. */
  @sleeps fetch(length: u32, offset: u64 = 0): i32 {
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
}

/** What the claims that read no single values have in common. */
export abstract class UserClaim {
  /** As UserIn's. */
  address: u64 = 0;

  get isNull(): bool {
    return this.address == 0;
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
  @sleeps writeU8(offset: u64, value: u32): i32 {
    return writeUserByte(this.address + offset, value);
  }

  @sleeps writeU16(offset: u64, value: u32): i32 {
    return writeUserShort(this.address + offset, value);
  }

  @sleeps writeU32(offset: u64, value: u32): i32 {
    return writeUser32(this.address + offset, value);
  }

  @sleeps writeI32(offset: u64, value: i32): i32 {
    return writeUser32(this.address + offset, <u32>value);
  }

  @sleeps writeU64(offset: u64, value: u64): i32 {
    return writeUser64(this.address + offset, value);
  }

  @sleeps writeI64(offset: u64, value: i64): i32 {
    return writeUser64(this.address + offset, <u64>value);
  }

  /** Copies `length` bytes of an array to `offset`. 0 or -EFAULT (a part may then have been written). */
  @sleeps writeBytes(offset: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    return writeUserBytes(this.address + offset, bytes, at, length);
  }

  /** Sets `length` bytes at `offset` to `byte`. 0 or -EFAULT. */
  @sleeps fill(offset: u64, byte: u32, length: u32): i32 {
    return fillUser(this.address + offset, byte, length) != 0 ? -Errno.EFAULT : 0;
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

  @sleeps writeU8(offset: u64, value: u32): i32 {
    return writeUserByte(this.address + offset, value);
  }

  @sleeps writeU16(offset: u64, value: u32): i32 {
    return writeUserShort(this.address + offset, value);
  }

  @sleeps writeU32(offset: u64, value: u32): i32 {
    return writeUser32(this.address + offset, value);
  }

  @sleeps writeI32(offset: u64, value: i32): i32 {
    return writeUser32(this.address + offset, <u32>value);
  }

  @sleeps writeU64(offset: u64, value: u64): i32 {
    return writeUser64(this.address + offset, value);
  }

  @sleeps writeI64(offset: u64, value: i64): i32 {
    return writeUser64(this.address + offset, <u64>value);
  }

  @sleeps writeBytes(offset: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    return writeUserBytes(this.address + offset, bytes, at, length);
  }

  /** Atomic compare and exchange of the aligned word at `offset`; what was found is in `value`. 0 or -EFAULT. */
  @sleeps compareExchangeU32(offset: u64, expected: u32, desired: u32): i32 {
    return this.exchange32(this.address + offset, expected, desired);
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
  @sleeps fetch(buffer: PathBuffer): i32 {
    const length = this.fetchString(buffer.bytes, 0, PATH_MAX);
    if (length < 0) return length;
    buffer.length = length;
    return 0;
  }

  /**
   * Copies the string with its NUL to `bytes[at ...]`, at most `max` bytes in all.
   * Length without the NUL, -EFAULT, or -ENAMETOOLONG if no NUL came within `max` bytes (`max` bytes are then there).
   */
  @sleeps fetchString(bytes: StaticArray<u8>, at: i32, max: i32): i32 {
    return copyStringFromUser(bytes, at, this.address, max);
  }
}

@sleeps function writeUserShort(to: u64, value: u32): i32 {
  const low = writeUserByte(to, value);
  return low != 0 ? low : writeUserByte(to + 1, value >> 8);
}

@sleeps function writeUserBytes(to: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
  return copyToUser(to, bytes, at, <u32>length) != 0 ? -Errno.EFAULT : 0;
}

// Reading ELF files for execve(2): header and program headers, all hostile input (elf(5), System V ABI chapter 4 and 5).
// Nothing is mapped here (elf-map.ts does that). Sleeps (file reads).

import { ElfHeader, ElfProgramHeader } from "../../abi/generated/structs";
import { touchesWrapWindow } from "../../../arch/x86_64/memory/kernel-mapping";
import { Errno } from "../../abi/errno";
import { IoDestination } from "../../mm/user/io-buffer";
import { readU16, readU32, readU64 } from "../../runtime/text/byte-access";
import { OpenFile } from "../../vfs/file/open-file";
import { ELF_MACHINE } from "../user-context";
import { PATH_MAX } from "../../abi/fcntl";
import { PAGE } from "../../abi/page";

@inline const MAGIC: u32 = 0x464c457f;
@inline const CLASS_64_LITTLE: u32 = 0x0102;
/** Program headers take at most 64 KiB. */
@inline const MAX_HEADERS: u32 = 65536 / 56;

export namespace ElfType {
  @inline export const EXEC: u32 = 2;
  @inline export const DYN: u32 = 3;
}

export namespace SegmentType {
  @inline export const LOAD: u32 = 1;
  @inline export const INTERP: u32 = 3;
  @inline export const GNU_STACK: u32 = 0x6474e551;
}

@final
export class ElfImage {
  type: u32 = 0;
  entry: u64 = 0;
  headerOffset: u64 = 0;
  count: i32 = 0;
  /** The program headers as in the file. */
  headers: StaticArray<u8> = new StaticArray<u8>(0);

  /** Takes the header from the file's first bytes. 0 or -ENOEXEC. */
  parse(start: StaticArray<u8>): i32 {
    if (readU32(start, 0) != MAGIC || readU16(start, 4) != CLASS_64_LITTLE) return -Errno.ENOEXEC;
    this.type = readU16(start, <i32>ElfHeader.e_type);
    if (this.type != ElfType.EXEC && this.type != ElfType.DYN) return -Errno.ENOEXEC;
    if (readU16(start, <i32>ElfHeader.e_machine) != ELF_MACHINE) return -Errno.ENOEXEC;
    if (readU16(start, <i32>ElfHeader.e_phentsize) != ElfProgramHeader.SIZE) return -Errno.ENOEXEC;
    const count = readU16(start, <i32>ElfHeader.e_phnum);
    if (count < 1 || count > MAX_HEADERS) return -Errno.ENOEXEC;
    this.count = <i32>count;
    this.entry = readU64(start, <i32>ElfHeader.e_entry);
    this.headerOffset = readU64(start, <i32>ElfHeader.e_phoff);
    return 0;
  }

  /** Reads the program headers. 0 or -errno. */
  @sleeps readHeaders(file: OpenFile, to: IoDestination): i32 {
    const size = this.count * <i32>ElfProgramHeader.SIZE;
    this.headers = new StaticArray<u8>(size);
    return readExactly(file, this.headerOffset, this.headers, size, to);
  }

  segmentType(index: i32): u32 { return readU32(this.headers, this.at(index, ElfProgramHeader.p_type)); }
  flags(index: i32): u32 { return readU32(this.headers, this.at(index, ElfProgramHeader.p_flags)); }
  offset(index: i32): u64 { return readU64(this.headers, this.at(index, ElfProgramHeader.p_offset)); }
  address(index: i32): u64 { return readU64(this.headers, this.at(index, ElfProgramHeader.p_vaddr)); }
  fileSize(index: i32): u64 { return readU64(this.headers, this.at(index, ElfProgramHeader.p_filesz)); }
  memorySize(index: i32): u64 { return readU64(this.headers, this.at(index, ElfProgramHeader.p_memsz)); }
  alignment(index: i32): u64 { return readU64(this.headers, this.at(index, ElfProgramHeader.p_align)); }

  /** A segment of a program with fixed addresses lies where programs can have nothing (kernel-mapping.ts). */
  get needsWrapWindow(): bool {
    if (this.type != ElfType.EXEC) return false;
    for (let i = 0; i < this.count; i++) {
      if (this.segmentType(i) != SegmentType.LOAD) continue;
      const start = this.address(i);
      if (touchesWrapWindow(start, start + this.memorySize(i))) return true;
    }
    return false;
  }

  /** The first header of a type, or -1. */
  find(type: u32): i32 {
    for (let i = 0; i < this.count; i++) {
      if (this.segmentType(i) == type) return i;
    }
    return -1;
  }

  /** True unless PT_GNU_STACK says that the stack is not executable; without one it is not either on x86-64. */
  get wantsExecutableStack(): bool {
    const index = this.find(SegmentType.GNU_STACK);
    return index >= 0 && (this.flags(index) & 1) != 0;
  }

  /** Largest alignment of a loadable segment that is a power of two; at least a page. */
  get largestAlignment(): u64 {
    let largest = PAGE;
    for (let i = 0; i < this.count; i++) {
      if (this.segmentType(i) != SegmentType.LOAD) continue;
      const alignment = this.alignment(i);
      if ((alignment & (alignment - 1)) == 0 && alignment > largest) largest = alignment;
    }
    return largest;
  }

  /** Where the program headers are in the loaded image (not biased), 0 if no segment holds them. */
  get headersInMemory(): u64 {
    for (let i = 0; i < this.count; i++) {
      if (this.segmentType(i) != SegmentType.LOAD) continue;
      const start = this.offset(i);
      if (this.headerOffset >= start && this.headerOffset - start < this.fileSize(i)) {
        return this.headerOffset - start + this.address(i);
      }
    }
    return 0;
  }

  /** Path in PT_INTERP without its NUL; null: none, or malformed (`error` then says so). */
  @sleeps interpreter(file: OpenFile, to: IoDestination): StaticArray<u8> | null {
    this.error = 0;
    const index = this.find(SegmentType.INTERP);
    if (index < 0) return null;
    const size = this.fileSize(index);
    this.error = -Errno.ENOEXEC;
    if (size > <u64>PATH_MAX || size < 2) return null;
    const bytes = new StaticArray<u8>(<i32>size);
    const status = readExactly(file, this.offset(index), bytes, <i32>size, to);
    if (status < 0) {
      this.error = status;
      return null;
    }
    if (bytes[<i32>size - 1] != 0) return null;
    this.error = 0;
    let length = 0;
    while (bytes[length] != 0) length++;
    const path = new StaticArray<u8>(length);
    for (let i = 0; i < length; i++) path[i] = bytes[i];
    return path;
  }

  error: i32 = 0;

  private at(index: i32, field: u32): i32 {
    return index * <i32>ElfProgramHeader.SIZE + <i32>field;
  }
}

/** Reads `size` bytes: 0, -EIO when the file is shorter, or -errno. */
@sleeps export function readExactly(file: OpenFile, offset: u64, bytes: StaticArray<u8>, size: i32, to: IoDestination): i32 {
  if (<i64>offset < 0) return -Errno.EINVAL;
  const count = file.readAt(<i64>offset, to.claimBytes(bytes, 0, size));
  if (count < 0) return <i32>count;
  return count == <i64>size ? 0 : -Errno.EIO;
}

// Mapping an ELF image into a fresh address space: segments, bss, and where a position-independent image goes.
//
// The space need not be active; what has to be zeroed at the end of file pages is remembered and done by
// `zeroTails` once it is. Placement follows Linux: programs with an interpreter at two thirds of user space,
// static PIE and interpreters in the mmap area. May sleep (truncating other mappings never does; page faults in zeroTails).

import { Errno } from "../../abi/errno";
import { MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_PRIVATE } from "../../abi/mman";
import { AddressSpace } from "../../mm/space/address-space";
import { mapAnonymous, mapRegion } from "../../mm/space/map";
import { unmapRegion } from "../../mm/space/unmap";
import { MapRequest } from "../../mm/cache/mapped-object";
import { UserOut } from "../../mm/user/user-memory";
import { OpenFile } from "../../vfs/file/open-file";
import { ElfImage, ElfType, SegmentType } from "./elf-image";
import { PAGE, PAGE_MASK, USER_END } from "../../abi/page";

/** Two thirds of user space. */
@inline export const DYNAMIC_BASE: u64 = 0x5555_5555_4000;
@inline const TAILS: i32 = 16;

function pageDown(address: u64): u64 { return address & ~PAGE_MASK; }
function pageUp(address: u64): u64 { return (address + PAGE_MASK) & ~PAGE_MASK; }

@final
export class LoadedImage {
  /** Added to all addresses of the file. */
  bias: u64 = 0;
  /** End of the highest segment: where brk begins. */
  end: u64 = 0;
  startData: u64 = 0;
  endData: u64 = 0;
  startCode: u64 = 0;
  endCode: u64 = 0;
  /** Ends of file pages in which a bss begins: start and end, pairs. */
  private readonly tails: StaticArray<u64> = new StaticArray<u64>(2 * TAILS);
  private tailCount: i32 = 0;
  private readonly request: MapRequest = new MapRequest();

  /**
   * Maps all segments. `base`: place for position-independent images, 0: the mmap area decides. 0 or -errno; after an
   * error the space is good for nothing.
   */
  @sleeps map(space: AddressSpace, image: ElfImage, file: OpenFile, base: u64): i32 {
    this.tailCount = 0;
    this.bias = 0;
    this.end = 0;
    this.startCode = u64.MAX_VALUE;
    this.endCode = 0;
    this.startData = 0;
    this.endData = 0;
    if (image.type == ElfType.DYN) {
      const placed = this.place(space, image, base);
      if (placed < 0) return placed;
    }
    for (let i = 0; i < image.count; i++) {
      if (image.segmentType(i) != SegmentType.LOAD) continue;
      const status = this.mapSegment(space, image, i, file);
      if (status < 0) return status;
    }
    return this.end == 0 ? -Errno.ENOEXEC : 0;
  }

  /** Zeroes the ends of file pages. The space must be active. 0 or -EFAULT. Sleeps. */
  @sleeps zeroTails(out: UserOut): i32 {
    for (let i = 0; i < this.tailCount; i++) {
      const start = this.tails[2 * i];
      const length = <i32>(this.tails[2 * i + 1] - start);
      if (out.claim(start).fill(0, 0, length) < 0) return -Errno.EFAULT;
    }
    return 0;
  }

  /** Finds a range for the whole image and sets the bias. */
  @sleeps private place(space: AddressSpace, image: ElfImage, base: u64): i32 {
    let low = u64.MAX_VALUE;
    let high: u64 = 0;
    for (let i = 0; i < image.count; i++) {
      if (image.segmentType(i) != SegmentType.LOAD) continue;
      const start = pageDown(image.address(i));
      const end = image.address(i) + image.memorySize(i);
      if (end < image.address(i) || end > USER_END) return -Errno.EINVAL;
      if (start < low) low = start;
      if (end > high) high = end;
    }
    if (high <= low) return -Errno.ENOEXEC;
    const alignment = image.largestAlignment;
    const length = pageUp(high) - low;
    if (base != 0) {
      this.bias = ((base + alignment - 1) & ~(alignment - 1)) - low;
      return 0;
    }
    // A range with room to align within; it is given back, and nobody can take it before the segments do.
    const found = mapAnonymous(space, 0, length + alignment - PAGE, 0, MAP_PRIVATE);
    if (found < 0) return <i32>found;
    const unmapped = unmapRegion(space, <u64>found, length + alignment - PAGE);
    if (unmapped < 0) return unmapped;
    this.bias = ((<u64>found + alignment - 1) & ~(alignment - 1)) - low;
    return 0;
  }

  @sleeps private mapSegment(space: AddressSpace, image: ElfImage, index: i32, file: OpenFile): i32 {
    const fileSize = image.fileSize(index);
    const memorySize = image.memorySize(index);
    const start = image.address(index) + this.bias;
    if (fileSize > memorySize || memorySize > USER_END || start > USER_END - memorySize) return -Errno.EINVAL;
    const flags = image.flags(index);
    const protection = ((flags & 4) != 0 ? 1 : 0) | (flags & 2) | ((flags & 1) != 0 ? 4 : 0);
    const fileEnd = start + fileSize;
    if (fileSize != 0) {
      const status = this.mapFile(space, file, start, fileEnd, image.offset(index), protection, image.type);
      if (status < 0) return status;
    }
    if (memorySize > fileSize) {
      const status = this.mapBss(space, fileSize == 0 ? pageDown(start) : fileEnd, start + memorySize, protection);
      if (status < 0) return status;
    }
    this.note(start, fileEnd, start + memorySize, (flags & 1) != 0);
    return 0;
  }

  @sleeps private mapFile(space: AddressSpace, file: OpenFile, start: u64, end: u64, offset: u64, protection: u32, type: u32): i32 {
    const lead = start & PAGE_MASK;
    if (offset < lead || ((offset - lead) & PAGE_MASK) != 0) return -Errno.EINVAL;
    const object = file.mappedObject();
    if (object === null) return -Errno.ENODEV;
    const request = this.request.clear();
    request.address = start - lead;
    request.length = end - start + lead;
    request.offset = offset - lead;
    request.protection = protection;
    request.object = object;
    request.mayMapLow = true;
    request.flags = MAP_PRIVATE | (type == ElfType.EXEC && this.end == 0 ? MAP_FIXED_NOREPLACE : MAP_FIXED);
    const mapped = mapRegion(space, request);
    request.object = null;
    return mapped < 0 ? <i32>mapped : 0;
  }

  /** Zero memory from `start`, which may lie within a file page, to `end`. */
  @sleeps private mapBss(space: AddressSpace, start: u64, end: u64, protection: u32): i32 {
    const firstPage = pageUp(start);
    if (start < firstPage) {
      // A tail in read-only memory cannot be zeroed: Linux leaves it alone unless it is the last segment's.
      if ((protection & 2) != 0) {
        if (this.tailCount == TAILS) return -Errno.ENOEXEC;
        this.tails[2 * this.tailCount] = start;
        // To the end of the page, not only of the bss, as Linux does: the dynamic loader allocates its first memory there.
        this.tails[2 * this.tailCount + 1] = firstPage;
        this.tailCount++;
      }
    }
    if (pageUp(end) <= firstPage) return 0;
    const mapped = mapAnonymous(space, firstPage, pageUp(end) - firstPage, protection, MAP_PRIVATE | MAP_FIXED);
    return mapped < 0 ? <i32>mapped : 0;
  }

  private note(start: u64, fileEnd: u64, end: u64, isCode: bool): void {
    if (end > this.end) this.end = end;
    if (start < this.startCode) this.startCode = start;
    if (start > this.startData) this.startData = start;
    if (isCode && fileEnd > this.endCode) this.endCode = fileEnd;
    if (fileEnd > this.endData) this.endData = fileEnd;
  }
}

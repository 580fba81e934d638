// Constants of mmap(2), mprotect(2), mremap(2), madvise(2), msync(2) and mlock(2) on x86-64 Linux.

@inline export const PROT_NONE: u32 = 0;
@inline export const PROT_READ: u32 = 1;
@inline export const PROT_WRITE: u32 = 2;
@inline export const PROT_EXEC: u32 = 4;
@inline export const PROT_SEM: u32 = 8;
@inline export const PROT_GROWSDOWN: u32 = 0x0100_0000;
@inline export const PROT_GROWSUP: u32 = 0x0200_0000;

@inline export const MAP_SHARED: u32 = 1;
@inline export const MAP_PRIVATE: u32 = 2;
@inline export const MAP_SHARED_VALIDATE: u32 = 3;
@inline export const MAP_TYPE: u32 = 0xf;
@inline export const MAP_FIXED: u32 = 0x10;
@inline export const MAP_ANONYMOUS: u32 = 0x20;
@inline export const MAP_32BIT: u32 = 0x40;
@inline export const MAP_GROWSDOWN: u32 = 0x100;
@inline export const MAP_DENYWRITE: u32 = 0x800;
@inline export const MAP_EXECUTABLE: u32 = 0x1000;
@inline export const MAP_LOCKED: u32 = 0x2000;
@inline export const MAP_NORESERVE: u32 = 0x4000;
@inline export const MAP_POPULATE: u32 = 0x8000;
@inline export const MAP_NONBLOCK: u32 = 0x1_0000;
@inline export const MAP_STACK: u32 = 0x2_0000;
@inline export const MAP_HUGETLB: u32 = 0x4_0000;
@inline export const MAP_SYNC: u32 = 0x8_0000;
@inline export const MAP_FIXED_NOREPLACE: u32 = 0x10_0000;
/** MAP_SHARED_VALIDATE takes these and no others. */
@inline export const MAP_VALIDATED: u32 = 0x7f97b | 0x7c00_0000;

@inline export const MREMAP_MAYMOVE: u32 = 1;
@inline export const MREMAP_FIXED: u32 = 2;
@inline export const MREMAP_DONTUNMAP: u32 = 4;

@inline export const MS_ASYNC: u32 = 1;
@inline export const MS_INVALIDATE: u32 = 2;
@inline export const MS_SYNC: u32 = 4;

@inline export const MCL_CURRENT: u32 = 1;
@inline export const MCL_FUTURE: u32 = 2;
@inline export const MCL_ONFAULT: u32 = 4;
@inline export const MLOCK_ONFAULT: u32 = 1;

export namespace Advice {
  @inline export const NORMAL: i32 = 0;
  @inline export const RANDOM: i32 = 1;
  @inline export const SEQUENTIAL: i32 = 2;
  @inline export const WILLNEED: i32 = 3;
  @inline export const DONTNEED: i32 = 4;
  @inline export const FREE: i32 = 8;
  @inline export const REMOVE: i32 = 9;
  @inline export const DONTFORK: i32 = 10;
  @inline export const DOFORK: i32 = 11;
  @inline export const MERGEABLE: i32 = 12;
  @inline export const UNMERGEABLE: i32 = 13;
  @inline export const HUGEPAGE: i32 = 14;
  @inline export const NOHUGEPAGE: i32 = 15;
  @inline export const DONTDUMP: i32 = 16;
  @inline export const DODUMP: i32 = 17;
  @inline export const WIPEONFORK: i32 = 18;
  @inline export const KEEPONFORK: i32 = 19;
  @inline export const COLD: i32 = 20;
  @inline export const PAGEOUT: i32 = 21;
  @inline export const POPULATE_READ: i32 = 22;
  @inline export const POPULATE_WRITE: i32 = 23;
  @inline export const DONTNEED_LOCKED: i32 = 24;
}

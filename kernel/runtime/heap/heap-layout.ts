// How the kernel heap lies in linear memory: constants and the page descriptor. TRUSTED.
//
//   0 .. __data_end   static data (strings, static arrays, tables)
//   __heap_base ..    directory: one word for each possible 64 KiB chunk, pointing to the chunk's 16 descriptors
//   heapStart ..      heap pages of 4 KiB, to heapEnd (= the end of linear memory)
//
// A page holds blocks of one size class, or is part of a large block, or is free. Any address leads to its block:
// directory -> descriptor -> (offset * reciprocal) >> 23.
//
// ╒════════════ Block ═════════════╕   A free block has FREE_ID for runtime id, the next free block for size, and
// │ runtime id                     │ 0 zeroes behind (a pattern in stress mode). Compiled code reads the runtime id
// │ size in bytes                  │ 4 at -8 and the size at -4 of an object; asc's further 12 header bytes are used
// ╞> object ═══════════════════════╡ 8 by nothing but asc's own runtimes, so blocks do without.
// │ ...                            │
// └────────────────────────────────┘

@safe @inline @lazy export const PAGE_BITS: usize = 12;
@safe @inline @lazy export const PAGE_SIZE: usize = 1 << PAGE_BITS;
@safe @inline @lazy export const PAGE_MASK: usize = PAGE_SIZE - 1;
/** Linear memory grows in chunks of this many bits (a WebAssembly page). */
@safe @inline @lazy export const CHUNK_BITS: usize = 16;
@safe @inline @lazy export const CHUNK_SIZE: usize = 1 << CHUNK_BITS;
@safe @inline @lazy export const PAGES_PER_CHUNK: usize = CHUNK_SIZE >> PAGE_BITS;
/** Linear memory has at most 1 GiB (machine contract). */
@safe @inline @lazy export const CHUNK_LIMIT: usize = 16384;

/** Bytes in front of an object. */
@safe @inline @lazy export const HEADER_SIZE: usize = 8;
/** Runtime id of a block that is free. */
@safe @inline @lazy export const FREE_ID: u32 = 0xffff_ffff;
/** Runtime id of a block from `__alloc`: scanned conservatively, alive until `__free`. */
@safe @inline @lazy export const RAW_ID: u32 = 0xffff_fffe;
/** The byte that fills free blocks in stress mode. */
@safe @inline @lazy export const POISON: u8 = 0xdb;

@safe export namespace PageKind {
  /** Not part of the heap (must be 0: fresh descriptors are zero). */
  @inline export const OUTSIDE: u8 = 0;
  /** Part of a free run. */
  @inline export const FREE: u8 = 1;
  /** Blocks of one size class. */
  @inline export const SMALL: u8 = 2;
  /** First page of a large block. */
  @inline export const LARGE: u8 = 3;
  /** Further page of a large block. */
  @inline export const LARGE_REST: u8 = 4;
  /** Descriptors, mark stack. */
  @inline export const META: u8 = 5;
}

/** Shift that belongs to `reciprocal`: exact for offsets below 4096 and blocks of 16 to 2048 bytes. */
@safe @inline @lazy export const RECIPROCAL_SHIFT: u32 = 23;
@safe @inline @lazy export const DESCRIPTOR_BITS: usize = 6;

/** What the heap knows about a page: 64 bytes. */
@unsafe @final @unmanaged
export class PageDescriptor {
  kind: u8;
  sizeClass: u8;
  /** SMALL: free blocks in `freeHead`'s list. */
  freeCount: u16;
  /** SMALL: bytes of a block. LARGE: bytes of the whole run. */
  blockSize: u32;
  /** SMALL: ceil(2^23 / blockSize). LARGE, first page of a FREE run: number of pages. */
  reciprocal: u32;
  /** SMALL: first free block, when the list is not in use. LARGE_REST, last page of a FREE run: the first descriptor. */
  freeHead: usize;
  /** Address of the page. */
  base: usize;
  /** Neighbours in the list of the size class, of large blocks, or of free runs of about that length. */
  next: usize;
  previous: usize;
  /** SMALL: next page of the class that has free blocks. */
  nextPartial: usize;
  /** One mark bit a block, by block number; LARGE: bit 0. */
  marks0: u64;
  marks1: u64;
  marks2: u64;
  marks3: u64;
}

@safe @inline @lazy export const MARKS_OFFSET: usize = offsetof<PageDescriptor>("marks0");

if (offsetof<PageDescriptor>() != 64) ERROR("a page descriptor has 64 bytes");

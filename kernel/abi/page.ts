// Pages and the range of user addresses, as programs on x86-64 see them.

/** Bytes of a page (AT_PAGESZ), the same as a shift, and the bits within a page. */
@inline export const PAGE: u64 = 4096;
@inline export const PAGE_SHIFT: u64 = 12;
@inline export const PAGE_MASK: u64 = PAGE - 1;

/** One past the highest user address: the last page of the lower half is left free, as on Linux. */
@inline export const USER_END: u64 = 0x7fff_ffff_f000;

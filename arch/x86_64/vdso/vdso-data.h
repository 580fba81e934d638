/* The page that the kernel and the vDSO share, right before the vDSO's first page in every address space.
 *
 * The kernel writes it (arch/x86_64/vdso/vdso-page.ts), programs read it. It is consistent when `sequence` is even and the
 * same before and after reading. Nanoseconds of CLOCK_MONOTONIC are ((tsc - base_tsc) * mult) >> shift; CLOCK_REALTIME is
 * realtime_offset more. Offsets are part of the contract with vdso-page.ts. */
#ifndef TYPIX_VDSO_DATA_H
#define TYPIX_VDSO_DATA_H
#include <stddef.h>
#include <stdint.h>

struct vdso_data {
  uint32_t sequence;
  uint32_t is_tsc_usable; /* 0: system calls */
  uint64_t base_tsc;
  uint32_t mult;
  uint32_t shift;         /* at most 32 */
  uint64_t realtime_offset;
};
_Static_assert(offsetof(struct vdso_data, base_tsc) == 8 && offsetof(struct vdso_data, mult) == 16 &&
               offsetof(struct vdso_data, realtime_offset) == 24, "vdso-page.ts writes these");
#endif

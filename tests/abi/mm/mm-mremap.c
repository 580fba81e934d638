/* mremap(2): errno, growing, shrinking, moving, MREMAP_FIXED and MREMAP_DONTUNMAP.
   covers: mremap */
#include "../support/observe.h"
#include <stdint.h>
#include <sys/syscall.h>

#define P 4096UL
static char *const base = (char *)0x400000000;

static char *map(unsigned long page, unsigned long pages) {
  return mmap(base + page * P, pages * P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}
static long remap(void *old, size_t old_size, size_t new_size, unsigned long flags, void *to) {
  long result = syscall(SYS_mremap, old, old_size, new_size, flags, to);
  if (result == -1) return -1;
  if (result >= (long)base && result < (long)base + 1000 * (long)P) return (result - (long)base) / (long)P;
  return 9999;
}
#define SHOWREMAP(...) SHOW_AS("mremap(" #__VA_ARGS__ ")", remap(__VA_ARGS__))

int main(void) {
  map(0, 4);
  map(6, 1);
  base[P] = 'x';
  SHOWREMAP(base + 1, P, P, 0, 0);
  SHOWREMAP(base, P, P, 8, 0);
  SHOWREMAP(base, P, P, 1UL << 32, 0);
  SHOWREMAP(base, P, P, MREMAP_FIXED, base + 20 * P);
  SHOWREMAP(base, P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
  SHOWREMAP(base, P, P, MREMAP_DONTUNMAP, 0);
  SHOWREMAP(base, P, 0, 0, 0);
  SHOWREMAP(base, 0, P, MREMAP_MAYMOVE, 0);
  SHOWREMAP(base, 4 * P, SIZE_MAX, MREMAP_MAYMOVE, 0);
  SHOWREMAP(base + 50 * P, P, P, 0, 0);
  SHOWREMAP(base, 5 * P, 6 * P, MREMAP_MAYMOVE, 0);
  SHOWREMAP(base, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, base + 2 * P);
  SHOWREMAP(base, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, base + 20 * P + 1);
  SHOWREMAP(base, 4 * P, 4 * P, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0xffff800000000000);
  SHOWREMAP(base, 4 * P, 6 * P, 0, 0);
  SHOWREMAP(base, 4 * P, 7 * P, 0, 0);
  SHOWREMAP(base, 6 * P, 5 * P, 0, 0);
  SHOWREMAP(base, 5 * P, 5 * P, 0, 0);
  SHOWREMAP(base, 2 * P, 3 * P, 0, 0);
  SHOWREMAP(base, 5 * P, 8 * P, MREMAP_MAYMOVE | MREMAP_FIXED, base + 100 * P);
  NOTE("moved %c", base[101 * P]);
  SHOW(msync(base, P, MS_ASYNC));
  SHOW(msync(base + 107 * P, P, MS_ASYNC));
  SHOWREMAP(base + 100 * P, 8 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, base + 200 * P);
  NOTE("moved %c", base[201 * P]);
  SHOW(msync(base + 104 * P, P, MS_ASYNC));
  SHOWREMAP(base + 200 * P, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP | MREMAP_FIXED, base + 300 * P);
  NOTE("moved %c, left %d", base[301 * P], base[201 * P]);
  SHOWREMAP(base + 300 * P, 4096, 4 * P, MREMAP_MAYMOVE, 0);
  char *shared = mmap(NULL, 2 * P, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  shared[P] = 's';
  char *second = mremap(shared, 0, 2 * P, MREMAP_MAYMOVE);
  NOTE("second view %c", second == MAP_FAILED ? '-' : second[P]);
  if (second != MAP_FAILED) { second[0] = 't'; NOTE("seen in the first %c", shared[0]); }
  char *sealed = mremap(shared, 2 * P, 4 * P, MREMAP_MAYMOVE);
  NOTE("grown %s, %c", sealed == MAP_FAILED ? "no" : "yes", sealed == MAP_FAILED ? '-' : sealed[P]);
  return 0;
}

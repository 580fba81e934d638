/* madvise(2), mincore(2), msync(2): errno and effects.
   covers: madvise mincore msync */
#include "../support/observe.h"
#include <fcntl.h>
#include <stdint.h>

#define P 4096UL
static char *const base = (char *)0x500000000;
static unsigned char vector[64];

static char *map(unsigned long page, unsigned long pages, int flags) {
  return mmap(base + page * P, pages * P, PROT_READ | PROT_WRITE, flags | MAP_FIXED, -1, 0);
}
static void residency(const char *when, void *at, size_t pages) {
  memset(vector, 7, sizeof vector);
  int result = mincore(at, pages * P, vector);
  printf("%s: %d ", when, result);
  for (size_t i = 0; i <= pages; i++) printf("%d", vector[i]);
  putchar('\n');
}

int main(void) {
  const int anon = MAP_PRIVATE | MAP_ANONYMOUS;
  map(0, 8, anon);
  SHOW(madvise(base, P, -1));
  SHOW(madvise(base, P, 5));
  SHOW(madvise(base, P, 7));
  SHOW(madvise(base, P, 99));
  SHOW(madvise(base + 1, P, MADV_DONTNEED));
  SHOW(madvise(base + 1, P, 99));
  SHOW(madvise(base, 0, MADV_DONTNEED));
  SHOW(madvise(base, SIZE_MAX, MADV_DONTNEED));
  SHOW(madvise(base, SIZE_MAX - 5 * P, MADV_DONTNEED));
  SHOW(madvise(base + 100 * P, P, MADV_DONTNEED));
  SHOW(madvise(base, 9 * P, MADV_NORMAL));
  residency("fresh", base, 8);
  memset(base, 'a', 4 * P);
  (void)*(volatile char *)(base + 5 * P);
  residency("touched", base, 8);
  SHOW(madvise(base + P, 2 * P, MADV_DONTNEED));
  NOTE("%d %d %d %d", base[0], base[P], base[2 * P], base[3 * P]);
  SHOW(madvise(base, P, MADV_WILLNEED));
  SHOW(madvise(base, P, MADV_RANDOM));
  SHOW(madvise(base, P, MADV_SEQUENTIAL));
  SHOW(madvise(base, P, MADV_COLD));
  SHOW(madvise(base, P, MADV_FREE));
  SHOW(madvise(base, P, MADV_REMOVE));
  SHOW(madvise(base, P, MADV_DONTDUMP));
  SHOW(madvise(base, P, MADV_DODUMP));
  SHOW(madvise(base, P, MADV_POPULATE_READ));
  SHOW(madvise(base + 6 * P, 2 * P, MADV_POPULATE_WRITE));
  SHOW(madvise(base + 6 * P, 4 * P, MADV_POPULATE_WRITE));
  mprotect(base + 7 * P, P, PROT_READ);
  SHOW(madvise(base + 7 * P, P, MADV_POPULATE_WRITE));
  mprotect(base + 7 * P, P, PROT_NONE);
  SHOW(madvise(base + 7 * P, P, MADV_POPULATE_READ));
  residency("populated", base, 8);
  map(20, 4, MAP_SHARED | MAP_ANONYMOUS);
  memset(base + 20 * P, 'b', 4 * P);
  SHOW(madvise(base + 20 * P, P, MADV_WIPEONFORK));
  SHOW(madvise(base + 20 * P, P, MADV_FREE));
  SHOW(madvise(base + 20 * P, P, MADV_DONTNEED));
  NOTE("shared keeps %c", base[20 * P]);
  SHOW(madvise(base + 20 * P, 2 * P, MADV_REMOVE));
  NOTE("removed %d, next %c", base[20 * P], base[22 * P]);
  mprotect(base + 22 * P, P, PROT_READ);
  SHOW(madvise(base + 22 * P, P, MADV_REMOVE));
  map(30, 4, anon);
  memset(base + 30 * P, 'c', 4 * P);
  SHOW(madvise(base + 30 * P, P, MADV_WIPEONFORK));
  SHOW(madvise(base + 31 * P, P, MADV_DONTFORK));
  fflush(stdout);
  IN_CHILD("child", {
    NOTE("wiped %d", base[30 * P]);
    residency("not there", base + 31 * P, 1);
    NOTE("kept %c", base[32 * P]);
    (void)*(volatile char *)(base + 31 * P);
  });
  NOTE("parent %c %c", base[30 * P], base[31 * P]);
  SHOW(madvise(base + 30 * P, 2 * P, MADV_KEEPONFORK));
  SHOW(madvise(base + 30 * P, 2 * P, MADV_DOFORK));
  IN_CHILD("child", NOTE("all %c %c", base[30 * P], base[31 * P]));

  SHOW(mincore(base + 1, P, vector));
  SHOW(mincore(base, P, (void *)8));
  SHOW(mincore(base, 0, (void *)8));
  SHOW(mincore(base, 0, vector));
  SHOW(mincore(base + 6 * P, 4 * P, vector));
  SHOW(mincore((void *)0xffff800000000000, P, vector));
  SHOW(mincore(base, SIZE_MAX, vector));
  SHOW(mincore(base, P, (void *)0xffff800000000000));

  SHOW(msync(base, P, 0));
  SHOW(msync(base, P, 8));
  SHOW(msync(base + 1, P, MS_SYNC));
  SHOW(msync(base, P, MS_SYNC | MS_ASYNC));
  SHOW(msync(base, 0, MS_SYNC));
  SHOW(msync(base, 12 * P, MS_SYNC));
  SHOW(msync(base + 100 * P, P, MS_SYNC));
  SHOW(msync(base, SIZE_MAX, MS_SYNC));
  SHOW(msync(base, SIZE_MAX - P, MS_SYNC));
  SHOW(msync(base + 20 * P, 4 * P, MS_SYNC | MS_INVALIDATE));
  return 0;
}

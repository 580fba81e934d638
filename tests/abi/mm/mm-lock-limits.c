/* mlock(2) and relatives without privileges; RLIMIT_MEMLOCK, RLIMIT_AS, RLIMIT_DATA; brk(2).
   covers: mlock munlock mlock2 mlockall munlockall brk */
#include "../support/observe.h"
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define P 4096UL
static char *const base = (char *)0x600000000;

static void limit(int which, unsigned long value) {
  struct rlimit rlimit = { value, value };
  setrlimit(which, &rlimit);
}
static long lock2(void *at, size_t length, unsigned flags) { return syscall(SYS_mlock2, at, length, flags); }

static void locking(void) {
  limit(RLIMIT_MEMLOCK, 8 * P);
  SHOW(setresuid(65534, 65534, 65534));
  mmap(base, 16 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  SHOW(mlock(base, 9 * P));
  SHOW(mlock(base + 1, 8 * P));
  SHOW(mlock(base, 8 * P));
  SHOW(mlock(base, 8 * P));
  SHOW(mlock(base + 8 * P, P));
  SHOW(madvise(base, P, MADV_DONTNEED));
  SHOW(madvise(base, P, MADV_FREE));
  SHOW(madvise(base, P, MADV_DONTNEED_LOCKED));
  SHOW(msync(base, P, MS_INVALIDATE));
  SHOW(munlock(base, 4 * P));
  SHOW(mlock(base + 8 * P, 4 * P));
  SHOW(mlock(base + 100 * P, P));
  SHOW(mlock(base, SIZE_MAX));
  SHOW(munlock(base, 200 * P));
  SHOW(munlock(base, SIZE_MAX));
  SHOW(munlock(base + 5, 0));
  SHOW(mlock(base, 0));
  SHOW(lock2(base, P, 2));
  SHOW(lock2(base, P, 1));
  SHOW(mlockall(0));
  SHOW(mlockall(8));
  SHOW(mlockall(MCL_ONFAULT));
  SHOW(mlockall(MCL_CURRENT));
  SHOW(mlockall(MCL_FUTURE));
  SHOW_AS("map 4 pages", mmap(NULL, 4 * P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  SHOW_AS("map 9 pages", mmap(NULL, 9 * P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  SHOW(munlockall());
  SHOW_AS("map 9 pages", mmap(NULL, 9 * P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  SHOW_AS("map locked", mmap(NULL, 9 * P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) == MAP_FAILED ? -1 : 0);
  limit(RLIMIT_MEMLOCK, 0);
  SHOW(mlock(base, P));
  SHOW(mlock(base, 0));
  SHOW(mlockall(MCL_CURRENT));
  SHOW(munlock(base, P));
  SHOW_AS("map locked", mmap(NULL, P, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) == MAP_FAILED ? -1 : 0);
}

static void address_space(void) {
  limit(RLIMIT_AS, 64UL << 20);
  SHOW_AS("map 128 MiB", mmap(NULL, 128UL << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  SHOW_AS("map 8 MiB", mmap(base, 8UL << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
  SHOW_AS("grow", mremap(base, 8UL << 20, 128UL << 20, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
}

static void data(void) {
  limit(RLIMIT_DATA, 16UL << 20);
  SHOW_AS("map 32 MiB", mmap(NULL, 32UL << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  char *at = mmap(NULL, 32UL << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SHOW_AS("read-only 32 MiB", at == MAP_FAILED ? -1 : 0);
  SHOW_AS("make it writable", mprotect(at, 32UL << 20, PROT_READ | PROT_WRITE));
  SHOW_AS("shared 32 MiB", mmap(NULL, 32UL << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
  uintptr_t start = syscall(SYS_brk, 0);
  NOTE("brk far %s", (uintptr_t)syscall(SYS_brk, start + (32UL << 20)) == start ? "refused" : "granted");
}

static void heap(void) {
  uintptr_t start = syscall(SYS_brk, 0);
  NOTE("grow %ld", (long)(syscall(SYS_brk, start + 10000) - start));
  *(char *)(start + 9999) = 1;
  NOTE("shrink %ld", (long)(syscall(SYS_brk, start + 100) - start));
  NOTE("below the start %ld", (long)(syscall(SYS_brk, 4096) - start));
  NOTE("kernel address %ld", (long)(syscall(SYS_brk, 0xffff800000000000) - start));
  NOTE("too high %ld", (long)(syscall(SYS_brk, 0x7ffffffff000) - start));
  NOTE("grow again %ld", (long)(syscall(SYS_brk, start + 10000) - start));
  NOTE("zero %d", *(char *)(start + 9999));
}

int main(void) {
  IN_CHILD("locking", locking());
  IN_CHILD("address space", address_space());
  IN_CHILD("data", data());
  IN_CHILD("heap", heap());
  return 0;
}

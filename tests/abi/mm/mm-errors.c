/* Errors of memory calls: limits on locked memory, pages that are locked, files that are short, sealed or read-only, ranges that wrap.
   covers: mmap mremap msync madvise mlock munlock mlock2 mlockall mincore mprotect munmap */
#include "observe.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { PAGE = 4096 };
#define ANYWHERE(length, flags) (char *)mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | (flags), -1, 0)

/* Addresses are not shown. */
static long mapped(long address) { return address < 0 && address > -4096 ? address : 0; }

static void limited(void) {
  struct rlimit limit = {2 * PAGE, 2 * PAGE}, none = {0, 0};
  setrlimit(RLIMIT_MEMLOCK, &limit);
  setresuid(1000, 1000, 1000);
  char *pages = ANYWHERE(4 * PAGE, 0);
  SHOW(mlock(pages, 3 * PAGE));
  SHOW(syscall(SYS_mlock2, pages, 3 * PAGE, 0));
  SHOW(syscall(SYS_mlock2, pages, 3 * PAGE, 1));
  SHOW(syscall(SYS_mlock2, pages, 2 * PAGE, 0));
  SHOW(mlockall(MCL_CURRENT));
  SHOW(munlock(pages, 4 * PAGE));
  SHOW(mapped(syscall(SYS_mmap, NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0)));
  char *locked = ANYWHERE(PAGE, MAP_LOCKED);
  SHOW(mapped((long)locked));
  SHOW(mapped(syscall(SYS_mremap, locked, PAGE, 3 * PAGE, MREMAP_MAYMOVE)));
  SHOW(mapped(syscall(SYS_mremap, locked, PAGE, 3 * PAGE, 0)));
  SHOW(mlockall(MCL_FUTURE));
  SHOW(mapped(syscall(SYS_mmap, NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
  munlockall();
  setrlimit(RLIMIT_MEMLOCK, &none);
  SHOW(mlock(pages, 1));
  SHOW(syscall(SYS_mlock2, pages, 1, 0));
  SHOW(mlockall(MCL_CURRENT));
  SHOW(mlock(pages, 0));
  SHOW(mapped(syscall(SYS_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0)));
}

static void ranges(void) {
  char *pages = ANYWHERE(3 * PAGE, 0);
  munmap(pages + PAGE, PAGE);
  const long last = -PAGE;
  SHOW(mlock(pages, -1));
  SHOW(mlock(pages, last));
  SHOW(munlock(pages, -1));
  SHOW(munlock(pages, last));
  SHOW(mlock(pages, 2 * PAGE));
  SHOW(mlock(pages + PAGE, 1));
  SHOW(munlock(pages, 3 * PAGE));
  SHOW(munlock(pages + PAGE, PAGE));
  SHOW(syscall(SYS_mlock2, pages, 2 * PAGE, 0));
  SHOW(syscall(SYS_mlock2, pages, last, 0));
  SHOW(syscall(SYS_mlock2, pages, PAGE, 2));
  SHOW(mlock(pages + 1, 1));
  SHOW(munlock(pages + 1, 1));
  SHOW(msync(pages + 1, 1, MS_SYNC));
  SHOW(msync(pages, last, MS_SYNC));
  SHOW(msync(pages, 3 * PAGE, MS_SYNC));
  SHOW(msync(pages, PAGE, MS_SYNC | MS_ASYNC));
  SHOW(msync(pages, PAGE, 64));
  SHOW(madvise(pages + 1, 1, MADV_NORMAL));
  SHOW(madvise(pages, last, MADV_NORMAL));
  SHOW(madvise(pages, 3 * PAGE, MADV_NORMAL));
  SHOW(madvise(pages, PAGE, 12345));
  SHOW(mprotect(pages + 1, 1, PROT_READ));
  SHOW(mprotect(pages, last, PROT_READ));
  SHOW(mprotect(pages, 3 * PAGE, PROT_READ));
  SHOW(mprotect(pages, PAGE, 0x40));
  SHOW(munmap(pages + 1, 1));
  SHOW(munmap(pages, 0));
  SHOW(munmap(pages, last));
  SHOW(munmap(KERNEL_POINTER, PAGE));
}

static void files(void) {
  int fd = open("f", O_CREAT | O_RDWR, 0644);
  write(fd, "x", 1);
  char *shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  SHOW(mlock(shared, PAGE));
  SHOW(msync(shared, PAGE, MS_INVALIDATE));
  SHOW(msync(shared, PAGE, MS_INVALIDATE | MS_SYNC));
  SHOW(munlock(shared, PAGE));
  SHOW(msync(shared, PAGE, MS_INVALIDATE));
  /* beyond the end of the file */
  SHOW(madvise(shared, 2 * PAGE, MADV_POPULATE_READ));
  SHOW(madvise(shared + PAGE, PAGE, MADV_POPULATE_WRITE));
  SHOW(madvise(shared, PAGE, MADV_POPULATE_READ));
  SHOW(madvise(read_only_page(), PAGE, MADV_POPULATE_WRITE));
  SHOW(madvise(shared, PAGE, MADV_REMOVE));
  int in = open("f", O_RDONLY);
  char *reading = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, in, 0), *own = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  SHOW(madvise(reading, PAGE, MADV_REMOVE));
  SHOW(madvise(own, PAGE, MADV_REMOVE));
  SHOW(madvise(ANYWHERE(PAGE, 0), PAGE, MADV_REMOVE));
  SHOW(madvise(shared, PAGE, MADV_FREE));
  int sealed = memfd_create("sealed", MFD_ALLOW_SEALING);
  ftruncate(sealed, PAGE);
  char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, sealed, 0);
  SHOW(fcntl(sealed, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
  SHOW(madvise(memory, PAGE, MADV_REMOVE));
  SHOW(mapped(syscall(SYS_mmap, NULL, PAGE, PROT_WRITE, MAP_SHARED, sealed, 0)));
  SHOW(mincore(shared + 1, PAGE, (void *)memory));
  SHOW(mincore(shared, PAGE, BAD_POINTER));
  SHOW(mincore(shared, -PAGE, (void *)memory));
}

int main(void) {
  IN_CHILD("limited", limited());
  IN_CHILD("ranges", ranges());
  IN_CHILD("files", files());
  return 0;
}

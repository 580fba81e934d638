/* mmap(2): what each flag and protection does; brk(2), mlock(2) and madvise(2) as root; edges of files and of the address space.
   covers: mmap munmap mprotect mremap msync brk mlock mlock2 mlockall munlock munlockall mincore madvise */
#include "observe.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define P 4096UL
static char *const base = (char *)0x300000000;
static const int anon = MAP_PRIVATE | MAP_ANONYMOUS;
static sigjmp_buf back;
static void on_fault(int number) { siglongjmp(back, number); }
static const char *touch(volatile char *at, int is_write) {
  int number = sigsetjmp(back, 1);
  if (number) return number == SIGBUS ? "SIGBUS" : "SIGSEGV";
  char value = *at;
  if (is_write) *at = value;
  return "ok";
}
static void rights(const char *what, void *at) {
  if (at == MAP_FAILED) { NOTE("%s: %s", what, errno_name(errno)); return; }
  NOTE("%s: read %s write %s", what, touch(at, 0), touch(at, 1));
}
#define MAP(...) rights("mmap " #__VA_ARGS__, mmap(__VA_ARGS__))

static void protections(void) {
  MAP(NULL, P, PROT_NONE, anon, -1, 0);
  MAP(NULL, P, PROT_READ, anon, -1, 0);
  MAP(NULL, P, PROT_WRITE, anon, -1, 0);
  MAP(NULL, P, PROT_READ | PROT_WRITE | PROT_EXEC, anon, -1, 0);
  MAP(NULL, P, PROT_READ | PROT_GROWSDOWN, anon, -1, 0);
  char *code = mmap(NULL, P, PROT_READ | PROT_WRITE, anon, -1, 0);
  memcpy(code, "\xb8\x2a\x00\x00\x00\xc3", 6);
  SHOW(mprotect(code, P, PROT_READ | PROT_EXEC));
  NOTE("code returns %d", ((int (*)(void))code)());
  rights("executable", code);
  SHOW(mprotect(code, P, PROT_READ));
  IN_CHILD("run data", signal(SIGSEGV, SIG_DFL); ((int (*)(void))code)());
  SHOW(mprotect(code, P, PROT_READ | PROT_WRITE | PROT_GROWSUP));
  SHOW(mprotect(code, 0, PROT_READ));
}

static void flags(void) {
  MAP(NULL, P, PROT_READ | PROT_WRITE, anon | MAP_NORESERVE | MAP_STACK | MAP_DENYWRITE | MAP_EXECUTABLE, -1, 0);
  MAP(NULL, P, PROT_READ | PROT_WRITE, anon | MAP_POPULATE | MAP_NONBLOCK, -1, 0);
  MAP(NULL, P, PROT_READ | PROT_WRITE, anon | MAP_LOCKED, -1, 0);
  MAP(NULL, P, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  MAP(NULL, P, PROT_READ, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0);
  MAP(NULL, P, PROT_READ, anon | MAP_SYNC, -1, 0);
  uintptr_t low = (uintptr_t)mmap(NULL, P, PROT_READ, anon | MAP_32BIT, -1, 0);
  NOTE("MAP_32BIT below 2 GiB: %d", low < 0x80000000);
  unsigned char vector[4];
  char *pages = mmap(NULL, 4 * P, PROT_READ | PROT_WRITE, anon | MAP_POPULATE, -1, 0);
  SHOW(mincore(pages, 4 * P, vector));
  NOTE("populated %d%d%d%d", vector[0] & 1, vector[1] & 1, vector[2] & 1, vector[3] & 1);
  /* fixed places */
  NOTE("fixed %d", mmap(base, 4 * P, PROT_READ | PROT_WRITE, anon | MAP_FIXED, -1, 0) == base);
  base[P] = 'x';
  SHOW_OK(mmap(base + P, P, PROT_READ, anon | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED ? -1 : 0);
  NOTE("hint taken elsewhere %d", mmap(base + P, P, PROT_READ, anon, -1, 0) != base + P);
  NOTE("free hint %d", mmap(base + 100 * P, P, PROT_READ, anon, -1, 0) == base + 100 * P);
  NOTE("unaligned hint is rounded %d", ((uintptr_t)mmap(base + 200 * P + 5, P, PROT_READ, anon, -1, 0) & 0xfff) == 0);
  NOTE("replaced %d", mmap(base + P, P, PROT_READ | PROT_WRITE, anon | MAP_FIXED, -1, 0) == base + P);
  NOTE("reads %d", base[P]);
  MAP((void *)0x7ffffffff000, P, PROT_READ, anon | MAP_FIXED, -1, 0);
  MAP((void *)0x7fffffffe000, P, PROT_READ, anon | MAP_FIXED_NOREPLACE, -1, 0);
  MAP((void *)0x10000, P, PROT_READ, anon | MAP_FIXED, -1, 0);
  char *down = mmap(base + 500 * P, 2 * P, PROT_READ | PROT_WRITE, anon | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
  NOTE("grows down: %s, two pages: %s", touch(down - 8, 1), touch(down - P - 8, 1));
}

static void files(void) {
  int fd = open("f", O_CREAT | O_RDWR, 0644);
  struct stat st;
  ftruncate(fd, P + 100);
  char *shared = mmap(NULL, 3 * P, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FILE, fd, 0);
  char *private = mmap(NULL, 3 * P, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  shared[0] = 's';
  NOTE("private sees it %c", private[0]);
  private[0] = 'p';
  NOTE("shared %c private %c", shared[0], private[0]);
  shared[0] = 't';
  NOTE("private keeps its copy %c", private[0]);
  rights("last page", shared + P + 4095);
  rights("past the end", shared + 2 * P);
  shared[P + 200] = 'z';
  ftruncate(fd, 2 * P);
  NOTE("bytes past the old end %d", shared[P + 200] == 'z' || shared[P + 200] == 0);
  ftruncate(fd, 10);
  rights("cut off", shared + P);
  rights("private copy cut off", private + P);
  ftruncate(fd, P);
  NOTE("zero again %d", shared[20]);
  SHOW(msync(shared, P, MS_SYNC));
  SHOW(msync(shared, P, MS_ASYNC | MS_INVALIDATE));
  fstat(fd, &st);
  NOTE("size %ld", (long)st.st_size);
  close(fd);
  rights("after close", shared);
  unlink("f");
  rights("after unlink", shared);
  char *offset = mmap(NULL, P, PROT_READ, MAP_SHARED, open("g", O_CREAT | O_RDWR, 0600), 1UL << 40);
  rights("far beyond the end", offset);
  rights("/dev/zero", mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_PRIVATE, open("/dev/zero", O_RDWR), 0));
  rights("/dev/zero shared", mmap(NULL, P, PROT_READ | PROT_WRITE, MAP_SHARED, open("/dev/zero", O_RDWR), 0));
  rights("/dev/null", mmap(NULL, P, PROT_READ, MAP_PRIVATE, open("/dev/null", O_RDWR), 0));
}

static void locking(void) {
  char *pages = mmap(NULL, 4 * P, PROT_READ | PROT_WRITE, anon, -1, 0);
  unsigned char vector[4];
  SHOW(mlock(pages + 1, 1));
  mincore(pages, 4 * P, vector);
  NOTE("locked pages are present %d%d", vector[0] & 1, vector[1] & 1);
  SHOW(syscall(SYS_mlock2, pages, 4 * P, MLOCK_ONFAULT));
  mincore(pages, 4 * P, vector);
  NOTE("on fault %d%d", vector[0] & 1, vector[1] & 1);
  SHOW(syscall(SYS_mlock2, pages, P, 4));
  SHOW(mlock(pages, 5 * P * 1000));
  SHOW(munlock(pages, 4 * P));
  SHOW(mlockall(MCL_ONFAULT));
  SHOW(mlockall(MCL_CURRENT | MCL_ONFAULT));
  SHOW(mlockall(MCL_FUTURE));
  char *more = mmap(NULL, P, PROT_READ | PROT_WRITE, anon, -1, 0);
  mincore(more, P, vector);
  NOTE("future mapping is present %d", vector[0] & 1);
  SHOW(madvise(more, P, MADV_DONTNEED));
  SHOW(munlockall());
  SHOW(madvise(more, P, MADV_DONTNEED));
  SHOW(madvise(more, P, MADV_HUGEPAGE));
  SHOW(madvise(more, P, MADV_NOHUGEPAGE));
  SHOW(madvise(more, P, MADV_PAGEOUT) == 0);
}

int main(void) {
  sigaction(SIGSEGV, &(struct sigaction){.sa_handler = on_fault}, NULL);
  sigaction(SIGBUS, &(struct sigaction){.sa_handler = on_fault}, NULL);
  protections();
  flags();
  files();
  locking();
  SHOW(munmap(base + 1, P));
  SHOW(munmap(base, 0));
  SHOW(munmap((void *)(1UL << 47), P));
  SHOW(munmap(base + 700 * P, P));
  char *start = (char *)syscall(SYS_brk, 0);
  NOTE("brk grows %d shrinks %d, refused below %d", syscall(SYS_brk, start + P) == (long)(start + P), syscall(SYS_brk, start) == (long)start, syscall(SYS_brk, P) == (long)start);
  return 0;
}

/* Page faults: copy on write, stack growth, SIGBUS, system calls on bad memory, partial transfers.
   covers: mmap munmap */
#include "../support/observe.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/uio.h>

#define P 4096UL
static char *const base = (char *)0x700000000;

static char *map(unsigned long page, unsigned long pages, int flags) {
  return mmap(base + page * P, pages * P, PROT_READ | PROT_WRITE, flags | MAP_FIXED, -1, 0);
}

static int deep(int depth) {
  volatile char frame[1000];
  frame[0] = (char)depth;
  return depth == 0 ? frame[0] : deep(depth - 1) + frame[0];
}

static void copy_on_write(void) {
  map(0, 4, MAP_PRIVATE | MAP_ANONYMOUS);
  map(8, 2, MAP_SHARED | MAP_ANONYMOUS);
  memset(base, 'a', 4 * P);
  base[8 * P] = 'a';
  IN_CHILD("writer", { base[0] = 'b'; base[8 * P] = 'b'; NOTE("child %c %c %c", base[0], base[P], base[8 * P]); });
  NOTE("parent %c %c", base[0], base[8 * P]);
  int ends[2];
  pipe(ends);
  if (fork() == 0) { char c; read(ends[0], &c, 1); NOTE("late child %c", base[P]); _exit(0); }
  base[P] = 'c';
  write(ends[1], "x", 1);
  wait(NULL);
  NOTE("parent %c", base[P]);
}

static void files(void) {
  char name[] = "/tmp/mm-fault-XXXXXX";
  int file = mkstemp(name);
  char *shared = mmap(NULL, 3 * P, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  IN_CHILD("empty file", (void)*(volatile char *)shared);
  ftruncate(file, P + 10);
  IN_CHILD("inside", (void)*(volatile char *)(shared + P + 4000));
  IN_CHILD("past the end", (void)*(volatile char *)(shared + 2 * P));
  shared[P + 5] = 'm';
  char byte = 0;
  SHOW(pread(file, &byte, 1, P + 5));
  NOTE("read %c", byte);
  pwrite(file, "w", 1, 3);
  NOTE("mapped %c", shared[3]);
  shared[P + 20] = 'x';
  ftruncate(file, P + 100);
  pread(file, &byte, 1, P + 20);
  SHOW(write(file, shared + 2 * P, 10));
  SHOW(pwrite(file, shared + P, 2 * P, 0));
  SHOW(pwrite(file, shared, 100, 10));
  SHOW(pread(file, shared + 10, 50, 0));
  ftruncate(file, 10);
  IN_CHILD("cut off", (void)*(volatile char *)(shared + P));
  NOTE("tail %d", shared[20]);
  unlink(name);
}

static void transfers(void) {
  int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY), ends[2];
  map(20, 2, MAP_PRIVATE | MAP_ANONYMOUS);
  mprotect(base + 21 * P, P, PROT_NONE);
  char *edge = base + 21 * P;
  SHOW(read(zero, edge - 10, 20));
  SHOW(read(zero, edge, 20));
  SHOW(read(zero, (void *)0xffff800000000000, 1));
  SHOW(read(zero, (void *)-1, 1));
  SHOW(write(null, edge, 5));
  pipe(ends);
  SHOW(write(ends[1], edge - 10, 20));
  SHOW(write(ends[1], edge, 20));
  SHOW(write(ends[1], "0123456789", 10));
  SHOW(read(ends[0], edge - 4, 8));
  struct iovec vector[2] = { { edge - 3, 3 }, { edge, 5 } };
  SHOW(readv(zero, vector, 2));
  SHOW(readv(zero, (void *)8, 2));
  SHOW(readv(zero, vector, 1025));
  vector[1].iov_len = -1UL;
  SHOW(readv(zero, vector, 2));
  char name[] = "/tmp/mm-transfers-XXXXXX";
  int file = mkstemp(name);
  SHOW(write(file, edge - 10, 20));
  SHOW(write(file, edge, 20));
  SHOW(pwrite(file, edge - P, 2 * P, 0));
  SHOW(lseek(file, 0, SEEK_END));
  SHOW(pread(file, edge - 10, 20, 0));
  unlink(name);
  /* Written from a mapping of itself, a file grows page by page: what is read last was not there at first. */
  int growing = memfd_create("growing", 0);
  ftruncate(growing, 4 * P);
  char *last = mmap(NULL, 8 * P, PROT_READ, MAP_SHARED, growing, 3 * P);
  SHOW(pwrite(growing, last, 3 * P, 4 * P));
  SHOW(pwrite(growing, last + 100, 3 * P, 7 * P));
  SHOW(pwrite(growing, last + 7 * P, P, 7 * P));
  SHOW(lseek(growing, 0, SEEK_END));
}

static void stack(void) {
  struct rlimit rlimit = { 1 << 20, 1 << 20 };
  setrlimit(RLIMIT_STACK, &rlimit);
  NOTE("shallow %d", deep(100) != 0);
  deep(3000);
}

int main(void) {
  IN_CHILD("copy on write", copy_on_write());
  IN_CHILD("files", files());
  IN_CHILD("transfers", transfers());
  IN_CHILD("null", (void)*(volatile char *)0);
  IN_CHILD("kernel", (void)*(volatile char *)0xffff800000000000);
  IN_CHILD("non-canonical", (void)*(volatile char *)0x8000000000000000);
  IN_CHILD("stack", stack());
  return 0;
}

/* mmap(2): errno of bad arguments, alone and in combination (which check comes first).
   covers: mmap */
#include "../support/observe.h"
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>

static void *low = (void *)0x200000000;

static long map(void *address, size_t length, int prot, int flags, int fd, unsigned long offset) {
  long result = syscall(SYS_mmap, address, length, prot, flags, fd, offset);
  return result == -1 ? -1 : 0;
}
#define SHOWMAP(...) SHOW_AS("mmap(" #__VA_ARGS__ ")", map(__VA_ARGS__))

int main(void) {
  char name[] = "/tmp/mm-mmap-errors-XXXXXX";
  int file = mkstemp(name);
  ftruncate(file, 10000);
  int reader = open(name, O_RDONLY), writer = open(name, O_WRONLY), path = open(name, O_PATH), directory = open("/", O_RDONLY);
  int ends[2];
  pipe(ends);
  const int anon = MAP_PRIVATE | MAP_ANONYMOUS;
  SHOWMAP(0, 0, PROT_READ, anon, -1, 0);
  SHOWMAP(0, 1, PROT_READ, anon, -1, 0);
  SHOWMAP(0, 1, PROT_READ, anon, -1, 1);
  SHOWMAP(0, 1, PROT_READ, anon, 12345, 4096);
  SHOWMAP(0, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_ANONYMOUS | MAP_SHARED_VALIDATE, -1, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_ANONYMOUS | MAP_SHARED | MAP_GROWSDOWN, -1, 0);
  SHOWMAP(0, SIZE_MAX, PROT_READ, anon, -1, 0);
  SHOWMAP(0, SIZE_MAX - 4095, PROT_READ, anon, -1, 0);
  SHOWMAP(0, 1UL << 47, PROT_NONE, anon | MAP_NORESERVE, -1, 0);
  SHOWMAP(0, 1UL << 46, PROT_NONE, anon | MAP_NORESERVE, -1, 0);
  SHOWMAP(0, 1UL << 45, PROT_READ | PROT_WRITE, anon, -1, 0);
  SHOWMAP(0, 1UL << 45, PROT_READ | PROT_WRITE, anon | MAP_NORESERVE, -1, 0);
  SHOWMAP((void *)((uintptr_t)low + 1), 4096, PROT_READ, anon | MAP_FIXED, -1, 0);
  SHOWMAP((void *)((uintptr_t)low + 1), 4096, PROT_READ, anon, -1, 0);
  SHOWMAP((void *)0x7ffffffff000, 4096, PROT_READ, anon | MAP_FIXED, -1, 0);
  SHOWMAP((void *)0x7fffffffe000, 8192, PROT_READ, anon | MAP_FIXED, -1, 0);
  SHOWMAP((void *)0xffff800000000000, 4096, PROT_READ, anon | MAP_FIXED, -1, 0);
  SHOWMAP((void *)-4096, 4096, PROT_READ, anon | MAP_FIXED, -1, 0);
  SHOWMAP((void *)-4096, 4096, PROT_READ, anon, -1, 0);
  SHOWMAP(low, 4096, PROT_READ, anon | MAP_FIXED_NOREPLACE, -1, 0);
  SHOWMAP(low, 4096, PROT_READ, anon | MAP_FIXED_NOREPLACE, -1, 0);
  SHOWMAP(low, 4096, PROT_READ, MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  SHOWMAP(0, 4096, 0x40000000 | PROT_READ, anon, -1, 0);
  SHOWMAP(0, 4096, PROT_READ, anon | MAP_HUGETLB, -1, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, -1, 0);
  SHOWMAP(0, 0, PROT_READ, MAP_PRIVATE, -1, 0);
  SHOWMAP(0, 0, PROT_READ, MAP_PRIVATE, -1, 1);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, path, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, directory, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, ends[0], 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, ends[1], 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, writer, 0);
  SHOWMAP(0, 4096, PROT_WRITE, MAP_SHARED, writer, 0);
  SHOWMAP(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0);
  SHOWMAP(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_SHARED, reader, 0);
  SHOWMAP(0, 4096, PROT_READ, 0, file, 0);
  SHOWMAP(0, 4096, PROT_READ, 4, file, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_SHARED_VALIDATE, file, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_SHARED_VALIDATE | 0x800000, file, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_SHARED | 0x800000, file, 0);
  SHOWMAP(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | 0x800000, reader, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN, file, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, file, 0);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, file, -4096UL);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, file, 1UL << 62);
  SHOWMAP(0, 4096, PROT_READ, MAP_PRIVATE, file, 1UL << 63);
  SHOWMAP(low, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, reader, 0);
  unlink(name);
  return 0;
}

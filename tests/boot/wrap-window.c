/* Puts objects of its own where an access of the kernel to null's header would land if linear memory's addresses wrap (just below 2 GiB), then
 * makes the kernel make such an access: /proc/typix/crash with the word in argv[1]. Prints what mmap(2), mremap(2) and brk(2) said; the rest
 * is the kernel's report. Without a word it only tries the edges of the window. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TWO_GIB 0x80000000ul
#define PAGE 4096ul

/* 0, or the errno of a mapping at exactly this place; what is mapped is filled with large numbers: lengths and class ids to a kernel fooled. */
static int take(unsigned long address, unsigned long length, int flags) {
  void *got = mmap((void *)address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (got == MAP_FAILED) return errno;
  if ((unsigned long)got != address) return munmap(got, length) == 0 ? ENOENT : errno;
  memset(got, 0x7f, length);
  return 0;
}

static int move_to(unsigned long address) {
  void *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, address) == MAP_FAILED ? errno : 0;
}

int main(int argc, char **argv) {
  printf("below %d, page below 2 GiB %d, page above %d, above %d\n", take(0x7fe00000 - PAGE, PAGE, MAP_FIXED), take(TWO_GIB - PAGE, PAGE, MAP_FIXED),
         take(TWO_GIB, PAGE, MAP_FIXED), take(0x80200000, PAGE, MAP_FIXED));
  printf("noreplace %d, hint %d, growing %d, moved %d, shared %d\n", take(TWO_GIB - PAGE, PAGE, MAP_FIXED_NOREPLACE), take(TWO_GIB - PAGE, PAGE, 0),
         take(TWO_GIB - PAGE, PAGE, MAP_FIXED | MAP_GROWSDOWN), move_to(TWO_GIB - PAGE),
         mmap((void *)(TWO_GIB - PAGE), PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, open("/proc/self/exe", O_RDONLY), 0) == MAP_FAILED ? errno : 0);
  fflush(stdout);
  if (argc < 2) return 0;
  int crash = open("/proc/typix/crash", O_WRONLY);
  ssize_t done = write(crash, argv[1], strlen(argv[1]));
  printf("survived: %zd %d\n", done, errno);
  return 1;
}

/* munmap(2) and mprotect(2): errno, holes, partial effects, and the shape of /proc/self/maps afterwards.
   covers: munmap mprotect */
#include "../support/observe.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>

#define P 4096UL
static char *const base = (char *)0x300000000;
static sigjmp_buf back;
static volatile int code;

static void fault(int number, siginfo_t *info, void *context) {
  (void)context;
  code = number == SIGBUS ? 100 + info->si_code : info->si_code;
  siglongjmp(back, 1);
}

static const char *try_read(volatile char *at) {
  static char text[40];
  if (sigsetjmp(back, 1)) { snprintf(text, sizeof text, "fault %d", code); return text; }
  snprintf(text, sizeof text, "%d", *at);
  return text;
}
static const char *try_write(volatile char *at, char value) {
  static char text[40];
  if (sigsetjmp(back, 1)) { snprintf(text, sizeof text, "fault %d", code); return text; }
  *at = value;
  return "written";
}

/* The mappings within 64 pages of base: offset in pages, length, rights. */
static void shape(const char *when) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[300];
  printf("%s:", when);
  while (maps && fgets(line, sizeof line, maps)) {
    unsigned long start, end;
    char rights[8];
    if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) != 3) continue;
    if (start < (unsigned long)base || start >= (unsigned long)base + 64 * P) continue;
    printf(" %lu+%lu %s", (start - (unsigned long)base) / P, (end - start) / P, rights);
  }
  putchar('\n');
  if (maps) fclose(maps);
}

static void *map(unsigned long page, unsigned long pages, int prot) {
  return mmap(base + page * P, pages * P, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

int main(void) {
  struct sigaction action = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO };
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  SHOW(munmap(base + 1, P));
  SHOW(munmap(base, 0));
  SHOW(munmap(base, SIZE_MAX));
  SHOW(munmap(base, 1UL << 62));
  SHOW(munmap((void *)-P, P));
  SHOW(munmap((void *)0x7ffffffff000, P));
  SHOW(munmap(base, 10 * P));
  map(0, 16, PROT_READ | PROT_WRITE);
  shape("mapped");
  base[5 * P] = 42;
  SHOW(munmap(base + 4 * P, 1));
  shape("one page out");
  SHOW(munmap(base + 2 * P, 4 * P));
  shape("more out");
  NOTE("read hole %s", try_read(base + 3 * P));
  map(2, 4, PROT_READ | PROT_WRITE);
  shape("filled");
  NOTE("new page reads %s", try_read(base + 5 * P));
  SHOW(mprotect(base + 1, P, PROT_READ));
  SHOW(mprotect(base, 0, PROT_READ));
  SHOW(mprotect(base, 0, 0x80000000));
  SHOW(mprotect(base + 1, 0, PROT_READ));
  SHOW(mprotect(base, P, 0x40));
  SHOW(mprotect(base, P, PROT_READ | PROT_WRITE | 8));
  SHOW(mprotect(base, P, PROT_GROWSDOWN | PROT_READ));
  SHOW(mprotect(base, P, PROT_GROWSDOWN | PROT_GROWSUP | PROT_READ));
  SHOW(mprotect(base, P, PROT_GROWSUP | PROT_READ));
  SHOW(mprotect(base, SIZE_MAX, PROT_READ));
  SHOW(mprotect(base + 40 * P, P, PROT_READ));
  SHOW(mprotect(base + 40 * P, P, 0x40));
  SHOW(mprotect((void *)0xffff800000000000, P, PROT_READ));
  SHOW(mprotect(base + 4 * P, 2 * P, PROT_READ));
  shape("read-only part");
  NOTE("write %s", try_write(base + 4 * P, 1));
  NOTE("read %s", try_read(base + 4 * P));
  SHOW(mprotect(base + 5 * P, P, PROT_NONE));
  NOTE("read none %s", try_read(base + 5 * P));
  SHOW(read(0, base + 5 * P, 0));
  SHOW(mprotect(base + 4 * P, 2 * P, PROT_READ | PROT_WRITE));
  shape("joined again");
  base[7 * P] = 7;
  SHOW(mprotect(base + 7 * P, P, PROT_NONE));
  SHOW(mprotect(base + 7 * P, P, PROT_READ));
  NOTE("kept %s", try_read(base + 7 * P));
  SHOW(munmap(base + 10 * P, P));
  SHOW(mprotect(base + 8 * P, 6 * P, PROT_READ));
  shape("up to the hole");
  map(20, 4, PROT_READ);
  map(24, 4, PROT_READ | PROT_WRITE);
  shape("different rights");
  SHOW(mprotect(base + 20 * P, 4 * P, PROT_READ | PROT_WRITE));
  shape("same rights");
  SHOW(mprotect(base + 20 * P, P, PROT_WRITE));
  NOTE("write-only reads %s", try_read(base + 20 * P));
  char name[] = "/tmp/mm-mprotect-XXXXXX";
  int file = mkstemp(name);
  write(file, "abc", 3);
  int reader = open(name, O_RDONLY);
  char *shared = mmap(NULL, P, PROT_READ, MAP_SHARED, reader, 0);
  SHOW(mprotect(shared, P, PROT_READ | PROT_WRITE));
  SHOW(mprotect(shared, P, PROT_READ | PROT_EXEC));
  char *private = mmap(NULL, 3 * P, PROT_READ, MAP_PRIVATE, reader, 0);
  SHOW(mprotect(private, P, PROT_READ | PROT_WRITE));
  NOTE("private write %s, %s", try_write(private, 'z'), private[0] == 'z' ? "seen" : "lost");
  NOTE("file still %.3s", shared);
  NOTE("past the end %s", try_read(private + P));
  ftruncate(file, 0);
  NOTE("truncated %s", try_read(private));
  NOTE("truncated shared %s", try_read(shared));
  unlink(name);
  return 0;
}

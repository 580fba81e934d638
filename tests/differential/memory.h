/* Mappings in an arena of 64 pages: what each call answers, which mappings there are afterwards, and what the pages hold. */
#pragma once
#include "differ.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>

#define PAGE 4096ul
#define MAP_BASE 0x200000000ul
#define MAP_PAGES 64
#define FILE_PAGES 8

static sigjmp_buf after_fault;
static char shown_maps[4096];
static int data_file, memory_file;

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  unsigned long page = ((unsigned long)info->si_addr - MAP_BASE) / PAGE;
  say(" SIG%s code %d page %ld", sigabbrev_np(number), info->si_code, page < MAP_PAGES ? (long)page : -1l);
  siglongjmp(after_fault, 1);
}

static void prepare_memory(void) {
  mkdir("proc", 0555);
  mount("none", "proc", "proc", 0, NULL);
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  data_file = open("file", O_CREAT | O_RDWR, 0644);
  memory_file = memfd_create("memory", 0);
  char byte = 'f';
  for (unsigned page = 0; page < FILE_PAGES; page++) { byte = 'f' + page; pwrite(data_file, &byte, 1, page * PAGE); pwrite(memory_file, &byte, 1, page * PAGE); }
  ftruncate(data_file, FILE_PAGES * PAGE - 3000);
  ftruncate(memory_file, FILE_PAGES * PAGE);
  /* Neighbours that do not merge with what comes into the arena. */
  mmap((void *)(MAP_BASE - PAGE), PAGE, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  mmap((void *)(MAP_BASE + MAP_PAGES * PAGE), PAGE, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* The mappings of the arena, when they changed: pages, rights, kind and offset. */
static void show_maps(void) {
  char line[512], text[4096];
  unsigned length = 0;
  FILE *maps = fopen("/proc/self/maps", "r");
  if (!maps) return;
  while (fgets(line, sizeof line, maps)) {
    unsigned long from, to, offset;
    char rights[8], name[128] = "";
    if (sscanf(line, "%lx-%lx %7s %lx %*s %*s %127s", &from, &to, rights, &offset, name) < 4) continue;
    if (to <= MAP_BASE || from >= MAP_BASE + MAP_PAGES * PAGE) continue;
    const char *kind = strstr(name, "memfd") ? "m" : strstr(name, "file") ? "f" : strstr(name, "zero") ? "z" : "a";
    length += snprintf(text + length, sizeof text - length, " %lu-%lu%s%s", (from - MAP_BASE) / PAGE, (to - MAP_BASE) / PAGE, rights, kind);
    if (*kind != 'a' && *kind != 'z') length += snprintf(text + length, sizeof text - length, "+%lu", offset / PAGE);
  }
  fclose(maps);
  if (strcmp(text, shown_maps) == 0) return;
  strcpy(shown_maps, text);
  say(" %s\n", text);
}

static unsigned long page_address(void) { return MAP_BASE + below(MAP_PAGES) * PAGE; }
static unsigned long map_length(void) { return chance(92) ? (1 + below(chance(70) ? 6 : 24)) * PAGE : PICK(((unsigned long[]){0, 1, 100, PAGE + 1, 1ul << 47, ~0ul, ~0ul - 8191})); }
static int map_rights(void) { return PICK(((int[]){PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC, PROT_WRITE, PROT_EXEC, 7, 8, PROT_READ | PROT_GROWSDOWN})); }
/* Results that are addresses: pages of the arena. */
static void map_result(long value) {
  unsigned long offset = (unsigned long)value - MAP_BASE;
  if (value < 0) result(value);
  else if (offset < MAP_PAGES * PAGE) say(" = page %ld\n", offset / PAGE);
  else { say(" = elsewhere\n"); }
}

static void step_map(void) {
  static const int kinds[] = {MAP_PRIVATE, MAP_PRIVATE, MAP_PRIVATE, MAP_SHARED, MAP_SHARED_VALIDATE, 0, MAP_PRIVATE | MAP_SHARED};
  static const unsigned long more[] = {MAP_NORESERVE, MAP_LOCKED, MAP_POPULATE, MAP_STACK, MAP_DENYWRITE, MAP_NONBLOCK, MAP_32BIT, MAP_SYNC, 1 << 27};
  unsigned long at = page_address(), length = map_length(), offset = chance(80) ? below(FILE_PAGES + 2) * PAGE : below(3) * 100;
  int flags = PICK(kinds) | (chance(85) ? MAP_FIXED : chance(60) ? MAP_FIXED_NOREPLACE : 0) | (chance(80) ? 0 : SOME(more, 1)), rights = map_rights();
  int fd = chance(50) ? -1 : chance(50) ? data_file : memory_file;
  if (fd < 0 && chance(95)) flags |= MAP_ANONYMOUS;
  if (flags & MAP_ANONYMOUS) offset = 0;
  if (at + length > MAP_BASE + MAP_PAGES * PAGE && length < 1ul << 40) length = MAP_BASE + MAP_PAGES * PAGE - at;
  if (!(flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) && length < 1ul << 40) flags |= MAP_FIXED;
  if (chance(3)) at += 100;
  say("mmap %ld+%lx rights %d flags %#x fd %s offset %lx", (at - MAP_BASE) / PAGE, length, rights, flags, fd < 0 ? "-" : fd == data_file ? "f" : "m", offset);
  map_result(SYS(SYS_mmap, at, length, rights, flags, fd, offset));
}

static void step_change(void) {
  unsigned long at = page_address(), length = map_length();
  if (chance(3)) at += 8;
  if (at + length > MAP_BASE + MAP_PAGES * PAGE && length < 1ul << 40) length = MAP_BASE + MAP_PAGES * PAGE - at;
  switch (below(9)) {
    case 0: case 1: say("munmap %lx+%lx", (at - MAP_BASE), length); result(SYS(SYS_munmap, at, length)); break;
    case 2: case 3: case 4: { int rights = map_rights(); say("mprotect %lx+%lx %#x", (at - MAP_BASE), length, rights); result(SYS(SYS_mprotect, at, length, rights)); break; }
    case 5: {
      static const int advices[] = {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK, MADV_DONTDUMP, MADV_DODUMP,
        MADV_WIPEONFORK, MADV_KEEPONFORK, MADV_COLD, MADV_PAGEOUT, MADV_POPULATE_READ, MADV_POPULATE_WRITE, 5, 6, 7, 99, -1};
      int advice = PICK(advices);
      if (length >= 1ul << 40) length = PAGE; /* would empty the stack, too */
      say("madvise %lx+%lx %d", (at - MAP_BASE), length, advice);
      result(SYS(SYS_madvise, at, length, advice));
      break;
    }
    case 6: {
      int flags = PICK(((int[]){0, MREMAP_MAYMOVE, MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_MAYMOVE | MREMAP_FIXED, MREMAP_MAYMOVE | MREMAP_FIXED | 4, MREMAP_FIXED, 8}));
      unsigned long to = page_address(), new_length = map_length();
      if (chance(5)) length = 0;
      if (new_length >= 1ul << 40) new_length = 0; /* checked at another point since Linux 6.17 */
      if (to + new_length > MAP_BASE + MAP_PAGES * PAGE && new_length < 1ul << 40) new_length = MAP_BASE + MAP_PAGES * PAGE - to;
      if (flags == MREMAP_MAYMOVE) { flags = 0; } /* where it lands is the kernel's choice */
      say("mremap %lx+%lx %lx flags %d to %ld", (at - MAP_BASE), length, new_length, flags, (to - MAP_BASE) / PAGE);
      map_result(SYS(SYS_mremap, at, length, new_length, flags, to));
      break;
    }
    case 7: {
      int how = below(4);
      say("%s %lx+%lx", how == 0 ? "mlock" : how == 1 ? "munlock" : how == 2 ? "mlock2 onfault" : "munlock", (at - MAP_BASE), length);
      result(how == 0 ? SYS(SYS_mlock, at, length) : how == 2 ? SYS(SYS_mlock2, at, length, 1) : SYS(SYS_munlock, at, length));
      break;
    }
    default: { int flags = below(9); say("msync %lx+%lx %d", (at - MAP_BASE), length, flags); result(SYS(SYS_msync, at, length, flags)); }
  }
}

static void touch(int is_write) {
  unsigned long at = page_address();
  volatile char *byte = (volatile char *)at;
  say("%s %ld", is_write ? "store" : "load", (at - MAP_BASE) / PAGE);
  if (sigsetjmp(after_fault, 1) == 0) {
    if (is_write) *byte = 'A' + step_number % 57;
    else say(" '%c'", *byte ? *byte : '0');
  }
  say("\n");
}

/* The kernel reads and writes there: partly mapped ranges give partial results. */
static void step_copy(void) {
  unsigned long at = page_address() + (chance(50) ? 0 : PAGE - below(200)), length = PICK(((unsigned long[]){1, 50, 300, PAGE, 3 * PAGE, 0}));
  int fd = chance(50) ? data_file : memory_file;
  long offset = below(FILE_PAGES) * PAGE;
  switch (below(3)) {
    case 0: say("pread %lx+%lx at %ld", (at - MAP_BASE), length, offset); result(SYS(SYS_pread64, fd, at, length, offset)); break;
    case 1: say("pwrite %lx+%lx at %ld", (at - MAP_BASE), length, offset); result(SYS(SYS_pwrite64, fd, at, length, offset)); break;
    default: { int ends[2]; pipe2(ends, O_NONBLOCK); say("pipe %lx+%lx", (at - MAP_BASE), length); result(SYS(SYS_write, ends[1], at, length)); say("  back"); result(SYS(SYS_read, ends[0], at, length)); close(ends[0]); close(ends[1]); }
  }
}

static void step_residence(void) {
  unsigned char pages[MAP_PAGES + 1] = {0};
  unsigned long at = page_address(), count = 1 + below(8);
  if (at + count * PAGE > MAP_BASE + MAP_PAGES * PAGE) count = 1;
  say("mincore %ld+%ld", (at - MAP_BASE) / PAGE, count);
  long got = SYS(SYS_mincore, at, count * PAGE, pages);
  if (got == 0) for (unsigned long i = 0; i < count; i++) say("%c", pages[i] & 1 ? '#' : '.');
  result(got);
}

/* A child sees what fork copies: contents, and which mappings it has. */
static void step_fork(void) {
  say("fork\n");
  pid_t child = fork();
  if (child == 0) {
    for (unsigned i = 0; i < 6; i++) { say("  "); touch(i & 1); }
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  say("  child %x\n", status);
}

static void step_file(void) {
  static const long sizes[] = {0, 100, PAGE, PAGE + 1, 3 * PAGE, FILE_PAGES * PAGE, FILE_PAGES * PAGE - 3000};
  int fd = chance(50) ? data_file : memory_file;
  long size = PICK(sizes);
  say("ftruncate %s %ld", fd == data_file ? "f" : "m", size);
  result(SYS(SYS_ftruncate, fd, size));
}

static void step_memory(void) {
  switch (below(16)) {
    case 0: case 1: case 2: case 3: step_map(); break;
    case 4: case 5: case 6: step_change(); break;
    case 7: case 8: touch(0); break;
    case 9: case 10: case 11: touch(1); break;
    case 12: step_copy(); break;
    case 13: step_residence(); break;
    case 14: chance(50) ? step_fork() : step_copy(); break;
    default: chance(50) ? step_file() : step_change();
  }
  show_maps();
}

static const struct subject memory = {"memory", prepare_memory, step_memory};

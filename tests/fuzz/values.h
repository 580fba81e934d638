/* Argument values: addresses in the arena, paths, flags of the table's sets, and structures that are valid more often than not. */
#pragma once
#include "random.h"

struct argument { char kind; short detail; };                  /* kinds: letter() in fuzz.ts; detail: flag set or structure */
struct call { int number; const char *name; int count; struct argument arguments[6]; };
struct flag_set { int count; const uint64_t *bits; };
#include "calls.h"
#define CALLS (sizeof calls / sizeof calls[0])

#define ARENA ((char *)0x200000000)
#define ARENA_PAGES 16
#define READ_ONLY_PAGE 10
#define ABSENT_PAGE 13

/* Somewhere in the arena (writable, read-only and absent pages), or a hostile address. */
static uint64_t address(void) {
  switch (below(16)) {
    case 0: return 0;
    case 1: return number();
    case 2: return 0xffff800000000000 + below(1 << 20);
    case 3: return 0x7ffffffff000 - below(4096);
    case 4: return 0xffffffff80000000 + below(1 << 20);
    default: return (uint64_t)ARENA + below(ARENA_PAGES) * 4096 + (below(4) ? below(64) * 8 : 4096 - below(64));
  }
}
static uint64_t flag_bits(int set) {
  uint64_t value = 0;
  if (chance(4)) return number();
  if (set >= 0 && flag_sets[set].count > 0) for (uint64_t i = below(4); i > 0; i--) value |= flag_sets[set].bits[below(flag_sets[set].count)];
  if (chance(4)) value |= 1ull << below(32);
  return value;
}
static const char *const paths[] = {
  "/", ".", "..", "/tmp", "a", "b", "c", "c/d", "c/e", "f", "a", "b", "m", "m/x", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/tty", "/proc",
  "/proc/self", "/proc/self/maps", "/proc/self/fd", "/proc/self/fd/3", "/proc/self/fd/9", "/proc/self/fdinfo/5", "/proc/self/smaps", "/proc/self/stat",
  "/proc/self/mem", "/proc/self/cwd/a", "/proc/self/task", "/proc/self/environ", "/proc/stat", "/proc/meminfo", "/proc/mounts", "/proc/typix/objects",
  "/proc/typix/heap", "", "a/", "c/../b", "fifo", "link", "loop", "/proc/self/exe", "/proc/1/status", "/dev/ptmx", "/dev/pts/0", "/dev/pts", "/sys",
  "/bin/busybox", "user.a", "trusted.x", "security.y", "tmpfs", "/dev/shm", "/proc/self/ns", "/proc/self/root/tmp",
};
static uint64_t path(void) {
  if (chance(6)) return address();
  char *at = ARENA + below(4) * 512;
  if (chance(3)) memset(at, 'x', 500), at[500] = 0;
  else strcpy(at, paths[below(sizeof paths / sizeof paths[0])]);
  return (uint64_t)at;
}
static uint64_t descriptor(void) { return chance(94) ? 3 + below(24) : number(); }
static uint64_t small_ns(void) { return chance(80) ? below(3000000) : number(); }
static void put_time(uint64_t *at) { at[0] = chance(85) ? 0 : number(); at[1] = small_ns(); }

/* A structure of the given type in writable memory. */
static uint64_t structure(int type) {
  if (chance(8)) return chance(50) ? 0 : address();
  uint64_t *at = (uint64_t *)(ARENA + 4096 * (1 + below(6)) + below(24) * 128);
  uint32_t *half = (uint32_t *)at;
  for (int i = 0; i < 16; i++) at[i] = chance(60) ? number() : address();
  if (chance(8)) return (uint64_t)at + below(8);
  switch (type) {
    case T_struct_timespec: case T_struct_timeval: put_time(at); put_time(at + 2); break;
    case T_struct_itimerspec: case T_struct_itimerval: put_time(at); put_time(at + 2); if (at[1] > 0 && at[1] < 50000) at[1] += 50000; break;
    case T_struct_iovec:
      for (int i = 0; i < 8; i++) { at[2 * i] = address(); at[2 * i + 1] = chance(90) ? below(6000) : number(); }
      break;
    case T_struct_pollfd:
      for (int i = 0; i < 16; i++) { half[2 * i] = descriptor(); half[2 * i + 1] = next() & 0x3fff; }
      break;
    case T_struct_epoll_event: half[0] = next() & (chance(30) ? 0xffffffff : 0x201f); break;
    case T_struct_sigaction:
      at[0] = chance(60) ? (uint64_t)on_signal : below(3); at[1] = 0x04000000 | (next() & 0xd8000006); at[2] = (uint64_t)restorer; at[3] = next() & next();
      break;
    case T_sigset_t: at[0] = next() & next() & next(); break;
    case T_stack_t: at[0] = (uint64_t)ARENA + 7 * 4096; half[2] = chance(80) ? 0 : next(); at[2] = chance(80) ? 8192 : number(); break;
    case T_struct_rlimit: at[0] = chance(50) ? below(64) : number(); at[1] = chance(50) ? at[0] + below(64) : number(); break;
    case T_struct_sigevent: half[2] = 1 + below(64); half[3] = below(5); break;
    case T_struct_open_how: at[0] = flag_bits(0); at[1] = chance(50) ? 0 : below(01000); at[2] = chance(50) ? 0 : below(64); break;
    case T_siginfo_t: half[0] = 1 + below(64); half[1] = 0; half[2] = -(int)below(8); break;
    case T_struct_cap_header: half[0] = 0x20080522; half[1] = 0; break;
    case T_ulong: at[0] = (uint64_t)ARENA; at[1] = 0; break;
    case T_fd_set: at[0] = next() & next() & 0xffffff; break;
    case T_loff_t: at[0] = chance(70) ? below(20000) : number(); break;
    case T_uint: half[0] = below(4); break;
  }
  return (uint64_t)at;
}

static uint64_t argument(struct argument wanted) {
  switch (wanted.kind) {
    case 'f': return descriptor();
    case 'd': return chance(70) ? (uint64_t)-100 : descriptor();
    case 'p': return path();
    case 's': return structure(wanted.detail);
    case 'a': return address();
    case 'g': return flag_bits(wanted.detail);
    case 'l': return chance(70) ? below(8192) : number();
    case 'i': return chance(70) ? (uint64_t)getpid() : chance(50) ? 0 : number();
    case 'n': return chance(80) ? below(66) : number();
    case 'm': return below(010000);
    case 'u': return chance(60) ? below(24) : number();
    default: return number();
  }
}

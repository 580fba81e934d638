/* System-call fuzzer: random calls, guided by the argument types of the system-call table (calls.h is generated from it).
 *
 * Usage: fuzz SEED SECONDS WORKERS
 * The supervisor starts WORKERS processes, each with a stream of random numbers of its own derived from SEED, and replaces those
 * that die. A worker makes calls in bursts; before each burst it resets what would stop it (alarms, signal masks, descriptors).
 * Everything a worker does follows from (SEED, worker number, generation), which is printed when a worker starts, so that a
 * finding can be repeated: fuzz SEED SECONDS WORKERS WORKER GENERATION runs that one stream alone.
 * At the end the program waits for its children and prints "fuzz: done CALLS calls".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct call { int number; const char *name; const char *types; };
static const struct call calls[] = {
#include "calls.h"
};
#define CALLS (sizeof calls / sizeof calls[0])
#define BURST 200
#define ARENA_PAGES 16

static uint64_t state;
static char *arena;
static volatile uint64_t *total_calls;

static uint64_t next(void) { /* xorshift64* */
  state ^= state >> 12; state ^= state << 25; state ^= state >> 27;
  return state * 0x2545f4914f6cdd1d;
}
static uint64_t below(uint64_t limit) { return next() % limit; }

static const uint64_t interesting[] = {
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096, 4097, 8192, 65535, 65536, 0x7fffffff,
  0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, (uint64_t)-1, (uint64_t)-2, (uint64_t)-4096, (uint64_t)-100,
};
static uint64_t number(void) {
  switch (below(4)) {
    case 0: return interesting[below(sizeof interesting / sizeof interesting[0])];
    case 1: return below(16);
    case 2: return 1ull << below(64);
    default: return next() >> below(64);
  }
}
static uint64_t flags(void) {
  uint64_t value = 0;
  for (uint64_t i = below(4); i > 0; i--) value |= 1ull << below(32);
  return below(4) ? value : number();
}
/* Somewhere in the arena (16 pages: writable, read-only and absent ones), or a hostile address. */
static uint64_t address(void) {
  switch (below(12)) {
    case 0: return 0;
    case 1: return number();
    case 2: return 0xffff800000000000 + below(1 << 20);
    case 3: return 0x7ffffffff000 - below(4096);
    case 4: return 0xffffffff80000000 + below(1 << 20);
    default: {
      uint64_t page = below(ARENA_PAGES), offset = below(4) ? below(64) * 8 : 4096 - below(64);
      return (uint64_t)arena + page * 4096 + offset;
    }
  }
}
static const char *const paths[] = {
  "/", ".", "..", "/tmp", "a", "b", "c/d", "/tmp/fuzz", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/tty", "/proc", "/proc/self", "/proc/self/maps",
  "/proc/self/fd", "/proc/self/fd/0", "/proc/stat", "/proc/meminfo", "", "a/", "a/../b", "fifo", "link", "/proc/self/exe", "/proc/1/status", "/dev/ptmx", "/dev/pts/0", "/bin/busybox",
};
static uint64_t path(void) {
  if (below(8) == 0) return address();
  char *at = arena + below(4) * 512;
  if (below(20) == 0) memset(at, 'x', 500), at[500] = 0;
  else strcpy(at, paths[below(sizeof paths / sizeof paths[0])]);
  return (uint64_t)at;
}
/* A structure in writable memory, filled with plausible words. */
static uint64_t structure(void) {
  if (below(6) == 0) return address();
  uint64_t *at = (uint64_t *)(arena + 4096 + below(32) * 64);
  for (int i = 0; i < 16; i++) at[i] = below(3) ? number() : address();
  return (uint64_t)at;
}

/* The calls a worker must not make: they would end the run, not find anything. */
static int is_allowed(const struct call *call, const uint64_t *arguments) {
  if (call->number == SYS_reboot || call->number == SYS_exit || call->number == SYS_exit_group || call->number == SYS_pause ||
      call->number == SYS_rt_sigsuspend || call->number == SYS_sched_setscheduler || call->number == SYS_sched_setattr || call->number == SYS_sched_setparam ||
      call->number == SYS_vfork || call->number == SYS_rt_sigreturn || call->number == SYS_umount2 || call->number == SYS_mount || call->number == SYS_settimeofday ||
      call->number == SYS_clock_settime || call->number == SYS_syslog) return 0;
  pid_t target = (pid_t)arguments[0];
  if (call->number == SYS_kill || call->number == SYS_tkill || call->number == SYS_tgkill || call->number == SYS_rt_sigqueueinfo || call->number == SYS_rt_tgsigqueueinfo || call->number == SYS_prlimit64)
    return target == 0x7fffffff || target == getpid();
  return 1;
}

static uint64_t argument(char type) {
  switch (type) {
    case 'f': return below(10) ? below(24) : number();           /* descriptor */
    case 'd': return below(3) ? (uint64_t)-100 : below(24);      /* directory descriptor */
    case 'p': return path();
    case 's': return structure();
    case 'a': return address();
    case 'g': return flags();
    case 'l': return below(3) ? below(8192) : number();          /* length */
    case 'i': return below(4) ? (uint64_t)getpid() : number();   /* process */
    case 'n': return below(4) ? below(66) : number();            /* signal */
    case 'm': return below(010000);                              /* mode */
    default: return number();
  }
}

static void sane(void) {
  struct rlimit files = {64, 64};
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setrlimit(RLIMIT_NOFILE, &files);
  alarm(2);
  mmap(arena, ARENA_PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  mprotect(arena + 10 * 4096, 2 * 4096, PROT_READ);
  munmap(arena + 13 * 4096, 4096);
}

static void worker(uint64_t seed, int index, unsigned generation, int bursts) {
  char folder[64];
  state = seed ^ ((uint64_t)index << 48) ^ ((uint64_t)generation << 16) ^ 0x9e3779b97f4a7c15;
  for (int i = 0; i < 8; i++) next();
  /* What it does must not reach its siblings: a process group, a folder and limits of its own. */
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  snprintf(folder, sizeof folder, "/tmp/fuzz-%d", index);
  mkdir(folder, 0777);
  if (chdir(folder) < 0) _exit(3);
  struct rlimit space = {512 << 20, 512 << 20}, size = {16 << 20, 16 << 20}, core = {0, 0}, processes = {64, 64};
  setrlimit(RLIMIT_AS, &space); setrlimit(RLIMIT_FSIZE, &size); setrlimit(RLIMIT_CORE, &core); setrlimit(RLIMIT_NPROC, &processes);
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  pid_t self = getpid();
  for (int burst = 0; burst < bursts; burst++) {
    sane();
    for (int i = 0; i < BURST; i++) {
      const struct call *call = &calls[below(CALLS)];
      uint64_t arguments[6];
      size_t count = strlen(call->types);
      for (size_t j = 0; j < 6; j++) arguments[j] = j < count ? argument(call->types[j]) : number();
      if (!is_allowed(call, arguments)) continue;
      __sync_fetch_and_add(total_calls, 1);
      /* Children end at once; they share nothing that the parent goes on with, so clone only as fork does. */
      if (call->number == SYS_fork || call->number == SYS_clone || call->number == SYS_clone3) {
        if (below(20) == 0 && fork() == 0) _exit(0);
        continue;
      }
      syscall(call->number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
      if (getpid() != self) _exit(0);
    }
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  }
  _exit(0);
}

int main(int argc, char **argv) {
  if (argc != 4 && argc != 6) { fprintf(stderr, "usage: fuzz SEED SECONDS WORKERS [WORKER GENERATION]\n"); return 2; }
  uint64_t seed = strtoull(argv[1], NULL, 0);
  int seconds = atoi(argv[2]), workers = atoi(argv[3]);
  if (workers < 1 || workers > 16) return 2;
  arena = mmap((void *)0x200000000, ARENA_PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  total_calls = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (arena == MAP_FAILED || total_calls == MAP_FAILED) { perror("mmap"); return 1; }
  if (argc == 6) worker(seed, atoi(argv[4]), strtoul(argv[5], NULL, 0), 50);
  pid_t running[16] = {0};
  unsigned generations[16] = {0};
  time_t end = time(NULL) + seconds;
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (time(NULL) < end) {
    for (int i = 0; i < workers; i++) {
      if (running[i] > 0 && waitpid(running[i], NULL, WNOHANG) == 0) continue;
      printf("fuzz: seed %llu worker %d generation %u\n", (unsigned long long)seed, i, generations[i]);
      fflush(stdout);
      pid_t child = fork();
      if (child == 0) worker(seed, i, generations[i], 50);
      running[i] = child;
      generations[i]++;
    }
    usleep(20000);
  }
  for (int i = 0; i < workers; i++) if (running[i] > 0) { kill(-running[i], SIGKILL); kill(running[i], SIGKILL); waitpid(running[i], NULL, 0); }
  while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  printf("fuzz: done %llu calls\n", (unsigned long long)*total_calls);
  return 0;
}

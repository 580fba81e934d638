/* System-call fuzzer: random calls, guided by the argument types of the system-call table (calls.h is generated from it), and scenes
 * (scenes.h), short sequences that build state for the random calls to hit.
 *
 * Usage: fuzz SEED SECONDS WORKERS [WORKER GENERATION]
 * The supervisor starts WORKERS processes, each with a stream of random numbers of its own derived from SEED, and replaces those
 * that die. Everything a worker does follows from (SEED, worker, generation), which the supervisor prints when a worker is found to be
 * at fault; with the last two arguments that stream runs alone. What happens between processes and threads depends on timing too.
 * Findings are lines "fuzz: BAD …": a result that no system call may give, memory that changed by itself, a process that SIGKILL
 * does not end. The last line is "fuzz: done CALLS calls".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static void on_signal(int number) { (void)number; }
static __attribute__((naked)) void restorer(void) { __asm__("mov $15, %eax; syscall"); }

#include "values.h"

#define BURST 100
#define BURSTS 12
#define WORKERS 16
#define MAX_ERRNO 133
#define CANARY ((volatile unsigned char *)0x312345000)
#define CANARY_BYTES 8192
#define STUCK_SECONDS 4

/* Shared with the workers. */
struct progress { volatile uint64_t calls, bad; volatile unsigned generation; volatile int scene; const char *volatile name; char report[256]; };
static struct progress *shared; /* one a worker */
static int worker_index;

static void bad(const char *format, ...) {
  struct progress *mine = &shared[worker_index];
  if (__sync_fetch_and_add(&mine->bad, 1) > 0) return;
  va_list list;
  va_start(list, format);
  vsnprintf(mine->report, sizeof mine->report, format, list);
  va_end(list);
}

static long raw(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) {
  long result;
  register uint64_t r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}

/* Calls that must not be made at random: they would end the run, not find anything. Some have scenes. */
static int is_allowed(const struct call *call, const uint64_t *a) {
  switch (call->number) {
    case SYS_reboot: case SYS_exit: case SYS_exit_group: case SYS_pause: case SYS_rt_sigsuspend: case SYS_sched_setscheduler:
    case SYS_sched_setattr: case SYS_sched_setparam: case SYS_vfork: case SYS_fork: case SYS_clone: case SYS_clone3: case SYS_rt_sigreturn:
    case SYS_umount2: case SYS_mount: case SYS_pivot_root: case SYS_chroot: case SYS_settimeofday: case SYS_clock_settime: case SYS_adjtimex:
    case SYS_clock_adjtime: case SYS_syslog: case SYS_execve: case SYS_execveat: return 0;
    case SYS_arch_prctl: return (int)a[0] != 0x1002; /* ARCH_SET_FS: the C library's own */
    case SYS_kill: case SYS_tkill: case SYS_tgkill: case SYS_rt_sigqueueinfo: case SYS_rt_tgsigqueueinfo:
      return ((pid_t)a[0] == getpid() || (int)a[0] > 100000) && (chance(2) || ((a[1] & 63) != SIGKILL && (a[1] & 63) != SIGSTOP));
    case SYS_prlimit64: return a[0] == 0 || (pid_t)a[0] == getpid();
    case SYS_setpriority: return (int)a[0] == PRIO_PROCESS && a[1] == 0 && a[2] < 3; /* nobody shall starve */
    case SYS_rt_sigaction: return chance(2) || ((int)a[0] != SIGSEGV && (int)a[0] != SIGBUS && (int)a[0] != SIGILL && (int)a[0] != SIGFPE && (int)a[0] != SIGALRM && (int)a[0] != SIGTRAP);
    case SYS_madvise: return (int)a[2] != MADV_REMOVE || (a[0] >= (uint64_t)ARENA && a[1] < 1 << 20); /* what is shared with the supervisor stays */
    case SYS_alarm: return 0; /* the timer that ends waits */
    case SYS_pidfd_getfd: case SYS_pidfd_send_signal: return 0; /* a directory of another jail leads out of one's own, as on Linux */
    case SYS_setitimer: return (int)a[0] != ITIMER_REAL;
    case SYS_nanosleep: case SYS_clock_nanosleep: return chance(20);
    default: return 1;
  }
}

/* Results: a value, or -1 .. -MAX_ERRNO. */
static void judge(const struct call *call, const uint64_t *a, long result) {
  if (result >= 0 || result >= -MAX_ERRNO) return;
  if (call->number == SYS_fcntl) return; /* F_GETOWN: the negative of a group */
  bad("result %ld of %s(%lx, %lx, %lx, %lx, %lx, %lx)", result, call->name, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void random_call(void) {
  const struct call *call = &calls[below(CALLS)];
  uint64_t a[6];
  for (int i = 0; i < 6; i++) a[i] = i < call->count ? argument(call->arguments[i]) : number();
  if (!is_allowed(call, a)) return;
  __sync_fetch_and_add(&shared[worker_index].calls, 1);
  shared[worker_index].name = call->name;
  judge(call, a, raw(call->number, a[0], a[1], a[2], a[3], a[4], a[5]));
}

#include "scenes.h"

/* Undoes what would keep a worker from getting on. A timer interrupts calls that wait. */
static void sane(void) {
  struct sigaction action = {.sa_handler = on_signal};
  struct itimerval often = {{0, 60000}, {0, 60000}};
  struct rlimit files = {64, 64};
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int i = 1; i < 65; i++) if (i != SIGSEGV && i != SIGBUS && i != SIGILL && i != SIGFPE) sigaction(i, &action, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  setrlimit(RLIMIT_NOFILE, &files);
  mmap(ARENA, ARENA_PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  mprotect(ARENA + READ_ONLY_PAGE * 4096, 2 * 4096, PROT_READ);
  munmap(ARENA + ABSENT_PAGE * 4096, 4096);
  for (int i = 0; i < 3; i++) if (fcntl(i, F_GETFD) < 0) open("/dev/null", O_RDWR);
}

static void check_canary(void) {
  for (int i = 0; i < CANARY_BYTES; i++) {
    /* A random madvise may have emptied it, a random munmap ends the worker here. */
    unsigned char wanted = (unsigned char)(i * 7 + 1);
    if (CANARY[i] != wanted && CANARY[i] != 0) { bad("memory changed at %p: %x, not %x", (void *)&CANARY[i], CANARY[i], wanted); return; }
  }
}

static void *thread_main(void *argument) {
  seed_stream((uint64_t)argument, 77, 1);
  for (int i = 0; i < BURST; i++) random_call();
  return NULL;
}

/* A root of its own for a worker, so that damage to it ends with the worker: a small tmpfs with devices, /proc and ptys. */
static void make_jail(int index) {
  static const struct { const char *name; int minor; } devices[] = {{"null", 3}, {"zero", 5}, {"full", 7}, {"random", 8}};
  char root[32], name[64], program[16384];
  snprintf(root, sizeof root, "/tmp/fuzz-%d", index);
  mkdir(root, 0755);
  while (umount2(root, MNT_DETACH) == 0) continue;
  if (mount("none", root, "tmpfs", 0, "size=8m,nr_inodes=2000,mode=755") < 0 || chdir(root) < 0) { printf("fuzz: BAD no jail %d: %d\n", index, errno); return; }
  mkdir("dev", 0755); mkdir("dev/pts", 0755); mkdir("dev/shm", 01777); mkdir("proc", 0755); mkdir("sys", 0755); mkdir("tmp", 01777); mkdir("bin", 0755);
  for (int i = 0; i < 4; i++) { snprintf(name, sizeof name, "dev/%s", devices[i].name); mknod(name, S_IFCHR | 0666, 1 << 8 | devices[i].minor); chmod(name, 0666); }
  mknod("dev/tty", S_IFCHR | 0666, 5 << 8);
  mknod("dev/ptmx", S_IFCHR | 0666, 5 << 8 | 2);
  mount("none", "proc", "proc", 0, NULL); mount("none", "dev/pts", "devpts", 0, NULL); mount("none", "sys", "sysfs", 0, NULL);
  int from = open("/elf-programs/small-static", O_RDONLY), to = open("bin/busybox", O_WRONLY | O_CREAT, 0755);
  write(to, program, read(from, program, sizeof program));
  close(from); close(to);
  if (chdir("/") < 0) return;
}

static void worker(uint64_t seed, int index, unsigned generation) {
  char folder[64];
  worker_index = index;
  seed_stream(seed, index + 1, generation);
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  snprintf(folder, sizeof folder, "/tmp/fuzz-%d", index);
  if (chroot(folder) < 0 || chdir("/tmp") < 0) _exit(3);
  /* Nothing of the world outside stays open: a descriptor of its /dev/null would do for fchmod. */
  int null = open("/dev/null", O_RDWR);
  for (int i = 0; i < 3; i++) dup2(null, i);
  close_range(3, ~0u, 0);
  if (generation % 4 == 3) { setgid(1000); setuid(1000 + index); }
  struct rlimit space = {192 << 20, 192 << 20}, size = {1 << 20, 1 << 20}, core = {0, 0};
  setrlimit(RLIMIT_AS, &space); setrlimit(RLIMIT_FSIZE, &size); setrlimit(RLIMIT_CORE, &core);
  for (int i = 0; i < CANARY_BYTES; i++) CANARY[i] = (unsigned char)(i * 7 + 1);
  pthread_t threads[3];
  int thread_count = generation % 3 == 2 ? 1 + below(3) : 0, started = 0;
  for (int burst = 0; burst < BURSTS; burst++) {
    sane();
    if (burst == 4) for (; started < thread_count; started++) if (pthread_create(&threads[started], NULL, thread_main, (void *)next())) break;
    for (int i = 0; i < BURST; i++) {
      if (chance(8)) scene();
      else random_call();
    }
    check_canary();
    while (waitpid(-1, NULL, WNOHANG | __WALL) > 0) continue;
  }
  _exit(0);
}

static void report(int index, uint64_t seed) {
  struct progress *of = &shared[index];
  if (of->bad == 0) return;
  printf("fuzz: BAD %s (seed %llu worker %d generation %u)\n", of->report, (unsigned long long)seed, index, of->generation);
  of->bad = 0;
}

/* Kills a worker with all its children; says so if it stays. */
static void end_worker(pid_t pid, int index) {
  kill(-pid, SIGKILL);
  kill(pid, SIGKILL);
  for (int i = 0; i < 1000; i++) {
    if (waitpid(pid, NULL, WNOHANG) == pid) return;
    usleep(10000);
  }
  char command[128];
  printf("fuzz: BAD worker %d (%d) is not ended by SIGKILL\n", index, pid);
  snprintf(command, sizeof command, "cat /proc/%d/status /proc/%d/stat /proc/%d/task/*/syscall", pid, pid, pid);
  fflush(stdout);
  if (system(command)) return;
}

static void show_state(pid_t pid) {
  char path[64], text[256];
  static const char *const files[] = {"stat", "syscall", "wchan"};
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
    int file = open(path, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (length > 0) printf("  %s: %.*s\n", files[i], (int)length - 1, text);
  }
}

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec * 1e-9; }

/* Children of workers that have ended come to the supervisor. */
static void reap_orphans(const pid_t *running, int workers) {
  for (;;) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0) return;
    for (int i = 0; i < workers; i++) if (running[i] == info.si_pid) return;
    waitpid(info.si_pid, NULL, 0);
  }
}

/* Ends everything but the first process and this one. */
static void end_all(void) {
  kill(-1, SIGKILL);
  for (int i = 0; i < 1000; i++) {
    pid_t ended = waitpid(-1, NULL, WNOHANG);
    if (ended < 0) return;
    if (ended == 0) usleep(10000);
  }
  printf("fuzz: BAD processes are left after SIGKILL\n");
  fflush(stdout);
  if (system("ps; cat /proc/*/stat")) return;
}

static void supervise(uint64_t seed, int seconds, int workers) {
  pid_t running[WORKERS] = {0};
  unsigned generations[WORKERS] = {0};
  uint64_t seen[WORKERS] = {0};
  double moved[WORKERS] = {0}, end = now() + seconds;
  while (now() < end) {
    for (int i = 0; i < workers; i++) {
      if (shared[i].calls != seen[i]) { seen[i] = shared[i].calls; moved[i] = now(); }
      if (running[i] > 0 && now() - moved[i] > STUCK_SECONDS) {
        printf("fuzz: worker %d generation %u makes no calls: scene %d, last call %s\n", i, shared[i].generation, shared[i].scene, shared[i].name);
        show_state(running[i]);
        end_worker(running[i], i);
        running[i] = 0;
      }
      if (running[i] > 0 && waitpid(running[i], NULL, WNOHANG) == 0) continue;
      if (running[i] > 0) kill(-running[i], SIGKILL);
      report(i, seed);
      shared[i].generation = generations[i];
      make_jail(i);
      running[i] = fork();
      if (running[i] == 0) worker(seed, i, generations[i]);
      generations[i]++;
      moved[i] = now();
    }
    reap_orphans(running, workers);
    usleep(20000);
  }
  for (int i = 0; i < workers; i++) { if (running[i] > 0) end_worker(running[i], i); report(i, seed); }
}

int main(int argc, char **argv) {
  if (argc != 4 && argc != 6) { fprintf(stderr, "usage: fuzz SEED SECONDS WORKERS [WORKER GENERATION]\n"); return 2; }
  struct utsname system_name;
  if (uname(&system_name) < 0 || (!strstr(system_name.version, "Typix") && !getenv("FUZZ_THIS_MACHINE"))) {
    fprintf(stderr, "fuzz: this ends every process it can; FUZZ_THIS_MACHINE=1 says that it may\n");
    return 2;
  }
  uint64_t seed = strtoull(argv[1], NULL, 0), total = 0;
  int seconds = atoi(argv[2]), workers = atoi(argv[3]);
  if (workers < 1 || workers > WORKERS) return 2;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  if (mmap(ARENA, ARENA_PAGES * 4096, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED ||
      mmap((void *)CANARY, CANARY_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) { perror("mmap"); return 1; }
  /* Where no scene's mapping is a neighbour. */
  shared = mmap((void *)0x345678000, sizeof *shared * WORKERS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (shared == MAP_FAILED) { perror("mmap"); return 1; }
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (argc == 6) make_jail(atoi(argv[4]));
  if (argc == 6) worker(seed, atoi(argv[4]), strtoul(argv[5], NULL, 0));
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  supervise(seed, seconds, workers);
  end_all();
  for (int i = 0; i < workers; i++) {
    char folder[64];
    snprintf(folder, sizeof folder, "/tmp/fuzz-%d", i);
    while (umount2(folder, MNT_DETACH) == 0) continue;
    total += shared[i].calls;
  }
  printf("fuzz: done %llu calls\n", (unsigned long long)total);
  return 0;
}

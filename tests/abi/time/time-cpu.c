/* CPU time and resource use: getrusage(2), times(2), CPU clocks, RLIMIT_CPU, faults, context switches; clock_adjtime(2).
   covers: getrusage times clock_gettime clock_getres clock_nanosleep timer_create clock_adjtime adjtimex settimeofday setitimer getitimer setrlimit prlimit64 */
#include "observe.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <time.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
static volatile int hits, last;
static void hit(int number) { hits++; last = number; }
static long long cpu(clockid_t clock) { struct timespec time = {0, 0}; clock_gettime(clock, &time); return time.tv_sec * 1000000000ll + time.tv_nsec; }
static void burn(int ms) { long long end = cpu(CLOCK_THREAD_CPUTIME_ID) + ms * 1000000ll; while (cpu(CLOCK_THREAD_CPUTIME_ID) < end) ; }
static long long total(struct rusage *usage) { return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000ll + usage->ru_utime.tv_usec + usage->ru_stime.tv_usec; }

int main(void) {
  struct rusage before, after;
  struct timespec time;
  getrusage(RUSAGE_SELF, &before);
  burn(60);
  getrusage(RUSAGE_SELF, &after);
  NOTE("used %d", total(&after) - total(&before) >= 50000);
  NOTE("peak memory %d, swaps %ld", after.ru_maxrss > 0, after.ru_nswap);
  getrusage(RUSAGE_SELF, &before);
  char *pages = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise(pages, 64 * 4096, MADV_NOHUGEPAGE);
  for (int i = 0; i < 64; i++) pages[i * 4096] = 1;
  getrusage(RUSAGE_SELF, &after);
  NOTE("a fault for each page %d, none from a disk %ld", after.ru_minflt - before.ru_minflt >= 64 && after.ru_minflt - before.ru_minflt < 80, after.ru_majflt - before.ru_majflt);
  getrusage(RUSAGE_THREAD, &before);
  for (int i = 0; i < 64; i++) pages[i * 4096] = 2;
  usleep(1000);
  usleep(1000);
  getrusage(RUSAGE_THREAD, &after);
  NOTE("no new faults %d, voluntary switches %d", after.ru_minflt - before.ru_minflt < 8, after.ru_nvcsw - before.ru_nvcsw >= 2);
  struct tms one, two;
  times(&one);
  pid_t pid = fork();
  if (pid == 0) { burn(60); for (int i = 0; i < 64; i++) pages[i * 4096] = 3; _exit(0); }
  getrusage(RUSAGE_CHILDREN, &before);
  struct rusage child;
  int status;
  wait4(pid, &status, 0, &child);
  getrusage(RUSAGE_CHILDREN, &after);
  times(&two);
  NOTE("child used %d, children use %d, ticks %d", total(&child) >= 50000, total(&after) - total(&before) >= 50000, two.tms_cutime + two.tms_cstime - one.tms_cutime - one.tms_cstime >= 4);
  NOTE("child's copies of pages %d", child.ru_minflt >= 64);
  RAW(getrusage, -2, &after);
  RAW(getrusage, 2, &after);
  RAW(getrusage, -1, 0);
  RAW(times, KERNEL_POINTER);
  RAW(times, before_hole(16));

  clockid_t process = ((~(unsigned)getpid()) << 3) | 2, thread = ((~(unsigned)getpid()) << 3) | 6;
  SHOW(clock_gettime(process, &time));
  SHOW(clock_gettime(thread, &time));
  SHOW(clock_getres(process, &time));
  NOTE("resolution %ld", time.tv_nsec);
  RAW(clock_gettime, ((~999999u) << 3) | 2, &time);
  RAW(clock_gettime, ((~(unsigned)getppid()) << 3) | 6, &time);
  RAW(clock_gettime, (~0u << 3) | 3, &time);
  RAW(clock_settime, process, &time);
  RAW(clock_settime, 2, &time);
  RAW(clock_settime, 12, &time);

  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_handler = hit;
  sigaction(SIGPROF, &act, NULL);
  sigaction(SIGVTALRM, &act, NULL);
  sigaction(SIGXCPU, &act, NULL);
  struct itimerval value = {{0, 20000}, {0, 20000}}, old;
  setitimer(ITIMER_PROF, &value, NULL);
  while (hits < 3) ;
  SHOW(getitimer(ITIMER_PROF, &old));
  NOTE("interval %ld left %d", (long)old.it_interval.tv_usec, old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 30000);
  memset(&value, 0, sizeof value);
  SHOW(setitimer(ITIMER_PROF, &value, &old));
  RAW(setitimer, -1, &value, 0);
  RAW(getitimer, 3, &value);
  value.it_value.tv_usec = -1;
  RAW(setitimer, ITIMER_VIRTUAL, &value, 0);
  value.it_value.tv_usec = 0;
  value.it_interval.tv_usec = 1000000;
  RAW(setitimer, ITIMER_VIRTUAL, &value, 0);
  value.it_interval.tv_usec = 0;
  value.it_value.tv_sec = -1;
  RAW(setitimer, ITIMER_VIRTUAL, &value, 0);

  /* the limit is inherited, warns each second, and kills */
  struct rlimit limit = {1, 3};
  pid = fork();
  if (pid == 0) {
    SHOW(setrlimit(RLIMIT_CPU, &limit));
    pid_t grandchild = fork();
    if (grandchild == 0) {
      hits = 0;
      while (!hits) ;
      NOTE("warned by signal %s", sigabbrev_np(last));
      for (;;) ;
    }
    waitpid(grandchild, &status, 0);
    show_status("over the hard limit", status);
    _exit(0);
  }
  wait(NULL);

  struct timex timex;
  memset(&timex, 0, sizeof timex);
  SHOW_OK(clock_adjtime(CLOCK_REALTIME, &timex));
  SHOW(syscall(SYS_clock_adjtime, CLOCK_MONOTONIC, &timex));
  SHOW(syscall(SYS_clock_adjtime, 99, &timex));
  SHOW(syscall(SYS_clock_adjtime, 0, BAD_POINTER));
  IN_CHILD("unprivileged", {
    if (setresuid(1000, 1000, 1000) != 0) _exit(9);
    memset(&timex, 0, sizeof timex);
    SHOW_OK(adjtimex(&timex));
    timex.modes = ADJ_SETOFFSET;
    SHOW(adjtimex(&timex));
    timex.modes = ADJ_FREQUENCY;
    SHOW(adjtimex(&timex));
    struct timeval now;
    gettimeofday(&now, NULL);
    SHOW(settimeofday(&now, NULL));
    clock_gettime(CLOCK_REALTIME, &time);
    SHOW(clock_settime(CLOCK_REALTIME, &time));
    struct timezone zone = {0, 0};
    SHOW(syscall(SYS_settimeofday, NULL, &zone));
  });
  timex.modes = ADJ_SETOFFSET;
  timex.time.tv_usec = -1;
  SHOW(adjtimex(&timex));
  timex.time.tv_usec = 1000000;
  SHOW(adjtimex(&timex));
  struct timeval bad = {-1, 0};
  RAW(settimeofday, &bad, 0);
  bad.tv_sec = 5;
  bad.tv_usec = -1;
  RAW(settimeofday, &bad, 0);
  RAW(settimeofday, 0, 0x10);
  return 0;
}

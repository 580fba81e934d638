/* Real-time scheduling: order, permissions, parameters, what fork and exec keep, throttling, inherited priority.
   covers: sched_setparam sched_getparam sched_setscheduler sched_getscheduler sched_rr_get_interval sched_setattr sched_getattr setpriority getpriority sched_yield */
#include "observe.h"
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
static void policy(const char *what, pid_t pid) {
  struct sched_param param = {-1};
  int kind = sched_getscheduler(pid);
  sched_getparam(pid, &param);
  NOTE("%s: policy %d priority %d nice %d", what, kind & ~SCHED_RESET_ON_FORK, param.sched_priority, getpriority(PRIO_PROCESS, pid));
}

int main(void) {
  struct sched_param param = {10};
  setpriority(PRIO_PROCESS, 0, 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
  SHOW(sched_setscheduler(0, SCHED_FIFO, &param));
  policy("fifo", 0);
  struct timespec interval;
  SHOW(sched_rr_get_interval(0, &interval));
  NOTE("%ld %ld", interval.tv_sec, interval.tv_nsec);
  param.sched_priority = 20;
  SHOW(sched_setparam(0, &param));
  policy("changed", 0);
  param.sched_priority = 0;
  SHOW(sched_setparam(0, &param));
  param.sched_priority = 100;
  SHOW(sched_setparam(0, &param));
  RAW(sched_setparam, 0, 0);
  RAW(sched_setparam, 0, 0x10);
  RAW(sched_setparam, -1, &param);
  RAW(sched_setparam, 999999, &param);
  RAW(sched_getparam, 999999, &param);
  RAW(sched_getparam, -1, &param);
  IN_CHILD("fork keeps it", policy("child", 0));
  param.sched_priority = 5;
  SHOW(sched_setscheduler(0, SCHED_RR, &param));
  SHOW_OK(sched_rr_get_interval(0, &interval));
  NOTE("a slice %d", interval.tv_sec == 0 && interval.tv_nsec > 0);
  RAW(sched_rr_get_interval, 0, 0x10);
  SHOW(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &param));
  NOTE("reset on fork %d", (sched_getscheduler(0) & SCHED_RESET_ON_FORK) != 0);
  IN_CHILD("reset", { policy("child", 0); NOTE("flag %d", (sched_getscheduler(0) & SCHED_RESET_ON_FORK) != 0); });
  setpriority(PRIO_PROCESS, 0, 3);
  policy("nice is kept for later", 0);
  param.sched_priority = 0;
  SHOW(sched_setscheduler(0, SCHED_OTHER, &param));
  policy("other", 0);
  setpriority(PRIO_PROCESS, 0, 0);
  IN_CHILD("unprivileged", {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_RTPRIO, &none);
    setrlimit(RLIMIT_NICE, &none);
    if (setresuid(1000, 1000, 1000) != 0) _exit(9);
    param.sched_priority = 1;
    SHOW(sched_setscheduler(0, SCHED_FIFO, &param));
    SHOW(sched_setscheduler(getppid(), SCHED_FIFO, &param));
    param.sched_priority = 0;
    SHOW(sched_setscheduler(0, SCHED_BATCH, &param));
    SHOW(sched_setscheduler(0, SCHED_OTHER, &param));
    SHOW(sched_setscheduler(getppid(), SCHED_OTHER, &param));
    SHOW(setpriority(PRIO_PROCESS, 0, 5));
    SHOW(setpriority(PRIO_PROCESS, 0, 4));
    SHOW(setpriority(PRIO_PROCESS, 0, -1));
    SHOW(setpriority(PRIO_PROCESS, getppid(), 5));
    SHOW(setpriority(PRIO_PROCESS, getppid(), 0));
    SHOW(sched_setscheduler(0, SCHED_IDLE, &param));
    SHOW(sched_setscheduler(0, SCHED_OTHER, &param));
    SHOW(sched_setaffinity(getppid(), sizeof one, &one));
    policy("still", 0);
  });
  /* order on one CPU: higher priorities first, equal ones as they came */
  int pipes[2], go[2];
  char name;
  pipe(pipes);
  pipe(go);
  param.sched_priority = 50;
  sched_setscheduler(0, SCHED_FIFO, &param);
  const int priorities[] = {10, 30, 10, 20};
  for (int i = 0; i < 4; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      param.sched_priority = priorities[i];
      sched_setscheduler(0, SCHED_FIFO, &param);
      name = 'a' + i;
      write(pipes[1], &name, 1);
      _exit(0);
    }
  }
  param.sched_priority = 1;
  sched_setscheduler(0, SCHED_FIFO, &param);
  for (int i = 0; i < 4; i++) { read(pipes[0], &name, 1); NOTE("%c", name); }
  while (wait(NULL) > 0) ;

  /* a runaway leaves time for the others */
  pid_t pid = fork();
  if (pid == 0) {
    param.sched_priority = 90;
    sched_setscheduler(0, SCHED_FIFO, &param);
    for (;;) ;
  }
  param.sched_priority = 0;
  sched_setscheduler(0, SCHED_OTHER, &param);
  usleep(1000);
  for (volatile int i = 0; i < 1000; i++) ;
  NOTE("the fair class runs");
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);

  /* the owner of a priority-inheritance futex runs before the middle */
  uint32_t *words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  param.sched_priority = 40;
  sched_setscheduler(0, SCHED_FIFO, &param);
  pid_t low = fork();
  if (low == 0) {
    param.sched_priority = 5;
    sched_setscheduler(0, SCHED_FIFO, &param);
    words[0] = getpid();
    while (!words[1]) usleep(1000);
    for (volatile int i = 0; i < 200000; i++) ;
    name = 'l';
    write(pipes[1], &name, 1);
    syscall(SYS_futex, words, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
    _exit(0);
  }
  while (!words[0]) usleep(1000);
  pid_t middle = fork();
  if (middle == 0) {
    param.sched_priority = 20;
    sched_setscheduler(0, SCHED_FIFO, &param);
    name = 'm';
    write(pipes[1], &name, 1);
    _exit(0);
  }
  words[1] = 1;
  usleep(5000);
  syscall(SYS_futex, words, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
  name = 'h';
  write(pipes[1], &name, 1);
  syscall(SYS_futex, words, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
  char got[4] = {0};
  for (int i = 0; i < 3; i++) read(pipes[0], got + i, 1);
  NOTE("low before high %d", strchr(got, 'l') < strchr(got, 'h'));
  policy("high again", 0);
  while (wait(NULL) > 0) ;
  return 0;
}

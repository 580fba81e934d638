/* POSIX timers and timerfd.
   covers: timer_create timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime */
#include "observe.h"
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
static volatile int hits, code, overrun, value_seen;
static void hit(int number, siginfo_t *info, void *context) {
  (void)number; (void)context;
  hits++;
  code = info->si_code;
  overrun = info->si_overrun;
  value_seen = info->si_value.sival_int;
}

int main(void) {
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_sigaction = hit;
  act.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &act, NULL);
  sigaction(SIGALRM, &act, NULL);
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  event.sigev_value.sival_int = 4711;
  int id = -1, second = -1;
  struct itimerspec value = {{0, 0}, {0, 20000000}}, old;
  RAW(timer_create, 99, &event, &id);
  RAW(timer_create, 1, 0x10, &id);
  RAW(timer_create, 1, &event, 0x10);
  event.sigev_signo = 65;
  RAW(timer_create, 1, &event, &id);
  event.sigev_signo = SIGUSR1;
  event.sigev_notify = 77;
  RAW(timer_create, 1, &event, &id);
  event.sigev_notify = SIGEV_SIGNAL;
  RAW(timer_create, 1, &event, &id);
  RAW(timer_settime, 77, 0, &value, 0);
  RAW(timer_gettime, 77, &old);
  RAW(timer_getoverrun, 77);
  RAW(timer_delete, 77);
  RAW(timer_gettime, id, &old);
  NOTE("not set: %ld %ld", old.it_value.tv_sec, old.it_value.tv_nsec);
  RAW(timer_settime, id, 0, 0, 0);
  RAW(timer_settime, id, 0, &value, 0);
  RAW(timer_gettime, id, &old);
  NOTE("running: %d", old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20000000);
  while (!hits) pause();
  NOTE("code %d overrun %d value %d", code, overrun, value_seen);
  RAW(timer_getoverrun, id);
  value.it_value.tv_nsec = 1000000000;
  RAW(timer_settime, id, 0, &value, 0);
  /* overruns: the signal is blocked for many periods */
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  value.it_value.tv_nsec = value.it_interval.tv_nsec = 5000000;
  hits = 0;
  RAW(timer_settime, id, 0, &value, &old);
  usleep(100000);
  siginfo_t info;
  sigtimedwait(&set, &info, &(struct timespec){0, 0});
  NOTE("one signal, overruns %d", info.si_overrun > 5);
  memset(&value, 0, sizeof value);
  RAW(timer_settime, id, 0, &value, &old);
  NOTE("interval was %ld", old.it_interval.tv_nsec);
  RAW(timer_delete, id);
  RAW(timer_delete, id);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  RAW(timer_create, 0, 0, &second);
  hits = 0;
  clock_gettime(CLOCK_REALTIME, &value.it_value);
  RAW(timer_settime, second, TIMER_ABSTIME, &value, 0);
  while (!hits) usleep(1000);
  NOTE("default is SIGALRM with the id: %d", value_seen == second);
  event.sigev_notify = SIGEV_NONE;
  RAW(timer_create, 1, &event, &id);
  value = (struct itimerspec){{0, 0}, {0, 1000000}};
  RAW(timer_settime, id, 0, &value, 0);
  usleep(5000);
  RAW(timer_gettime, id, &old);
  NOTE("expired quietly: %ld %ld", old.it_value.tv_sec, old.it_value.tv_nsec);
  event.sigev_notify = SIGEV_THREAD_ID;
  event._sigev_un._tid = 1;
  RAW(timer_create, 1, &event, &id);
  event._sigev_un._tid = getpid();
  SHOW_OK(syscall(SYS_timer_create, 1, &event, &id));

  /* timerfd */
  SHOW(timerfd_create(2, 0));
  SHOW(timerfd_create(CLOCK_MONOTONIC, 1));
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  uint64_t count;
  SHOW(read(fd, &count, sizeof count));
  SHOW(read(fd, &count, 4));
  SHOW(write(fd, &count, 8));
  value = (struct itimerspec){{0, 5000000}, {0, 150000000}};
  SHOW(timerfd_settime(fd, 8, &value, NULL));
  SHOW(timerfd_settime(0, 0, &value, NULL) == -1 ? -1 : 0);
  SHOW(timerfd_settime(99, 0, &value, NULL));
  SHOW(timerfd_settime(fd, 0, &value, &old));
  SHOW(timerfd_gettime(fd, &old));
  NOTE("interval %ld running %d", old.it_interval.tv_nsec, old.it_value.tv_nsec > 0);
  struct pollfd item = {fd, POLLIN, 0};
  SHOW(poll(&item, 1, 0));
  SHOW(poll(&item, 1, 1000));
  usleep(50000);
  SHOW(read(fd, &count, sizeof count));
  NOTE("several expirations %d", count >= 5);
  value = (struct itimerspec){{0, 0}, {0, 0}};
  SHOW(timerfd_settime(fd, 0, &value, NULL));
  SHOW(read(fd, &count, sizeof count));
  value = (struct itimerspec){{0, 0}, {1, 1000000000}};
  SHOW(timerfd_settime(fd, 0, &value, NULL));
  clock_gettime(CLOCK_MONOTONIC, &value.it_value);
  SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &value, NULL));
  SHOW(read(fd, &count, sizeof count));
  NOTE("count %d", (int)count);
  SHOW(close(fd));
  fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
  SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &value, NULL));
  SHOW(read(fd, &count, sizeof count));
  SHOW(timerfd_settime(fd, TFD_TIMER_CANCEL_ON_SET, &value, NULL));
  SHOW(close(fd));
  return 0;
}

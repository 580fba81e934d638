/* Errors of clocks, timers and of waiting: bad memory, wrong times, signals, descriptors of another kind.
   covers: nanosleep clock_nanosleep clock_getres clock_gettime timer_create timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create
     timerfd_settime timerfd_gettime getitimer setitimer select pselect6 poll ppoll epoll_wait epoll_pwait epoll_pwait2 epoll_ctl signalfd signalfd4
     adjtimex pause rt_sigtimedwait */
#include "interrupt.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

static const struct timespec wrong[] = {{0, 1000000000}, {0, -1}, {-1, 0}};

static void sleeping(void) {
  struct timespec second = {1, 0};
  for (int i = 0; i < 3; i++) {
    SHOW(syscall(SYS_nanosleep, &wrong[i], NULL));
    SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &wrong[i], NULL));
    SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &wrong[i], NULL));
  }
  SHOW(syscall(SYS_nanosleep, BAD_POINTER, NULL));
  SHOW(syscall(SYS_nanosleep, before_hole(8), NULL));
  SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, BAD_POINTER, NULL));
  SHOW(syscall(SYS_clock_nanosleep, 77, 0, &second, NULL));
  INTERRUPTED(syscall(SYS_nanosleep, &second, NULL));
  INTERRUPTED(syscall(SYS_nanosleep, &second, BAD_POINTER));
  INTERRUPTED(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &second, NULL));
  INTERRUPTED(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &second, read_only_page()));
  SHOW(syscall(SYS_clock_getres, CLOCK_MONOTONIC, BAD_POINTER));
  SHOW(syscall(SYS_clock_getres, CLOCK_MONOTONIC, NULL));
  SHOW(syscall(SYS_clock_getres, 77, &second));
  SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, before_hole(8)));
  SHOW(syscall(SYS_clock_gettime, -77, &second));
}

static void timers(void) {
  struct itimerspec value = {{0}}, bad_value = {.it_value = {0, 1000000000}}, bad_interval = {.it_value = {1, 0}, .it_interval = {0, -1}};
  struct sigevent none = {.sigev_notify = SIGEV_NONE};
  int timer;
  SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, &none, BAD_POINTER));
  SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, BAD_POINTER, &timer));
  SHOW(syscall(SYS_timer_create, 77, &none, &timer));
  SHOW_OK(syscall(SYS_timer_create, CLOCK_MONOTONIC, &none, &timer));
  SHOW(syscall(SYS_timer_settime, timer, 0, BAD_POINTER, NULL));
  SHOW(syscall(SYS_timer_settime, timer, 0, NULL, NULL));
  SHOW(syscall(SYS_timer_settime, timer, 0, &bad_value, NULL));
  SHOW(syscall(SYS_timer_settime, timer, 0, &bad_interval, NULL));
  SHOW(syscall(SYS_timer_settime, timer, 0, &value, BAD_POINTER));
  SHOW(syscall(SYS_timer_settime, timer, 0, &value, read_only_page()));
  SHOW(syscall(SYS_timer_settime, -1, 0, &value, NULL));
  SHOW(syscall(SYS_timer_gettime, timer, BAD_POINTER));
  SHOW(syscall(SYS_timer_gettime, timer, before_hole(16)));
  SHOW(syscall(SYS_timer_gettime, -1, &value));
  SHOW(syscall(SYS_timer_getoverrun, -1));
  SHOW(syscall(SYS_timer_delete, timer));
  SHOW(syscall(SYS_timer_delete, timer));
  SHOW(syscall(SYS_getitimer, 3, &value));
  SHOW(syscall(SYS_getitimer, ITIMER_REAL, BAD_POINTER));
  SHOW(syscall(SYS_setitimer, 3, &value, NULL));
  SHOW(syscall(SYS_setitimer, ITIMER_REAL, BAD_POINTER, NULL));
  SHOW(syscall(SYS_setitimer, ITIMER_REAL, &value, BAD_POINTER));
}

static void descriptors(void) {
  struct itimerspec value = {{0}}, bad_value = {.it_value = {0, 1000000000}}, negative = {.it_value = {-1, 0}};
  int null = open("/dev/null", O_RDONLY), fd = syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0);
  SHOW(syscall(SYS_timerfd_create, 77, 0));
  SHOW(syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 1));
  SHOW(syscall(SYS_timerfd_create, CLOCK_PROCESS_CPUTIME_ID, 0));
  SHOW(syscall(SYS_timerfd_settime, -1, 0, &value, NULL));
  SHOW(syscall(SYS_timerfd_settime, null, 0, &value, NULL));
  SHOW(syscall(SYS_timerfd_settime, fd, 0, BAD_POINTER, NULL));
  SHOW(syscall(SYS_timerfd_settime, fd, 0, &value, BAD_POINTER));
  SHOW(syscall(SYS_timerfd_settime, fd, 0, &bad_value, NULL));
  SHOW(syscall(SYS_timerfd_settime, fd, 0, &negative, NULL));
  SHOW(syscall(SYS_timerfd_settime, fd, 8, &value, NULL));
  SHOW(syscall(SYS_timerfd_settime, -1, 8, &value, NULL));
  SHOW(syscall(SYS_timerfd_settime, -1, 0, BAD_POINTER, NULL));
  SHOW(syscall(SYS_timerfd_gettime, -1, &value));
  SHOW(syscall(SYS_timerfd_gettime, null, &value));
  SHOW(syscall(SYS_timerfd_gettime, fd, BAD_POINTER));
  SHOW(syscall(SYS_timerfd_gettime, fd, read_only_page()));
  unsigned long mask = 1;
  SHOW(syscall(SYS_signalfd4, -2, &mask, 8, 0));
  SHOW(syscall(SYS_signalfd4, 1000, &mask, 8, 0));
  SHOW(syscall(SYS_signalfd4, null, &mask, 8, 0));
  SHOW(syscall(SYS_signalfd4, -1, BAD_POINTER, 8, 0));
  SHOW(syscall(SYS_signalfd4, -1, &mask, 4, 0));
  SHOW(syscall(SYS_signalfd4, -1, &mask, 8, 1));
  SHOW(syscall(SYS_signalfd, 1000, &mask, 8));
  SHOW(syscall(SYS_signalfd, -1, NULL, 8));
}

static void waiting(void) {
  struct epoll_event events[2] = {{EPOLLIN, {0}}};
  struct timespec soon = {0, 1000}, second = {1, 0};
  struct timeval bad_interval = {0, -1};
  unsigned long mask = 0;
  fd_set set;
  int ends[2], epoll = epoll_create1(0);
  pipe(ends);
  SHOW(syscall(SYS_epoll_wait, -1, events, 1, 0));
  SHOW(syscall(SYS_epoll_pwait, -1, events, 1, 0, NULL, 8));
  SHOW(syscall(SYS_epoll_pwait2, -1, events, 1, &soon, NULL, 8));
  SHOW(syscall(SYS_epoll_wait, ends[0], events, 1, 0));
  SHOW(syscall(SYS_epoll_pwait, ends[0], events, 1, 0, NULL, 8));
  SHOW(syscall(SYS_epoll_pwait2, ends[0], events, 1, &soon, NULL, 8));
  SHOW(syscall(SYS_epoll_pwait, epoll, events, 0, 0, NULL, 8));
  SHOW(syscall(SYS_epoll_pwait, epoll, events, -1, 0, NULL, 8));
  SHOW(syscall(SYS_epoll_pwait, epoll, KERNEL_POINTER, 1, 0, NULL, 8));
  SHOW(syscall(SYS_epoll_pwait, epoll, events, 1, 0, &mask, 4));
  SHOW(syscall(SYS_epoll_pwait, epoll, events, 1, 0, BAD_POINTER, 8));
  SHOW(syscall(SYS_epoll_pwait2, epoll, events, 1, BAD_POINTER, NULL, 8));
  SHOW(syscall(SYS_epoll_pwait2, epoll, events, 1, &wrong[0], NULL, 8));
  SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, ends[0], events));
  SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, ends[0], events));
  SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, epoll, events));
  SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_DEL, ends[1], events));
  SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_MOD, ends[0], BAD_POINTER));
  SHOW(syscall(SYS_epoll_ctl, epoll, 77, ends[0], events));
  SHOW(write(ends[1], "x", 1));
  SHOW(syscall(SYS_epoll_wait, epoll, read_only_page(), 1, 0));
  SHOW(syscall(SYS_epoll_pwait, epoll, BAD_POINTER, 1, 0, NULL, 8));
  char byte;
  read(ends[0], &byte, 1);
  FD_ZERO(&set);
  FD_SET(ends[0], &set);
  INTERRUPTED(syscall(SYS_select, ends[0] + 1, &set, NULL, NULL, NULL));
  SHOW(syscall(SYS_select, -1, NULL, NULL, NULL, NULL));
  SHOW(syscall(SYS_select, 1, BAD_POINTER, NULL, NULL, NULL));
  SHOW(syscall(SYS_select, 1, NULL, NULL, NULL, BAD_POINTER));
  SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, &bad_interval));
  FD_ZERO(&set);
  FD_SET(60, &set);
  SHOW(syscall(SYS_select, 61, &set, NULL, NULL, NULL));
  INTERRUPTED(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &second, NULL));
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &wrong[1], NULL));
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &soon, BAD_POINTER));
  INTERRUPTED(syscall(SYS_poll, NULL, 0, -1));
  INTERRUPTED(syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0));
  SHOW(syscall(SYS_ppoll, NULL, 0, &wrong[0], NULL, 0));
  SHOW(syscall(SYS_ppoll, NULL, 0, &soon, &mask, 4));
  INTERRUPTED(syscall(SYS_epoll_wait, epoll, events, 1, -1));
  INTERRUPTED(syscall(SYS_epoll_pwait2, epoll, events, 1, NULL, NULL, 8));
  INTERRUPTED(syscall(SYS_pause));
  INTERRUPTED(syscall(SYS_rt_sigtimedwait, &mask, NULL, NULL, 8));
  SHOW(syscall(SYS_rt_sigtimedwait, &mask, NULL, &soon, 8));
  SHOW(syscall(SYS_rt_sigtimedwait, &mask, NULL, &wrong[0], 8));
  SHOW(syscall(SYS_rt_sigtimedwait, BAD_POINTER, NULL, NULL, 8));
}

int main(void) {
  sleeping();
  timers();
  descriptors();
  waiting();
  struct timex ticks = {.modes = ADJ_TICK, .tick = 1};
  SHOW(syscall(SYS_adjtimex, &ticks));
  ticks.tick = 1000000;
  SHOW(syscall(SYS_adjtimex, &ticks));
  SHOW(syscall(SYS_adjtimex, read_only_page()));
  return 0;
}

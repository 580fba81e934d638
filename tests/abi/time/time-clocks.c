/* Clocks: ids, resolution, order, errors.
   covers: clock_gettime clock_getres clock_settime gettimeofday settimeofday time times getrusage adjtimex */
#include "observe.h"
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <time.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
static long long ns(struct timespec *t) { return t->tv_sec * 1000000000ll + t->tv_nsec; }

int main(void) {
  struct timespec a, b, res;
  for (int id = -2; id <= 12; id++) {
    char what[40];
    snprintf(what, sizeof what, "clock %d", id);
    if (id >= 8 && id <= 11) continue;
    SHOW_AS(what, syscall(SYS_clock_gettime, id, &a));
    res.tv_sec = res.tv_nsec = -1;
    if (id >= 0 && SHOW_AS("resolution", syscall(SYS_clock_getres, id, &res)) == 0) NOTE("%ld %ld", res.tv_sec, res.tv_nsec);
  }
  RAW(clock_gettime, 1, 0x10);
  RAW(clock_getres, 1, 0);
  RAW(clock_settime, 1, &a);
  RAW(clock_settime, 4, &a);
  a.tv_sec = 5; a.tv_nsec = 1000000000;
  RAW(clock_settime, 0, &a);
  a.tv_nsec = -1;
  RAW(clock_settime, 0, &a);
  RAW(clock_settime, 0, 0x10);
  int backwards = 0;
  clock_gettime(CLOCK_MONOTONIC, &a);
  for (int i = 0; i < 20000; i++) {
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (ns(&b) < ns(&a)) backwards++;
    a = b;
  }
  NOTE("monotonic went back %d times", backwards);
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &a);
  clock_gettime(CLOCK_MONOTONIC, &b);
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &res);
  NOTE("vDSO agrees with the call: %d", ns(&a) <= ns(&b) && ns(&b) <= ns(&res));
  struct timeval tv;
  clock_gettime(CLOCK_REALTIME, &a);
  SHOW(gettimeofday(&tv, NULL));
  long long difference = tv.tv_sec * 1000000000ll + tv.tv_usec * 1000ll - ns(&a);
  NOTE("real times agree: %d", difference > -1000000 && difference < 1000000000);
  time_t t = time(NULL);
  NOTE("time agrees: %d", t >= a.tv_sec && t <= a.tv_sec + 1);
  RAW(time, 0x10);
  RAW(gettimeofday, 0x10, 0);
  RAW(gettimeofday, 0, 0);
  struct tms tms;
  SHOW_OK(times(&tms));
  SHOW_OK(times(NULL));
  RAW(times, 0x10);
  struct rusage usage;
  SHOW(getrusage(RUSAGE_SELF, &usage));
  SHOW(getrusage(RUSAGE_CHILDREN, &usage));
  SHOW(getrusage(RUSAGE_THREAD, &usage));
  SHOW(getrusage(5, &usage));
  RAW(getrusage, 0, 0x10);
  volatile long spin = 0;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
  for (long i = 0; i < 3000000; i++) spin += i;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  NOTE("CPU time advances: %d", ns(&b) > ns(&a));
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
  usleep(50000);
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
  NOTE("not while asleep: %d", ns(&b) - ns(&a) < 40000000);
  clockid_t clock;
  SHOW(clock_getcpuclockid(0, &clock));
  SHOW(clock_gettime(clock, &a));
  SHOW(clock_getcpuclockid(999999, &clock));
  struct timex timex;
  memset(&timex, 0, sizeof timex);
  SHOW_OK(adjtimex(&timex));
  NOTE("tick %ld", timex.tick);
  RAW(adjtimex, 0x10);
  RAW(settimeofday, 0x10, 0);
  tv.tv_usec = 1000000;
  RAW(settimeofday, &tv, 0);
  return 0;
}

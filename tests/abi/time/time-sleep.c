/* nanosleep(2), clock_nanosleep(2), interval timers, alarm(2).
   covers: nanosleep clock_nanosleep setitimer getitimer alarm */
#include "observe.h"
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
static volatile int hits;
static void hit(int number) { (void)number; hits++; }
static long long now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ll + t.tv_nsec; }

int main(void) {
  struct timespec time = {0, 10000000}, rest, bad = {0, 1000000000}, negative = {-1, 0};
  long long from = now();
  SHOW(nanosleep(&time, &rest));
  NOTE("long enough %d", now() - from >= 10000000);
  SHOW(nanosleep(&bad, NULL));
  SHOW(nanosleep(&negative, NULL));
  RAW(nanosleep, 0x10, 0);
  time.tv_nsec = 0;
  SHOW(nanosleep(&time, NULL));
  for (int clock = 0; clock <= 12; clock++) {
    char what[40];
    if (clock == 3 || clock == 2 || clock == 10 || clock == 11) continue;
    snprintf(what, sizeof what, "clock_nanosleep on %d", clock);
    if (clock == 8 || clock == 9) continue;
    SHOW_AS(what, syscall(SYS_clock_nanosleep, clock, 0, &time, NULL));
  }
  RAW(clock_nanosleep, 3, 0, &time, 0);
  RAW(clock_nanosleep, 1, 0, &bad, 0);
  clock_gettime(CLOCK_MONOTONIC, &time);
  SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
  time.tv_nsec += 20000000;
  if (time.tv_nsec >= 1000000000) { time.tv_sec++; time.tv_nsec -= 1000000000; }
  SHOW(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
  NOTE("not early %d", now() >= time.tv_sec * 1000000000ll + time.tv_nsec);
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_nsec += 20000000;
  if (time.tv_nsec >= 1000000000) { time.tv_sec++; time.tv_nsec -= 1000000000; }
  SHOW(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL));

  signal(SIGALRM, hit);
  struct itimerval value = {{0, 0}, {0, 20000}}, old;
  from = now();
  SHOW(setitimer(ITIMER_REAL, &value, NULL));
  SHOW(getitimer(ITIMER_REAL, &old));
  NOTE("running %d", old.it_value.tv_sec == 0 && old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 20000);
  SHOW(pause());
  NOTE("hits %d not early %d", hits, now() - from >= 20000000);
  SHOW(getitimer(ITIMER_REAL, &old));
  NOTE("stopped %ld %ld", (long)old.it_value.tv_sec, (long)old.it_value.tv_usec);
  value.it_interval.tv_usec = 10000;
  SHOW(setitimer(ITIMER_REAL, &value, NULL));
  hits = 0;
  while (hits < 4) pause();
  value.it_value.tv_usec = 0;
  SHOW(setitimer(ITIMER_REAL, &value, &old));
  NOTE("interval was %ld", (long)old.it_interval.tv_usec);
  SHOW(setitimer(3, &value, NULL));
  SHOW(getitimer(-1, &old));
  value.it_value.tv_usec = 1000000;
  SHOW(setitimer(ITIMER_REAL, &value, NULL));
  RAW(setitimer, 0, 0x10, 0);
  RAW(getitimer, 0, 0x10);
  SHOW(alarm(10));
  SHOW(alarm(100));
  SHOW(alarm(0));
  SHOW(alarm(0));
  signal(SIGVTALRM, hit);
  signal(SIGPROF, hit);
  struct itimerval cpu = {{0, 0}, {0, 30000}};
  hits = 0;
  SHOW(setitimer(ITIMER_VIRTUAL, &cpu, NULL));
  while (!hits) ;
  NOTE("virtual timer fired");
  hits = 0;
  SHOW(setitimer(ITIMER_PROF, &cpu, NULL));
  while (!hits) ;
  NOTE("profiling timer fired");
  struct itimerval keep = {{0, 0}, {100, 0}};
  setitimer(ITIMER_REAL, &keep, NULL);
  IN_CHILD("not inherited", { getitimer(ITIMER_REAL, &old); NOTE("%ld", (long)old.it_value.tv_sec); });
  return 0;
}

/* Scheduling: policies, priorities, affinity, nice. One CPU is all that is assumed.
   covers: sched_yield sched_getscheduler sched_setscheduler sched_getparam sched_get_priority_min sched_get_priority_max
   sched_rr_get_interval sched_getaffinity sched_setaffinity getpriority setpriority sched_getattr sched_setattr */
#include "observe.h"
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
struct attr { unsigned size, policy; unsigned long long flags; int nice; unsigned priority; unsigned long long runtime, deadline, period; unsigned low, high; };

int main(void) {
  struct sched_param param = {0};
  setpriority(PRIO_PROCESS, 0, 0); /* whatever this was started with */
  for (int policy = -1; policy < 7; policy++) {
    NOTE("policy %d", policy);
    SHOW(sched_get_priority_min(policy));
    SHOW(sched_get_priority_max(policy));
  }
  SHOW(sched_yield());
  SHOW(sched_getscheduler(0));
  SHOW(sched_getscheduler(-1));
  SHOW(sched_getscheduler(999999));
  SHOW(sched_getparam(0, &param));
  NOTE("priority %d", param.sched_priority);
  RAW(sched_getparam, 0, 0);
  RAW(sched_getparam, 0, 0x10);
  RAW(sched_setscheduler, 0, 0, 0);
  RAW(sched_setscheduler, 0, 77, &param);
  RAW(sched_setscheduler, 0, -1, &param);
  param.sched_priority = 5;
  RAW(sched_setscheduler, 0, SCHED_OTHER, &param);
  param.sched_priority = 0;
  RAW(sched_setscheduler, 0, SCHED_FIFO, &param);
  param.sched_priority = 100;
  RAW(sched_setscheduler, 0, SCHED_FIFO, &param);
  param.sched_priority = 0;
  RAW(sched_setscheduler, 0, SCHED_BATCH, &param);
  SHOW(sched_getscheduler(0));
  RAW(sched_setscheduler, 0, SCHED_OTHER | SCHED_RESET_ON_FORK, &param);
  SHOW(sched_getscheduler(0));
  IN_CHILD("reset on fork", SHOW(sched_getscheduler(0)));
  RAW(sched_setscheduler, 0, SCHED_OTHER, &param);
  IN_CHILD("idle", { RAW(sched_setscheduler, 0, SCHED_IDLE, &param); SHOW(sched_getscheduler(0)); });
  struct timespec interval;
  SHOW(sched_rr_get_interval(-1, &interval));
  SHOW(sched_rr_get_interval(999999, &interval));

  cpu_set_t set;
  CPU_ZERO(&set);
  SHOW_OK(syscall(SYS_sched_getaffinity, 0, sizeof set, &set));
  NOTE("some CPU %d", CPU_COUNT(&set) > 0);
  SHOW(syscall(SYS_sched_getaffinity, 0, 4, &set));
  SHOW(syscall(SYS_sched_getaffinity, 0, 9, &set));
  SHOW(syscall(SYS_sched_getaffinity, 999999, sizeof set, &set));
  RAW(sched_getaffinity, 0, 128, 0x10);
  SHOW(sched_setaffinity(0, sizeof set, &set));
  CPU_ZERO(&set);
  SHOW(sched_setaffinity(0, sizeof set, &set));
  RAW(sched_setaffinity, 0, 8, 0x10);
  SHOW(sched_setaffinity(999999, sizeof set, &set));

  SHOW(getpriority(PRIO_PROCESS, 0));
  RAW(getpriority, PRIO_PROCESS, 0);
  RAW(getpriority, 3, 0);
  RAW(getpriority, PRIO_PROCESS, 999999);
  SHOW(setpriority(PRIO_PROCESS, 0, 5));
  RAW(getpriority, PRIO_PROCESS, 0);
  IN_CHILD("inherited", RAW(getpriority, PRIO_PROCESS, 0));
  SHOW(setpriority(PRIO_PROCESS, 0, 100));
  RAW(getpriority, PRIO_PROCESS, 0);
  RAW(getpriority, PRIO_PGRP, 0);
  RAW(setpriority, 9, 0, 0);
  RAW(setpriority, PRIO_PROCESS, 999999, 0);
  struct attr attr;
  memset(&attr, 0xff, sizeof attr);
  RAW(sched_getattr, 0, &attr, 48, 0);
  NOTE("size %u policy %u flags %llu nice %d priority %u", attr.size, attr.policy, attr.flags, attr.nice, attr.priority);
  RAW(sched_getattr, 0, &attr, 40, 0);
  RAW(sched_getattr, 0, &attr, 48, 1);
  RAW(sched_getattr, 0, 0, 48, 0);
  memset(&attr, 0, sizeof attr);
  attr.size = 48;
  attr.nice = 19;
  RAW(sched_setattr, 0, &attr, 0);
  attr.policy = 55;
  RAW(sched_setattr, 0, &attr, 0);
  attr.policy = 0;
  attr.flags = 1ull << 40;
  RAW(sched_setattr, 0, &attr, 0);
  RAW(sched_setattr, 0, 0, 0);
  RAW(sched_setattr, 0, &attr, 1);
  return 0;
}

// System calls about clocks and timers.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  {
    number: 35, call: "nanosleep(in struct_timespec *req, out struct_timespec *rem)", handler: "sysNanosleep", from: "time/sleep", support: "full",
    errors: "EFAULT EINTR EINVAL",
  },
  {
    number: 36, call: "getitimer(int which, out struct_itimerval *value)", handler: "sysGetitimer", from: "time/interval-timers", support: "full",
    errors: "EFAULT EINVAL",
  },
  { number: 37, call: "alarm(uint seconds)", handler: "sysAlarm", from: "time/interval-timers", support: "full", errors: "none" },
  {
    number: 38, call: "setitimer(int which, in struct_itimerval *value, out struct_itimerval *old)", handler: "sysSetitimer",
    from: "time/interval-timers", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 96, call: "gettimeofday(out struct_timeval *tv, out struct_timezone *tz)", handler: "sysGettimeofday", from: "time/time", support: "full",
    errors: "EFAULT",
  },
  {
    number: 98, call: "getrusage(int who, out struct_rusage *usage)", handler: "sysGetrusage", from: "time/time", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 100, call: "times(out struct_tms *buf)", handler: "sysTimes", from: "time/time", support: "full",
    errors: "EFAULT",
  },
  {
    number: 159, call: "adjtimex(inout struct_timex *buf)", handler: "sysAdjtimex", from: "time/time", support: "partial", note: "reports, and steps the clock",
    errors: "EFAULT EINVAL EPERM",
  },
  {
    number: 164, call: "settimeofday(in struct_timeval *tv, in struct_timezone *tz)", handler: "sysSettimeofday", from: "time/time", support: "partial", note: "no time zone",
    errors: "EFAULT EINVAL EPERM",
  },
  {
    number: 201, call: "time(out time_t *tloc)", handler: "sysTime", from: "time/time", support: "full",
    errors: "EFAULT",
  },
  {
    number: 222, call: "timer_create(int clockid, in struct_sigevent *event, out timer_t *id)", handler: "sysTimerCreate",
    from: "time/timers", support: "partial", note: "no CPU-time clocks",
    errors: "EAGAIN EFAULT EINVAL", unprovoked: "ENOMEM EOPNOTSUPP EPERM",
  },
  {
    number: 223, call: "timer_settime(int id, flags:TIMER flags, in struct_itimerspec *value, out struct_itimerspec *old)",
    handler: "sysTimerSettime", from: "time/timers", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 224, call: "timer_gettime(int id, out struct_itimerspec *value)", handler: "sysTimerGettime", from: "time/timers", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 225, call: "timer_getoverrun(int id)", handler: "sysTimerGetoverrun", from: "time/timers", support: "full",
    errors: "EINVAL",
  },
  {
    number: 226, call: "timer_delete(int id)", handler: "sysTimerDelete", from: "time/timers", support: "full",
    errors: "EINVAL",
  },
  {
    number: 227, call: "clock_settime(int clockid, in struct_timespec *tp)", handler: "sysClockSettime", from: "time/time", support: "full",
    errors: "EFAULT EINVAL EPERM", unprovoked: "EACCES ENODEV EOPNOTSUPP",
  },
  {
    number: 228, call: "clock_gettime(int clockid, out struct_timespec *tp)", handler: "sysClockGettime", from: "time/time", support: "full",
    errors: "EFAULT EINVAL", unprovoked: "EACCES ENODEV EOPNOTSUPP",
  },
  {
    number: 229, call: "clock_getres(int clockid, out struct_timespec *res)", handler: "sysClockGetres", from: "time/time", support: "full",
    errors: "EFAULT EINVAL", unprovoked: "EACCES ENODEV EOPNOTSUPP",
  },
  {
    number: 230, call: "clock_nanosleep(int clockid, flags:TIMER flags, in struct_timespec *req, out struct_timespec *rem)",
    handler: "sysClockNanosleep", from: "time/sleep", support: "partial", note: "no CPU-time clocks",
    errors: "EFAULT EINTR EINVAL EOPNOTSUPP",
  },
  {
    number: 283, call: "timerfd_create(int clockid, uflags:TIMERFD flags)", handler: "sysTimerfdCreate", from: "poll/timerfd", support: "full",
    errors: "EINVAL EMFILE EPERM", unprovoked: "ENFILE ENODEV ENOMEM",
  },
  {
    number: 286, call: "timerfd_settime(file? fd, uflags:TIMERFD_SETTIME flags, in struct_itimerspec *value, out struct_itimerspec *old)",
    handler: "sysTimerfdSettime", from: "poll/timerfd", support: "full",
    errors: "EBADF EFAULT EINVAL", unprovoked: "ECANCELED",
  },
  {
    number: 287, call: "timerfd_gettime(file fd, out struct_itimerspec *value)", handler: "sysTimerfdGettime", from: "poll/timerfd", support: "full",
    errors: "EBADF EFAULT EINVAL",
  },
  {
    number: 305, call: "clock_adjtime(int clockid, inout struct_timex *buf)", handler: "sysClockAdjtime", from: "time/time", support: "partial", note: "as adjtimex",
    errors: "EFAULT EINVAL EOPNOTSUPP EPERM", unprovoked: "ENODEV",
  },
];

// System calls about scheduling and resource limits.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  { number: 24, call: "sched_yield(void)", handler: "sysSchedYield", from: "scheduling/scheduling", support: "full", errors: "none" },
  {
    number: 97, call: "getrlimit(int resource, out struct_rlimit *rlim)", handler: "sysGetrlimit", from: "process/limits", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 140, call: "getpriority(int which, uint who)", handler: "sysGetpriority", from: "scheduling/priority", support: "full",
    errors: "EINVAL ESRCH",
  },
  {
    number: 141, call: "setpriority(int which, uint who, int prio)", handler: "sysSetpriority", from: "scheduling/priority", support: "full",
    errors: "EACCES EINVAL EPERM ESRCH",
  },
  {
    number: 142, call: "sched_setparam(pid_t pid, in struct_sched_param *param)", handler: "sysSchedSetparam", from: "scheduling/scheduling", support: "full",
    errors: "EFAULT EINVAL EPERM ESRCH",
  },
  {
    number: 143, call: "sched_getparam(pid_t pid, out struct_sched_param *param)", handler: "sysSchedGetparam", from: "scheduling/scheduling", support: "full",
    errors: "EFAULT EINVAL ESRCH",
  },
  {
    number: 144, call: "sched_setscheduler(pid_t pid, int policy, in struct_sched_param *param)", handler: "sysSchedSetscheduler",
    from: "scheduling/scheduling", support: "partial", note: "no SCHED_DEADLINE",
    errors: "EFAULT EINVAL EPERM ESRCH",
  },
  {
    number: 145, call: "sched_getscheduler(pid_t pid)", handler: "sysSchedGetscheduler", from: "scheduling/scheduling", support: "full",
    errors: "EINVAL ESRCH",
  },
  {
    number: 146, call: "sched_get_priority_max(int policy)", handler: "sysSchedGetPriorityMax", from: "scheduling/scheduling", support: "full",
    errors: "EINVAL",
  },
  {
    number: 147, call: "sched_get_priority_min(int policy)", handler: "sysSchedGetPriorityMin", from: "scheduling/scheduling", support: "full",
    errors: "EINVAL",
  },
  {
    number: 148, call: "sched_rr_get_interval(pid_t pid, out struct_timespec *tp)", handler: "sysSchedRrGetInterval", from: "scheduling/scheduling", support: "full",
    errors: "EFAULT EINVAL ESRCH", unprovoked: "ENOSYS",
  },
  {
    number: 160, call: "setrlimit(int resource, in struct_rlimit *rlim)", handler: "sysSetrlimit", from: "process/limits", support: "full",
    errors: "EFAULT EINVAL EPERM",
  },
  {
    number: 203, call: "sched_setaffinity(pid_t pid, size_t length, in cpu_set_t *mask)", handler: "sysSchedSetaffinity", from: "scheduling/scheduling", support: "full",
    errors: "EFAULT EINVAL EPERM ESRCH",
  },
  {
    number: 204, call: "sched_getaffinity(pid_t pid, size_t length, out cpu_set_t *mask)", handler: "sysSchedGetaffinity", from: "scheduling/scheduling", support: "full",
    errors: "EFAULT EINVAL ESRCH",
  },
  {
    number: 302, call: "prlimit64(pid_t pid, int resource, in struct_rlimit *new_limit, out struct_rlimit *old_limit)",
    handler: "sysPrlimit64", from: "process/limits", support: "full",
    errors: "EFAULT EINVAL EPERM ESRCH",
  },
  {
    number: 314, call: "sched_setattr(pid_t pid, inout struct_sched_attr *attr, uint flags)", handler: "sysSchedSetattr",
    from: "scheduling/scheduling-attributes", support: "partial", note: "no SCHED_DEADLINE, no utilisation clamps",
    errors: "E2BIG EFAULT EINVAL EPERM ESRCH", unprovoked: "EBUSY",
  },
  {
    number: 315, call: "sched_getattr(pid_t pid, out struct_sched_attr *attr, uint size, uint flags)", handler: "sysSchedGetattr",
    from: "scheduling/scheduling-attributes", support: "full",
    errors: "EFAULT EINVAL ESRCH", unprovoked: "E2BIG",
  },
];

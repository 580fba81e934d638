// System calls about processes: making, replacing, ending and waiting for them.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  { number: 39, call: "getpid(void)", handler: "sysGetpid", from: "process/process", support: "full", errors: "none" },
  {
    number: 56, call: "clone(uflags:CLONE flags, address stack, out int *parent_tid, address child_tid, ulong tls)",
    handler: "sysClone", from: "process/process", support: "partial", note: "no namespaces: EINVAL", refused: "CLONE_NEWNS",
    errors: "EAGAIN EFAULT EINVAL EPERM", unprovoked: "ENOMEM ENOSPC EUSERS",
  },
  {
    number: 57, call: "fork(void)", handler: "sysFork", from: "process/process", support: "full",
    errors: "EAGAIN", unprovoked: "ENOMEM ENOSYS",
  },
  {
    number: 58, call: "vfork(void)", handler: "sysVfork", from: "process/process", support: "full",
    errors: "EAGAIN", unprovoked: "ENOMEM ENOSYS",
  },
  {
    number: 59, call: "execve(path pathname, in ulong *argv, in ulong *envp)", handler: "sysExecve", from: "process/exec", support: "full",
    errors: "E2BIG EACCES EAGAIN EFAULT ELIBBAD ELOOP ENAMETOOLONG ENOENT ENOEXEC ENOTDIR ETXTBSY",
    unprovoked: "EINVAL EIO EISDIR EMFILE ENFILE ENOMEM EPERM",
  },
  { number: 60, call: "exit(int status)", handler: "sysExit", from: "process/process", support: "full", errors: "none" },
  {
    number: 61, call: "wait4(pid_t pid, out int *status, uflags:WAIT options, out struct_rusage *usage)", handler: "sysWait4", from: "process/wait", support: "full",
    errors: "ECHILD EFAULT EINTR EINVAL ESRCH",
  },
  {
    number: 109, call: "setpgid(pid_t pid, pid_t pgid)", handler: "sysSetpgid", from: "process/process-group", support: "full",
    errors: "EACCES EINVAL EPERM ESRCH",
  },
  { number: 110, call: "getppid(void)", handler: "sysGetppid", from: "process/process", support: "full", errors: "none" },
  { number: 111, call: "getpgrp(void)", handler: "sysGetpgrp", from: "process/process-group", support: "full", errors: "none" },
  {
    number: 112, call: "setsid(void)", handler: "sysSetsid", from: "process/process-group", support: "full",
    errors: "EPERM",
  },
  {
    number: 121, call: "getpgid(pid_t pid)", handler: "sysGetpgid", from: "process/process-group", support: "full",
    errors: "ESRCH", unprovoked: "EPERM",
  },
  {
    number: 124, call: "getsid(pid_t pid)", handler: "sysGetsid", from: "process/process-group", support: "full",
    errors: "ESRCH", unprovoked: "EPERM",
  },
  { number: 135, call: "personality(uint persona)", handler: "sysPersonality", from: "process/process", support: "partial", note: "only ADDR_NO_RANDOMIZE has an effect", errors: "none", unprovoked: "EINVAL" },
  {
    number: 157, call: "prctl(int option, ulong arg2, ulong arg3, ulong arg4, ulong arg5)", handler: "sysPrctl", from: "process/prctl", support: "partial", note: "no seccomp, no PR_SET_MM, no speculation control",
    errors: "EFAULT EINVAL EPERM", unprovoked: "EACCES EBADF EBUSY ENODEV ENXIO EOPNOTSUPP ERANGE",
  },
  {
    number: 158, call: "arch_prctl(int code, address addr)", handler: "sysArchPrctl", from: "process/prctl", support: "partial", note: "FS and GS base",
    errors: "EFAULT EINVAL EPERM", unprovoked: "ENODEV",
  },
  { number: 186, call: "gettid(void)", handler: "sysGettid", from: "process/process", support: "full", errors: "none" },
  { number: 218, call: "set_tid_address(address tidptr)", handler: "sysSetTidAddress", from: "process/process", support: "full", errors: "none" },
  {
    number: 247, call: "waitid(int idtype, pid_t id, out siginfo_t *info, uflags:WAIT options, out struct_rusage *usage)",
    handler: "sysWaitid", from: "process/wait", support: "full",
    errors: "EAGAIN EBADF ECHILD EFAULT EINTR EINVAL", unprovoked: "ESRCH",
  },
  {
    number: 272, call: "unshare(ulong flags)", handler: "sysUnshare", from: "process/process", support: "partial", note: "CLONE_FILES and CLONE_FS",
    errors: "EINVAL", unprovoked: "ENOMEM ENOSPC EPERM EUSERS",
  },
  { number: 231, call: "exit_group(int status)", handler: "sysExitGroup", from: "process/process", support: "full", errors: "none" },
  {
    number: 309, call: "getcpu(out uint *cpu, out uint *node)", handler: "sysGetcpu", from: "process/process", support: "full",
    errors: "EFAULT",
  },
  {
    number: 322, call: "execveat(dirfd dirfd, path pathname, in ulong *argv, in ulong *envp, uflags:AT_CHANGE flags)",
    handler: "sysExecveat", from: "process/exec", support: "full",
    errors: "E2BIG EACCES EBADF EFAULT EINVAL ELIBBAD ELOOP ENAMETOOLONG ENOENT ENOEXEC ENOTDIR ETXTBSY",
    unprovoked: "EIO EMFILE ENFILE ENOMEM EPERM",
  },
  {
    number: 324, call: "membarrier(int command, uint flags, int cpu)", handler: "sysMembarrier", from: "process/process", support: "partial", note: "no RSEQ commands",
    errors: "EINVAL EPERM", unprovoked: "ENOSYS",
  },
  {
    number: 334, call: "rseq(address area, uint size, flags:RSEQ flags, uint signature)", handler: "sysRseq", from: "futex/restartable-sequence", support: "full",
    errors: "EBUSY EFAULT EINVAL EPERM",
  },
  {
    number: 434, call: "pidfd_open(pid_t pid, uflags:PIDFD flags)", handler: "sysPidfdOpen", from: "process/process", support: "full",
    errors: "EINVAL EMFILE ESRCH", unprovoked: "ENFILE ENODEV ENOMEM",
  },
  {
    number: 435, call: "clone3(in struct_clone_args *args, size_t size)", handler: "sysClone3", from: "process/process", support: "partial", note: "no namespaces, no set_tid, no cgroup",
    errors: "E2BIG EAGAIN EFAULT EINVAL", unprovoked: "EACCES EBUSY EEXIST ENOMEM ENOSPC EOPNOTSUPP EPERM EUSERS",
  },
];

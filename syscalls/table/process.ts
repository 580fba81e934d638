// System calls about processes: making, replacing, ending and waiting for them.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  { number: 39, call: "getpid(void)", handler: "sysGetpid", from: "process", support: "full" },
  {
    number: 56, call: "clone(uflags:CLONE flags, address stack, out int *parent_tid, address child_tid, ulong tls)",
    handler: "sysClone", from: "process", support: "partial", note: "no namespaces: EINVAL", refused: "CLONE_NEWNS",
  },
  { number: 57, call: "fork(void)", handler: "sysFork", from: "process", support: "full" },
  { number: 58, call: "vfork(void)", handler: "sysVfork", from: "process", support: "full" },
  { number: 59, call: "execve(path pathname, in ulong *argv, in ulong *envp)", handler: "sysExecve", from: "exec", support: "full" },
  { number: 60, call: "exit(int status)", handler: "sysExit", from: "process", support: "full" },
  { number: 61, call: "wait4(pid_t pid, out int *status, uflags:WAIT options, out struct_rusage *usage)", handler: "sysWait4", from: "wait", support: "full" },
  { number: 109, call: "setpgid(pid_t pid, pid_t pgid)", handler: "sysSetpgid", from: "process-group", support: "full" },
  { number: 110, call: "getppid(void)", handler: "sysGetppid", from: "process", support: "full" },
  { number: 111, call: "getpgrp(void)", handler: "sysGetpgrp", from: "process-group", support: "full" },
  { number: 112, call: "setsid(void)", handler: "sysSetsid", from: "process-group", support: "full" },
  { number: 121, call: "getpgid(pid_t pid)", handler: "sysGetpgid", from: "process-group", support: "full" },
  { number: 124, call: "getsid(pid_t pid)", handler: "sysGetsid", from: "process-group", support: "full" },
  { number: 135, call: "personality(uint persona)", handler: "sysPersonality", from: "process", support: "partial", note: "only ADDR_NO_RANDOMIZE has an effect" },
  { number: 157, call: "prctl(int option, ulong arg2, ulong arg3, ulong arg4, ulong arg5)", handler: "sysPrctl", from: "prctl", support: "partial", note: "no seccomp, no PR_SET_MM, no speculation control" },
  { number: 158, call: "arch_prctl(int code, address addr)", handler: "sysArchPrctl", from: "prctl", support: "partial", note: "FS and GS base" },
  { number: 186, call: "gettid(void)", handler: "sysGettid", from: "process", support: "full" },
  { number: 218, call: "set_tid_address(address tidptr)", handler: "sysSetTidAddress", from: "process", support: "full" },
  {
    number: 247, call: "waitid(int idtype, pid_t id, out siginfo_t *info, uflags:WAIT options, out struct_rusage *usage)",
    handler: "sysWaitid", from: "wait", support: "full",
  },
  { number: 272, call: "unshare(ulong flags)", handler: "sysUnshare", from: "process", support: "partial", note: "CLONE_FILES and CLONE_FS" },
  { number: 231, call: "exit_group(int status)", handler: "sysExitGroup", from: "process", support: "full" },
  { number: 309, call: "getcpu(out uint *cpu, out uint *node)", handler: "sysGetcpu", from: "process", support: "full" },
  {
    number: 322, call: "execveat(dirfd dirfd, path pathname, in ulong *argv, in ulong *envp, uflags:AT_CHANGE flags)",
    handler: "sysExecveat", from: "exec", support: "full",
  },
  { number: 324, call: "membarrier(int command, uint flags, int cpu)", handler: "sysMembarrier", from: "process", support: "partial", note: "no RSEQ commands" },
  { number: 334, call: "rseq(address area, uint size, flags:RSEQ flags, uint signature)", handler: "sysRseq", from: "restartable-sequence", support: "full" },
  { number: 434, call: "pidfd_open(pid_t pid, uflags:PIDFD flags)", handler: "sysPidfdOpen", from: "process", support: "full" },
  { number: 435, call: "clone3(in struct_clone_args *args, size_t size)", handler: "sysClone3", from: "process", support: "partial", note: "no namespaces, no set_tid, no cgroup" },
];

// System calls about signals.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  {
    number: 13, call: "rt_sigaction(signal signum, in struct_sigaction *act, out struct_sigaction *oldact, size_t sigsetsize)",
    handler: "sysRtSigaction", from: "signal/signal", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 14, call: "rt_sigprocmask(int how, in sigset_t *set, out sigset_t *oldset, size_t sigsetsize)",
    handler: "sysRtSigprocmask", from: "signal/signal", support: "full",
    errors: "EFAULT EINVAL",
  },
  { number: 15, call: "rt_sigreturn(void)", handler: "sysRtSigreturn", from: "signal/signal", support: "full", errors: "none" },
  {
    number: 34, call: "pause(void)", handler: "sysPause", from: "signal/signal", support: "full",
    errors: "EINTR",
  },
  {
    number: 62, call: "kill(pid_t pid, signal sig)", handler: "sysKill", from: "signal/kill", support: "full",
    errors: "EINVAL EPERM ESRCH",
  },
  {
    number: 127, call: "rt_sigpending(out sigset_t *set, size_t sigsetsize)", handler: "sysRtSigpending", from: "signal/signal", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 128, call: "rt_sigtimedwait(in sigset_t *set, out siginfo_t *info, in struct_timespec *timeout, size_t sigsetsize)",
    handler: "sysRtSigtimedwait", from: "signal/signal", support: "full",
    errors: "EAGAIN EFAULT EINTR EINVAL",
  },
  {
    number: 129, call: "rt_sigqueueinfo(pid_t tgid, signal sig, in siginfo_t *info)", handler: "sysRtSigqueueinfo", from: "signal/kill", support: "full",
    errors: "E2BIG EAGAIN EFAULT EINVAL EPERM ESRCH",
  },
  {
    number: 130, call: "rt_sigsuspend(in sigset_t *mask, size_t sigsetsize)", handler: "sysRtSigsuspend", from: "signal/signal", support: "full",
    errors: "EFAULT EINTR EINVAL",
  },
  {
    number: 131, call: "sigaltstack(in stack_t *ss, out stack_t *old_ss)", handler: "sysSigaltstack", from: "signal/signal", support: "full",
    errors: "EFAULT EINVAL ENOMEM EPERM",
  },
  {
    number: 200, call: "tkill(pid_t tid, signal sig)", handler: "sysTkill", from: "signal/kill", support: "full",
    errors: "EAGAIN EINVAL EPERM ESRCH",
  },
  {
    number: 219, call: "restart_syscall(void)", handler: "sysRestartSyscall", from: "signal/signal", support: "full",
    errors: "EINTR",
  },
  {
    number: 234, call: "tgkill(pid_t tgid, pid_t tid, signal sig)", handler: "sysTgkill", from: "signal/kill", support: "full",
    errors: "EAGAIN EINVAL EPERM ESRCH",
  },
  {
    number: 282, call: "signalfd(file?# fd, in sigset_t *mask, size_t sizemask)", handler: "sysSignalfd", from: "poll/signalfd", support: "full",
    errors: "EBADF EFAULT EINVAL EMFILE", unprovoked: "ENFILE ENODEV ENOMEM",
  },
  {
    number: 289, call: "signalfd4(file?# fd, in sigset_t *mask, size_t sizemask, uflags:SIGNALFD flags)", handler: "sysSignalfd4", from: "poll/signalfd", support: "full",
    errors: "EBADF EFAULT EINVAL EMFILE", unprovoked: "ENFILE ENODEV ENOMEM",
  },
  {
    number: 297, call: "rt_tgsigqueueinfo(pid_t tgid, pid_t tid, signal sig, in siginfo_t *info)", handler: "sysRtTgsigqueueinfo",
    from: "signal/kill", support: "full",
    errors: "EAGAIN EFAULT EINVAL EPERM ESRCH",
  },
  {
    number: 424, call: "pidfd_send_signal(file? pidfd, signal sig, in siginfo_t *info, uint flags)", handler: "sysPidfdSendSignal", from: "signal/kill", support: "full",
    errors: "EBADF EFAULT EINVAL EPERM ESRCH",
  },
];

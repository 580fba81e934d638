// Generated from syscalls/table/ by toolchain/generators/system-calls.ts. Do not edit.
// Decodes the registers of a system call by the C types of its arguments and calls its handler, by way of file-calls.ts if it
// works on open files.

import { Task } from "../../kernel/task/task";
import { unknownCall } from "../dispatch/unknown-call";
import { callCopyFileRange, callDup, callDup2, callDup3, callEpollCtl, callEpollPwait, callEpollPwait2, callEpollWait, callFadvise64, callFallocate, callFchdir, callFchmod, callFchown, callFcntl, callFdatasync, callFgetxattr, callFlistxattr, callFlock, callFremovexattr, callFsetxattr, callFstat, callFstatfs, callFsync, callFtruncate, callGetdents, callGetdents64, callIoctl, callLseek, callMmap, callPidfdSendSignal, callPread64, callPreadv, callPreadv2, callPwrite64, callPwritev, callPwritev2, callRead, callReadahead, callReadv, callSendfile, callSignalfd, callSignalfd4, callSplice, callSyncFileRange, callSyncfs, callTee, callTimerfdGettime, callTimerfdSettime, callVmsplice, callWrite, callWritev } from "./file-calls";
import { sysClose, sysCloseRange } from "../descriptor/descriptor";
import { sysEventfd, sysEventfd2, sysPipe, sysPipe2 } from "../descriptor/pipe";
import { sysChmod, sysChown, sysFchmodat, sysFchmodat2, sysFchownat, sysFutimesat, sysLchown, sysUtime, sysUtimensat, sysUtimes } from "../file/attributes";
import { sysChdir, sysChroot, sysGetcwd, sysMkdir, sysMkdirat, sysUmask } from "../file/directory";
import { sysGetxattr, sysLgetxattr, sysListxattr, sysLlistxattr, sysLremovexattr, sysLsetxattr, sysRemovexattr, sysSetxattr } from "../file/extended-attributes";
import { sysLink, sysLinkat, sysMknod, sysMknodat, sysReadlink, sysReadlinkat, sysRename, sysRenameat, sysRenameat2, sysRmdir, sysSymlink, sysSymlinkat, sysUnlink, sysUnlinkat } from "../file/links";
import { sysMount, sysPivotRoot, sysUmount2 } from "../file/mount";
import { sysCreat, sysMemfdCreate, sysOpen, sysOpenat, sysOpenat2 } from "../file/open";
import { sysAccess, sysFaccessat, sysFaccessat2, sysLstat, sysNewfstatat, sysStat, sysStatfs, sysStatx } from "../file/stat";
import { sysSync, sysTruncate } from "../file/storage";
import { sysFutex, sysGetRobustList, sysSetRobustList } from "../futex/futex";
import { sysRseq } from "../futex/restartable-sequence";
import { sysCapget, sysCapset } from "../identity/capability";
import { sysGetegid, sysGeteuid, sysGetgid, sysGetgroups, sysGetresgid, sysGetresuid, sysGetuid, sysSetfsgid, sysSetfsuid, sysSetgid, sysSetgroups, sysSetregid, sysSetresgid, sysSetresuid, sysSetreuid, sysSetuid } from "../identity/identity";
import { sysBrk, sysMadvise, sysMincore, sysMlock, sysMlock2, sysMlockall, sysMprotect, sysMremap, sysMsync, sysMunlock, sysMunlockall, sysMunmap } from "../memory/mmap";
import { sysEpollCreate, sysEpollCreate1 } from "../poll/epoll";
import { sysPoll, sysPpoll, sysPselect6, sysSelect } from "../poll/poll";
import { sysTimerfdCreate } from "../poll/timerfd";
import { sysExecve, sysExecveat } from "../process/exec";
import { sysGetrlimit, sysPrlimit64, sysSetrlimit } from "../process/limits";
import { sysArchPrctl, sysPrctl } from "../process/prctl";
import { sysClone, sysClone3, sysExit, sysExitGroup, sysFork, sysGetcpu, sysGetpid, sysGetppid, sysGettid, sysMembarrier, sysPersonality, sysPidfdOpen, sysSetTidAddress, sysUnshare, sysVfork } from "../process/process";
import { sysGetpgid, sysGetpgrp, sysGetsid, sysSetpgid, sysSetsid } from "../process/process-group";
import { sysWait4, sysWaitid } from "../process/wait";
import { sysGetpriority, sysSetpriority } from "../scheduling/priority";
import { sysSchedGetPriorityMax, sysSchedGetPriorityMin, sysSchedGetaffinity, sysSchedGetparam, sysSchedGetscheduler, sysSchedRrGetInterval, sysSchedSetaffinity, sysSchedSetparam, sysSchedSetscheduler, sysSchedYield } from "../scheduling/scheduling";
import { sysSchedGetattr, sysSchedSetattr } from "../scheduling/scheduling-attributes";
import { sysKill, sysRtSigqueueinfo, sysRtTgsigqueueinfo, sysTgkill, sysTkill } from "../signal/kill";
import { sysPause, sysRestartSyscall, sysRtSigaction, sysRtSigpending, sysRtSigprocmask, sysRtSigreturn, sysRtSigsuspend, sysRtSigtimedwait, sysSigaltstack } from "../signal/signal";
import { sysGetrandom } from "../system/random";
import { sysReboot } from "../system/reboot";
import { sysSyslog } from "../system/syslog";
import { sysSetdomainname, sysSethostname, sysSysinfo, sysUname } from "../system/system";
import { sysAlarm, sysGetitimer, sysSetitimer } from "../time/interval-timers";
import { sysClockNanosleep, sysNanosleep } from "../time/sleep";
import { sysAdjtimex, sysClockAdjtime, sysClockGetres, sysClockGettime, sysClockSettime, sysGetrusage, sysGettimeofday, sysSettimeofday, sysTime, sysTimes } from "../time/time";
import { sysTimerCreate, sysTimerDelete, sysTimerGetoverrun, sysTimerGettime, sysTimerSettime } from "../time/timers";

/** The result of system call `number`: a value or `-errno`. Sleeps as the handler does. */
@sleeps export function dispatch(task: Task, number: i32, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  const user = task.arguments;
  switch (number) {
    case 0: return callRead(task, <i32>a0, user.destination.claim(a1, a2)); // read
    case 1: return callWrite(task, <i32>a0, user.source.claim(a1, a2)); // write
    case 2: return sysOpen(task, user.path0.claim(a0), <i32>a1, <u32>a2); // open
    case 3: return sysClose(task, <i32>a0); // close
    case 4: return sysStat(task, user.path0.claim(a0), user.out0.claim(a1)); // stat
    case 5: return callFstat(task, <i32>a0, user.out0.claim(a1)); // fstat
    case 6: return sysLstat(task, user.path0.claim(a0), user.out0.claim(a1)); // lstat
    case 7: return sysPoll(task, user.inOut0.claim(a0), <u32>a1, <i32>a2); // poll
    case 8: return callLseek(task, <i32>a0, <i64>a1, <u32>a2); // lseek
    case 9: return callMmap(task, a0, a1, <u32>a2, <u32>a3, <i32>a4, a5); // mmap
    case 10: return sysMprotect(task, a0, a1, <u32>a2); // mprotect
    case 11: return sysMunmap(task, a0, a1); // munmap
    case 12: return sysBrk(task, a0); // brk
    case 13: return sysRtSigaction(task, <i32>a0, user.in0.claim(a1), user.out0.claim(a2), a3); // rt_sigaction
    case 14: return sysRtSigprocmask(task, <i32>a0, user.in0.claim(a1), user.out0.claim(a2), a3); // rt_sigprocmask
    case 15: return sysRtSigreturn(task); // rt_sigreturn
    case 16: return callIoctl(task, <i32>a0, <u32>a1, a2); // ioctl
    case 17: return callPread64(task, <i32>a0, user.destination.claim(a1, a2), <i64>a3); // pread64
    case 18: return callPwrite64(task, <i32>a0, user.source.claim(a1, a2), <i64>a3); // pwrite64
    case 19: return callReadv(task, <i32>a0, user.in0.claim(a1), a2); // readv
    case 20: return callWritev(task, <i32>a0, user.in0.claim(a1), a2); // writev
    case 21: return sysAccess(task, user.path0.claim(a0), <u32>a1); // access
    case 22: return sysPipe(task, user.out0.claim(a0)); // pipe
    case 23: return sysSelect(task, <i32>a0, user.inOut0.claim(a1), user.inOut1.claim(a2), a3, a4); // select
    case 24: return sysSchedYield(task); // sched_yield
    case 25: return sysMremap(task, a0, a1, a2, a3, a4); // mremap
    case 26: return sysMsync(task, a0, a1, <u32>a2); // msync
    case 27: return sysMincore(task, a0, a1, user.out0.claim(a2)); // mincore
    case 28: return sysMadvise(task, a0, a1, <i32>a2); // madvise
    case 32: return callDup(task, <i32>a0); // dup
    case 33: return callDup2(task, <i32>a0, <i32>a1); // dup2
    case 34: return sysPause(task); // pause
    case 35: return sysNanosleep(task, user.in0.claim(a0), user.out0.claim(a1)); // nanosleep
    case 36: return sysGetitimer(task, <i32>a0, user.out0.claim(a1)); // getitimer
    case 37: return sysAlarm(task, <u32>a0); // alarm
    case 38: return sysSetitimer(task, <i32>a0, user.in0.claim(a1), user.out0.claim(a2)); // setitimer
    case 39: return sysGetpid(task); // getpid
    case 40: return callSendfile(task, <i32>a0, <i32>a1, user.inOut0.claim(a2), a3); // sendfile
    case 56: return sysClone(task, <u32>a0, a1, user.out0.claim(a2), a3, a4); // clone
    case 57: return sysFork(task); // fork
    case 58: return sysVfork(task); // vfork
    case 59: return sysExecve(task, user.path0.claim(a0), user.in0.claim(a1), user.in1.claim(a2)); // execve
    case 60: return sysExit(task, <i32>a0); // exit
    case 61: return sysWait4(task, <i32>a0, user.out0.claim(a1), <u32>a2, user.out1.claim(a3)); // wait4
    case 62: return sysKill(task, <i32>a0, <i32>a1); // kill
    case 63: return sysUname(task, user.out0.claim(a0)); // uname
    case 72: return callFcntl(task, <i32>a0, <u32>a1, a2); // fcntl
    case 73: return callFlock(task, <i32>a0, <u32>a1); // flock
    case 74: return callFsync(task, <i32>a0); // fsync
    case 75: return callFdatasync(task, <i32>a0); // fdatasync
    case 76: return sysTruncate(task, user.path0.claim(a0), <i64>a1); // truncate
    case 77: return callFtruncate(task, <i32>a0, <i64>a1); // ftruncate
    case 78: return callGetdents(task, <i32>a0, user.out0.claim(a1), <u32>a2); // getdents
    case 79: return sysGetcwd(task, user.out0.claim(a0), a1); // getcwd
    case 80: return sysChdir(task, user.path0.claim(a0)); // chdir
    case 81: return callFchdir(task, <i32>a0); // fchdir
    case 82: return sysRename(task, user.path0.claim(a0), user.path1.claim(a1)); // rename
    case 83: return sysMkdir(task, user.path0.claim(a0), <u32>a1); // mkdir
    case 84: return sysRmdir(task, user.path0.claim(a0)); // rmdir
    case 85: return sysCreat(task, user.path0.claim(a0), <u32>a1); // creat
    case 86: return sysLink(task, user.path0.claim(a0), user.path1.claim(a1)); // link
    case 87: return sysUnlink(task, user.path0.claim(a0)); // unlink
    case 88: return sysSymlink(task, user.path0.claim(a0), user.path1.claim(a1)); // symlink
    case 89: return sysReadlink(task, user.path0.claim(a0), user.out0.claim(a1), <i32>a2); // readlink
    case 90: return sysChmod(task, user.path0.claim(a0), <u32>a1); // chmod
    case 91: return callFchmod(task, <i32>a0, <u32>a1); // fchmod
    case 92: return sysChown(task, user.path0.claim(a0), <u32>a1, <u32>a2); // chown
    case 93: return callFchown(task, <i32>a0, <u32>a1, <u32>a2); // fchown
    case 94: return sysLchown(task, user.path0.claim(a0), <u32>a1, <u32>a2); // lchown
    case 95: return sysUmask(task, <u32>a0); // umask
    case 96: return sysGettimeofday(task, user.out0.claim(a0), user.out1.claim(a1)); // gettimeofday
    case 97: return sysGetrlimit(task, <i32>a0, user.out0.claim(a1)); // getrlimit
    case 98: return sysGetrusage(task, <i32>a0, user.out0.claim(a1)); // getrusage
    case 99: return sysSysinfo(task, user.out0.claim(a0)); // sysinfo
    case 100: return sysTimes(task, user.out0.claim(a0)); // times
    case 102: return sysGetuid(task); // getuid
    case 103: return sysSyslog(task, <i32>a0, user.out0.claim(a1), <i32>a2); // syslog
    case 104: return sysGetgid(task); // getgid
    case 105: return sysSetuid(task, <u32>a0); // setuid
    case 106: return sysSetgid(task, <u32>a0); // setgid
    case 107: return sysGeteuid(task); // geteuid
    case 108: return sysGetegid(task); // getegid
    case 109: return sysSetpgid(task, <i32>a0, <i32>a1); // setpgid
    case 110: return sysGetppid(task); // getppid
    case 111: return sysGetpgrp(task); // getpgrp
    case 112: return sysSetsid(task); // setsid
    case 113: return sysSetreuid(task, <u32>a0, <u32>a1); // setreuid
    case 114: return sysSetregid(task, <u32>a0, <u32>a1); // setregid
    case 115: return sysGetgroups(task, <i32>a0, user.out0.claim(a1)); // getgroups
    case 116: return sysSetgroups(task, <i32>a0, user.in0.claim(a1)); // setgroups
    case 117: return sysSetresuid(task, <u32>a0, <u32>a1, <u32>a2); // setresuid
    case 118: return sysGetresuid(task, user.out0.claim(a0), user.out1.claim(a1), user.out2.claim(a2)); // getresuid
    case 119: return sysSetresgid(task, <u32>a0, <u32>a1, <u32>a2); // setresgid
    case 120: return sysGetresgid(task, user.out0.claim(a0), user.out1.claim(a1), user.out2.claim(a2)); // getresgid
    case 121: return sysGetpgid(task, <i32>a0); // getpgid
    case 122: return sysSetfsuid(task, <u32>a0); // setfsuid
    case 123: return sysSetfsgid(task, <u32>a0); // setfsgid
    case 124: return sysGetsid(task, <i32>a0); // getsid
    case 125: return sysCapget(task, user.inOut0.claim(a0), user.out0.claim(a1)); // capget
    case 126: return sysCapset(task, user.inOut0.claim(a0), user.in0.claim(a1)); // capset
    case 127: return sysRtSigpending(task, user.out0.claim(a0), a1); // rt_sigpending
    case 128: return sysRtSigtimedwait(task, user.in0.claim(a0), user.out0.claim(a1), user.in1.claim(a2), a3); // rt_sigtimedwait
    case 129: return sysRtSigqueueinfo(task, <i32>a0, <i32>a1, user.in0.claim(a2)); // rt_sigqueueinfo
    case 130: return sysRtSigsuspend(task, user.in0.claim(a0), a1); // rt_sigsuspend
    case 131: return sysSigaltstack(task, user.in0.claim(a0), user.out0.claim(a1)); // sigaltstack
    case 132: return sysUtime(task, user.path0.claim(a0), user.in0.claim(a1)); // utime
    case 133: return sysMknod(task, user.path0.claim(a0), <u32>a1, <u32>a2); // mknod
    case 135: return sysPersonality(task, <u32>a0); // personality
    case 137: return sysStatfs(task, user.path0.claim(a0), user.out0.claim(a1)); // statfs
    case 138: return callFstatfs(task, <i32>a0, user.out0.claim(a1)); // fstatfs
    case 140: return sysGetpriority(task, <i32>a0, <u32>a1); // getpriority
    case 141: return sysSetpriority(task, <i32>a0, <u32>a1, <i32>a2); // setpriority
    case 142: return sysSchedSetparam(task, <i32>a0, user.in0.claim(a1)); // sched_setparam
    case 143: return sysSchedGetparam(task, <i32>a0, user.out0.claim(a1)); // sched_getparam
    case 144: return sysSchedSetscheduler(task, <i32>a0, <i32>a1, user.in0.claim(a2)); // sched_setscheduler
    case 145: return sysSchedGetscheduler(task, <i32>a0); // sched_getscheduler
    case 146: return sysSchedGetPriorityMax(task, <i32>a0); // sched_get_priority_max
    case 147: return sysSchedGetPriorityMin(task, <i32>a0); // sched_get_priority_min
    case 148: return sysSchedRrGetInterval(task, <i32>a0, user.out0.claim(a1)); // sched_rr_get_interval
    case 149: return sysMlock(task, a0, a1); // mlock
    case 150: return sysMunlock(task, a0, a1); // munlock
    case 151: return sysMlockall(task, <u32>a0); // mlockall
    case 152: return sysMunlockall(task); // munlockall
    case 155: return sysPivotRoot(task, user.path0.claim(a0), user.path1.claim(a1)); // pivot_root
    case 157: return sysPrctl(task, <i32>a0, a1, a2, a3, a4); // prctl
    case 158: return sysArchPrctl(task, <i32>a0, a1); // arch_prctl
    case 159: return sysAdjtimex(task, user.inOut0.claim(a0)); // adjtimex
    case 160: return sysSetrlimit(task, <i32>a0, user.in0.claim(a1)); // setrlimit
    case 161: return sysChroot(task, user.path0.claim(a0)); // chroot
    case 162: return sysSync(task); // sync
    case 164: return sysSettimeofday(task, user.in0.claim(a0), user.in1.claim(a1)); // settimeofday
    case 165: return sysMount(task, a0, user.path0.claim(a1), a2, a3, a4); // mount
    case 166: return sysUmount2(task, user.path0.claim(a0), <u32>a1); // umount2
    case 169: return sysReboot(task, <u32>a0, <u32>a1, <u32>a2, user.path0.claim(a3)); // reboot
    case 170: return sysSethostname(task, user.in0.claim(a0), a1); // sethostname
    case 171: return sysSetdomainname(task, user.in0.claim(a0), a1); // setdomainname
    case 186: return sysGettid(task); // gettid
    case 187: return callReadahead(task, <i32>a0, <i64>a1, a2); // readahead
    case 188: return sysSetxattr(task, user.path0.claim(a0), user.path1.claim(a1), user.in0.claim(a2), a3, <i32>a4); // setxattr
    case 189: return sysLsetxattr(task, user.path0.claim(a0), user.path1.claim(a1), user.in0.claim(a2), a3, <i32>a4); // lsetxattr
    case 190: return callFsetxattr(task, <i32>a0, user.path0.claim(a1), user.in0.claim(a2), a3, <i32>a4); // fsetxattr
    case 191: return sysGetxattr(task, user.path0.claim(a0), user.path1.claim(a1), user.out0.claim(a2), a3); // getxattr
    case 192: return sysLgetxattr(task, user.path0.claim(a0), user.path1.claim(a1), user.out0.claim(a2), a3); // lgetxattr
    case 193: return callFgetxattr(task, <i32>a0, user.path0.claim(a1), user.out0.claim(a2), a3); // fgetxattr
    case 194: return sysListxattr(task, user.path0.claim(a0), user.out0.claim(a1), a2); // listxattr
    case 195: return sysLlistxattr(task, user.path0.claim(a0), user.out0.claim(a1), a2); // llistxattr
    case 196: return callFlistxattr(task, <i32>a0, user.out0.claim(a1), a2); // flistxattr
    case 197: return sysRemovexattr(task, user.path0.claim(a0), user.path1.claim(a1)); // removexattr
    case 198: return sysLremovexattr(task, user.path0.claim(a0), user.path1.claim(a1)); // lremovexattr
    case 199: return callFremovexattr(task, <i32>a0, user.path0.claim(a1)); // fremovexattr
    case 200: return sysTkill(task, <i32>a0, <i32>a1); // tkill
    case 201: return sysTime(task, user.out0.claim(a0)); // time
    case 202: return sysFutex(task, user.inOut0.claim(a0), <u32>a1, <u32>a2, a3, user.inOut1.claim(a4), <u32>a5); // futex
    case 203: return sysSchedSetaffinity(task, <i32>a0, a1, user.in0.claim(a2)); // sched_setaffinity
    case 204: return sysSchedGetaffinity(task, <i32>a0, a1, user.out0.claim(a2)); // sched_getaffinity
    case 213: return sysEpollCreate(task, <i32>a0); // epoll_create
    case 217: return callGetdents64(task, <i32>a0, user.out0.claim(a1), <u32>a2); // getdents64
    case 218: return sysSetTidAddress(task, a0); // set_tid_address
    case 219: return sysRestartSyscall(task); // restart_syscall
    case 221: return callFadvise64(task, <i32>a0, <i64>a1, <i64>a2, <i32>a3); // fadvise64
    case 222: return sysTimerCreate(task, <i32>a0, user.in0.claim(a1), user.out0.claim(a2)); // timer_create
    case 223: return sysTimerSettime(task, <i32>a0, <i32>a1, user.in0.claim(a2), user.out0.claim(a3)); // timer_settime
    case 224: return sysTimerGettime(task, <i32>a0, user.out0.claim(a1)); // timer_gettime
    case 225: return sysTimerGetoverrun(task, <i32>a0); // timer_getoverrun
    case 226: return sysTimerDelete(task, <i32>a0); // timer_delete
    case 227: return sysClockSettime(task, <i32>a0, user.in0.claim(a1)); // clock_settime
    case 228: return sysClockGettime(task, <i32>a0, user.out0.claim(a1)); // clock_gettime
    case 229: return sysClockGetres(task, <i32>a0, user.out0.claim(a1)); // clock_getres
    case 230: return sysClockNanosleep(task, <i32>a0, <i32>a1, user.in0.claim(a2), user.out0.claim(a3)); // clock_nanosleep
    case 231: return sysExitGroup(task, <i32>a0); // exit_group
    case 232: return callEpollWait(task, <i32>a0, user.out0.claim(a1), <i32>a2, <i32>a3); // epoll_wait
    case 233: return callEpollCtl(task, <i32>a0, <i32>a1, <i32>a2, user.in0.claim(a3)); // epoll_ctl
    case 234: return sysTgkill(task, <i32>a0, <i32>a1, <i32>a2); // tgkill
    case 235: return sysUtimes(task, user.path0.claim(a0), user.in0.claim(a1)); // utimes
    case 247: return sysWaitid(task, <i32>a0, <i32>a1, user.out0.claim(a2), <u32>a3, user.out1.claim(a4)); // waitid
    case 257: return sysOpenat(task, <i32>a0, user.path0.claim(a1), <i32>a2, <u32>a3); // openat
    case 258: return sysMkdirat(task, <i32>a0, user.path0.claim(a1), <u32>a2); // mkdirat
    case 259: return sysMknodat(task, <i32>a0, user.path0.claim(a1), <u32>a2, <u32>a3); // mknodat
    case 260: return sysFchownat(task, <i32>a0, user.path0.claim(a1), <u32>a2, <u32>a3, <i32>a4); // fchownat
    case 261: return sysFutimesat(task, <i32>a0, user.path0.claim(a1), user.in0.claim(a2)); // futimesat
    case 262: return sysNewfstatat(task, <i32>a0, user.path0.claim(a1), user.out0.claim(a2), <i32>a3); // newfstatat
    case 263: return sysUnlinkat(task, <i32>a0, user.path0.claim(a1), <i32>a2); // unlinkat
    case 264: return sysRenameat(task, <i32>a0, user.path0.claim(a1), <i32>a2, user.path1.claim(a3)); // renameat
    case 265: return sysLinkat(task, <i32>a0, user.path0.claim(a1), <i32>a2, user.path1.claim(a3), <i32>a4); // linkat
    case 266: return sysSymlinkat(task, user.path0.claim(a0), <i32>a1, user.path1.claim(a2)); // symlinkat
    case 267: return sysReadlinkat(task, <i32>a0, user.path0.claim(a1), user.out0.claim(a2), <i32>a3); // readlinkat
    case 268: return sysFchmodat(task, <i32>a0, user.path0.claim(a1), <u32>a2); // fchmodat
    case 269: return sysFaccessat(task, <i32>a0, user.path0.claim(a1), <u32>a2); // faccessat
    case 270: return sysPselect6(task, <i32>a0, a1, a2, a3, a4, user.in0.claim(a5)); // pselect6
    case 271: return sysPpoll(task, user.inOut0.claim(a0), <u32>a1, user.inOut1.claim(a2), user.in0.claim(a3), a4); // ppoll
    case 272: return sysUnshare(task, a0); // unshare
    case 273: return sysSetRobustList(task, a0, a1); // set_robust_list
    case 274: return sysGetRobustList(task, <i32>a0, user.out0.claim(a1), user.out1.claim(a2)); // get_robust_list
    case 275: return callSplice(task, <i32>a0, user.inOut0.claim(a1), <i32>a2, user.inOut1.claim(a3), a4, <u32>a5); // splice
    case 276: return callTee(task, <i32>a0, <i32>a1, a2, <u32>a3); // tee
    case 277: return callSyncFileRange(task, <i32>a0, <i64>a1, <i64>a2, <u32>a3); // sync_file_range
    case 278: return callVmsplice(task, <i32>a0, user.in0.claim(a1), a2, <u32>a3); // vmsplice
    case 280: return sysUtimensat(task, <i32>a0, user.path0.claim(a1), user.in0.claim(a2), <i32>a3); // utimensat
    case 281: return callEpollPwait(task, <i32>a0, user.out0.claim(a1), <i32>a2, <i32>a3, user.in0.claim(a4), a5); // epoll_pwait
    case 282: return callSignalfd(task, <i32>a0, user.in0.claim(a1), a2); // signalfd
    case 283: return sysTimerfdCreate(task, <i32>a0, <u32>a1); // timerfd_create
    case 284: return sysEventfd(task, <u32>a0); // eventfd
    case 285: return callFallocate(task, <i32>a0, <i32>a1, <i64>a2, <i64>a3); // fallocate
    case 286: return callTimerfdSettime(task, <i32>a0, <u32>a1, user.in0.claim(a2), user.out0.claim(a3)); // timerfd_settime
    case 287: return callTimerfdGettime(task, <i32>a0, user.out0.claim(a1)); // timerfd_gettime
    case 289: return callSignalfd4(task, <i32>a0, user.in0.claim(a1), a2, <u32>a3); // signalfd4
    case 290: return sysEventfd2(task, <u32>a0, <u32>a1); // eventfd2
    case 291: return sysEpollCreate1(task, <u32>a0); // epoll_create1
    case 292: return callDup3(task, <i32>a0, <i32>a1, <u32>a2); // dup3
    case 293: return sysPipe2(task, user.out0.claim(a0), <u32>a1); // pipe2
    case 295: return callPreadv(task, <i32>a0, user.in0.claim(a1), a2, <i64>a3, a4); // preadv
    case 296: return callPwritev(task, <i32>a0, user.in0.claim(a1), a2, <i64>a3, a4); // pwritev
    case 297: return sysRtTgsigqueueinfo(task, <i32>a0, <i32>a1, <i32>a2, user.in0.claim(a3)); // rt_tgsigqueueinfo
    case 302: return sysPrlimit64(task, <i32>a0, <i32>a1, user.in0.claim(a2), user.out0.claim(a3)); // prlimit64
    case 305: return sysClockAdjtime(task, <i32>a0, user.inOut0.claim(a1)); // clock_adjtime
    case 306: return callSyncfs(task, <i32>a0); // syncfs
    case 309: return sysGetcpu(task, user.out0.claim(a0), user.out1.claim(a1)); // getcpu
    case 314: return sysSchedSetattr(task, <i32>a0, user.inOut0.claim(a1), <u32>a2); // sched_setattr
    case 315: return sysSchedGetattr(task, <i32>a0, user.out0.claim(a1), <u32>a2, <u32>a3); // sched_getattr
    case 316: return sysRenameat2(task, <i32>a0, user.path0.claim(a1), <i32>a2, user.path1.claim(a3), <u32>a4); // renameat2
    case 318: return sysGetrandom(task, user.destination.claim(a0, a1), <u32>a2); // getrandom
    case 319: return sysMemfdCreate(task, user.path0.claim(a0), <u32>a1); // memfd_create
    case 322: return sysExecveat(task, <i32>a0, user.path0.claim(a1), user.in0.claim(a2), user.in1.claim(a3), <u32>a4); // execveat
    case 324: return sysMembarrier(task, <i32>a0, <u32>a1, <i32>a2); // membarrier
    case 325: return sysMlock2(task, a0, a1, <u32>a2); // mlock2
    case 326: return callCopyFileRange(task, <i32>a0, user.inOut0.claim(a1), <i32>a2, user.inOut1.claim(a3), a4, <u32>a5); // copy_file_range
    case 327: return callPreadv2(task, <i32>a0, user.in0.claim(a1), a2, <i64>a3, a4, <i32>a5); // preadv2
    case 328: return callPwritev2(task, <i32>a0, user.in0.claim(a1), a2, <i64>a3, a4, <i32>a5); // pwritev2
    case 332: return sysStatx(task, <i32>a0, user.path0.claim(a1), <i32>a2, <u32>a3, user.out0.claim(a4)); // statx
    case 334: return sysRseq(task, a0, <u32>a1, <i32>a2, <u32>a3); // rseq
    case 424: return callPidfdSendSignal(task, <i32>a0, <i32>a1, user.in0.claim(a2), <u32>a3); // pidfd_send_signal
    case 434: return sysPidfdOpen(task, <i32>a0, <u32>a1); // pidfd_open
    case 435: return sysClone3(task, user.in0.claim(a0), a1); // clone3
    case 436: return sysCloseRange(task, <u32>a0, <u32>a1, <u32>a2); // close_range
    case 437: return sysOpenat2(task, <i32>a0, user.path0.claim(a1), user.in0.claim(a2), a3); // openat2
    case 439: return sysFaccessat2(task, <i32>a0, user.path0.claim(a1), <u32>a2, <i32>a3); // faccessat2
    case 441: return callEpollPwait2(task, <i32>a0, user.out0.claim(a1), <i32>a2, user.in0.claim(a3), user.in1.claim(a4), a5); // epoll_pwait2
    case 452: return sysFchmodat2(task, <i32>a0, user.path0.claim(a1), <u32>a2, <i32>a3); // fchmodat2
  }
  return unknownCall(number);
}

// Generated from kernel/abi/struct-descriptions.ts by toolchain/generators/abi-structs.ts. Do not edit.

/** struct timespec, <time.h>: size and offsets in bytes */
export namespace Timespec {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 16;
  // @ts-ignore: decorator
  @inline export const tv_sec: u32 = 0;
  // @ts-ignore: decorator
  @inline export const tv_nsec: u32 = 8;
}

/** struct timeval, <sys/time.h>: size and offsets in bytes */
export namespace Timeval {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 16;
  // @ts-ignore: decorator
  @inline export const tv_sec: u32 = 0;
  // @ts-ignore: decorator
  @inline export const tv_usec: u32 = 8;
}

/** struct timezone, <sys/time.h>: size and offsets in bytes */
export namespace Timezone {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 8;
  // @ts-ignore: decorator
  @inline export const tz_minuteswest: u32 = 0;
  // @ts-ignore: decorator
  @inline export const tz_dsttime: u32 = 4;
}

/** struct itimerval, <sys/time.h>: size and offsets in bytes */
export namespace Itimerval {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 32;
  // @ts-ignore: decorator
  @inline export const it_interval: u32 = 0;
  // @ts-ignore: decorator
  @inline export const it_value: u32 = 16;
}

/** struct itimerspec, <time.h>: size and offsets in bytes */
export namespace Itimerspec {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 32;
  // @ts-ignore: decorator
  @inline export const it_interval: u32 = 0;
  // @ts-ignore: decorator
  @inline export const it_value: u32 = 16;
}

/** struct stat, <sys/stat.h>: size and offsets in bytes */
export namespace Stat {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 144;
  // @ts-ignore: decorator
  @inline export const st_dev: u32 = 0;
  // @ts-ignore: decorator
  @inline export const st_ino: u32 = 8;
  // @ts-ignore: decorator
  @inline export const st_nlink: u32 = 16;
  // @ts-ignore: decorator
  @inline export const st_mode: u32 = 24;
  // @ts-ignore: decorator
  @inline export const st_uid: u32 = 28;
  // @ts-ignore: decorator
  @inline export const st_gid: u32 = 32;
  // @ts-ignore: decorator
  @inline export const __pad0: u32 = 36;
  // @ts-ignore: decorator
  @inline export const st_rdev: u32 = 40;
  // @ts-ignore: decorator
  @inline export const st_size: u32 = 48;
  // @ts-ignore: decorator
  @inline export const st_blksize: u32 = 56;
  // @ts-ignore: decorator
  @inline export const st_blocks: u32 = 64;
  // @ts-ignore: decorator
  @inline export const st_atim: u32 = 72;
  // @ts-ignore: decorator
  @inline export const st_mtim: u32 = 88;
  // @ts-ignore: decorator
  @inline export const st_ctim: u32 = 104;
  // @ts-ignore: decorator
  @inline export const __glibc_reserved: u32 = 120;
}

/** struct statx_timestamp, <linux/stat.h>: size and offsets in bytes */
export namespace StatxTimestamp {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 16;
  // @ts-ignore: decorator
  @inline export const tv_sec: u32 = 0;
  // @ts-ignore: decorator
  @inline export const tv_nsec: u32 = 8;
  // @ts-ignore: decorator
  @inline export const __reserved: u32 = 12;
}

/** struct statx, <linux/stat.h>: size and offsets in bytes */
export namespace Statx {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 256;
  // @ts-ignore: decorator
  @inline export const stx_mask: u32 = 0;
  // @ts-ignore: decorator
  @inline export const stx_blksize: u32 = 4;
  // @ts-ignore: decorator
  @inline export const stx_attributes: u32 = 8;
  // @ts-ignore: decorator
  @inline export const stx_nlink: u32 = 16;
  // @ts-ignore: decorator
  @inline export const stx_uid: u32 = 20;
  // @ts-ignore: decorator
  @inline export const stx_gid: u32 = 24;
  // @ts-ignore: decorator
  @inline export const stx_mode: u32 = 28;
  // @ts-ignore: decorator
  @inline export const __spare0: u32 = 30;
  // @ts-ignore: decorator
  @inline export const stx_ino: u32 = 32;
  // @ts-ignore: decorator
  @inline export const stx_size: u32 = 40;
  // @ts-ignore: decorator
  @inline export const stx_blocks: u32 = 48;
  // @ts-ignore: decorator
  @inline export const stx_attributes_mask: u32 = 56;
  // @ts-ignore: decorator
  @inline export const stx_atime: u32 = 64;
  // @ts-ignore: decorator
  @inline export const stx_btime: u32 = 80;
  // @ts-ignore: decorator
  @inline export const stx_ctime: u32 = 96;
  // @ts-ignore: decorator
  @inline export const stx_mtime: u32 = 112;
  // @ts-ignore: decorator
  @inline export const stx_rdev_major: u32 = 128;
  // @ts-ignore: decorator
  @inline export const stx_rdev_minor: u32 = 132;
  // @ts-ignore: decorator
  @inline export const stx_dev_major: u32 = 136;
  // @ts-ignore: decorator
  @inline export const stx_dev_minor: u32 = 140;
  // @ts-ignore: decorator
  @inline export const stx_mnt_id: u32 = 144;
  // @ts-ignore: decorator
  @inline export const stx_dio_mem_align: u32 = 152;
  // @ts-ignore: decorator
  @inline export const stx_dio_offset_align: u32 = 156;
  // @ts-ignore: decorator
  @inline export const __spare3: u32 = 160;
}

/** struct statfs, <sys/statfs.h>: size and offsets in bytes */
export namespace Statfs {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 120;
  // @ts-ignore: decorator
  @inline export const f_type: u32 = 0;
  // @ts-ignore: decorator
  @inline export const f_bsize: u32 = 8;
  // @ts-ignore: decorator
  @inline export const f_blocks: u32 = 16;
  // @ts-ignore: decorator
  @inline export const f_bfree: u32 = 24;
  // @ts-ignore: decorator
  @inline export const f_bavail: u32 = 32;
  // @ts-ignore: decorator
  @inline export const f_files: u32 = 40;
  // @ts-ignore: decorator
  @inline export const f_ffree: u32 = 48;
  // @ts-ignore: decorator
  @inline export const f_fsid: u32 = 56;
  // @ts-ignore: decorator
  @inline export const f_namelen: u32 = 64;
  // @ts-ignore: decorator
  @inline export const f_frsize: u32 = 72;
  // @ts-ignore: decorator
  @inline export const f_flags: u32 = 80;
  // @ts-ignore: decorator
  @inline export const f_spare: u32 = 88;
}

/** struct rlimit, <sys/resource.h>: size and offsets in bytes */
export namespace Rlimit {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 16;
  // @ts-ignore: decorator
  @inline export const rlim_cur: u32 = 0;
  // @ts-ignore: decorator
  @inline export const rlim_max: u32 = 8;
}

/** struct rusage, <sys/resource.h>: size and offsets in bytes */
export namespace Rusage {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 144;
  // @ts-ignore: decorator
  @inline export const ru_utime: u32 = 0;
  // @ts-ignore: decorator
  @inline export const ru_stime: u32 = 16;
  // @ts-ignore: decorator
  @inline export const ru_maxrss: u32 = 32;
  // @ts-ignore: decorator
  @inline export const ru_ixrss: u32 = 40;
  // @ts-ignore: decorator
  @inline export const ru_idrss: u32 = 48;
  // @ts-ignore: decorator
  @inline export const ru_isrss: u32 = 56;
  // @ts-ignore: decorator
  @inline export const ru_minflt: u32 = 64;
  // @ts-ignore: decorator
  @inline export const ru_majflt: u32 = 72;
  // @ts-ignore: decorator
  @inline export const ru_nswap: u32 = 80;
  // @ts-ignore: decorator
  @inline export const ru_inblock: u32 = 88;
  // @ts-ignore: decorator
  @inline export const ru_oublock: u32 = 96;
  // @ts-ignore: decorator
  @inline export const ru_msgsnd: u32 = 104;
  // @ts-ignore: decorator
  @inline export const ru_msgrcv: u32 = 112;
  // @ts-ignore: decorator
  @inline export const ru_nsignals: u32 = 120;
  // @ts-ignore: decorator
  @inline export const ru_nvcsw: u32 = 128;
  // @ts-ignore: decorator
  @inline export const ru_nivcsw: u32 = 136;
}

/** struct tms, <sys/times.h>: size and offsets in bytes */
export namespace Tms {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 32;
  // @ts-ignore: decorator
  @inline export const tms_utime: u32 = 0;
  // @ts-ignore: decorator
  @inline export const tms_stime: u32 = 8;
  // @ts-ignore: decorator
  @inline export const tms_cutime: u32 = 16;
  // @ts-ignore: decorator
  @inline export const tms_cstime: u32 = 24;
}

/** struct sysinfo, <sys/sysinfo.h>: size and offsets in bytes */
export namespace Sysinfo {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 112;
  // @ts-ignore: decorator
  @inline export const uptime: u32 = 0;
  // @ts-ignore: decorator
  @inline export const loads: u32 = 8;
  // @ts-ignore: decorator
  @inline export const totalram: u32 = 32;
  // @ts-ignore: decorator
  @inline export const freeram: u32 = 40;
  // @ts-ignore: decorator
  @inline export const sharedram: u32 = 48;
  // @ts-ignore: decorator
  @inline export const bufferram: u32 = 56;
  // @ts-ignore: decorator
  @inline export const totalswap: u32 = 64;
  // @ts-ignore: decorator
  @inline export const freeswap: u32 = 72;
  // @ts-ignore: decorator
  @inline export const procs: u32 = 80;
  // @ts-ignore: decorator
  @inline export const pad: u32 = 82;
  // @ts-ignore: decorator
  @inline export const totalhigh: u32 = 88;
  // @ts-ignore: decorator
  @inline export const freehigh: u32 = 96;
  // @ts-ignore: decorator
  @inline export const mem_unit: u32 = 104;
}

/** struct utsname, <sys/utsname.h>: size and offsets in bytes */
export namespace Utsname {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 390;
  // @ts-ignore: decorator
  @inline export const sysname: u32 = 0;
  // @ts-ignore: decorator
  @inline export const nodename: u32 = 65;
  // @ts-ignore: decorator
  @inline export const release: u32 = 130;
  // @ts-ignore: decorator
  @inline export const version: u32 = 195;
  // @ts-ignore: decorator
  @inline export const machine: u32 = 260;
  // @ts-ignore: decorator
  @inline export const domainname: u32 = 325;
}

/** struct iovec, <sys/uio.h>: size and offsets in bytes */
export namespace Iovec {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 16;
  // @ts-ignore: decorator
  @inline export const iov_base: u32 = 0;
  // @ts-ignore: decorator
  @inline export const iov_len: u32 = 8;
}

/** struct pollfd, <poll.h>: size and offsets in bytes */
export namespace Pollfd {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 8;
  // @ts-ignore: decorator
  @inline export const fd: u32 = 0;
  // @ts-ignore: decorator
  @inline export const events: u32 = 4;
  // @ts-ignore: decorator
  @inline export const revents: u32 = 6;
}

/** struct flock, <fcntl.h>: size and offsets in bytes */
export namespace Flock {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 32;
  // @ts-ignore: decorator
  @inline export const l_type: u32 = 0;
  // @ts-ignore: decorator
  @inline export const l_whence: u32 = 2;
  // @ts-ignore: decorator
  @inline export const l_start: u32 = 8;
  // @ts-ignore: decorator
  @inline export const l_len: u32 = 16;
  // @ts-ignore: decorator
  @inline export const l_pid: u32 = 24;
}

/** struct f_owner_ex, <fcntl.h>: size and offsets in bytes */
export namespace FOwnerEx {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 8;
  // @ts-ignore: decorator
  @inline export const type: u32 = 0;
  // @ts-ignore: decorator
  @inline export const pid: u32 = 4;
}

/** struct winsize, <sys/ioctl.h>: size and offsets in bytes */
export namespace Winsize {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 8;
  // @ts-ignore: decorator
  @inline export const ws_row: u32 = 0;
  // @ts-ignore: decorator
  @inline export const ws_col: u32 = 2;
  // @ts-ignore: decorator
  @inline export const ws_xpixel: u32 = 4;
  // @ts-ignore: decorator
  @inline export const ws_ypixel: u32 = 6;
}

/** KernelTermios: size and offsets in bytes */
export namespace KernelTermios {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 36;
  // @ts-ignore: decorator
  @inline export const c_iflag: u32 = 0;
  // @ts-ignore: decorator
  @inline export const c_oflag: u32 = 4;
  // @ts-ignore: decorator
  @inline export const c_cflag: u32 = 8;
  // @ts-ignore: decorator
  @inline export const c_lflag: u32 = 12;
  // @ts-ignore: decorator
  @inline export const c_line: u32 = 16;
  // @ts-ignore: decorator
  @inline export const c_cc: u32 = 17;
}

/** KernelTermios2: size and offsets in bytes */
export namespace KernelTermios2 {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 44;
  // @ts-ignore: decorator
  @inline export const c_iflag: u32 = 0;
  // @ts-ignore: decorator
  @inline export const c_oflag: u32 = 4;
  // @ts-ignore: decorator
  @inline export const c_cflag: u32 = 8;
  // @ts-ignore: decorator
  @inline export const c_lflag: u32 = 12;
  // @ts-ignore: decorator
  @inline export const c_line: u32 = 16;
  // @ts-ignore: decorator
  @inline export const c_cc: u32 = 17;
  // @ts-ignore: decorator
  @inline export const c_ispeed: u32 = 36;
  // @ts-ignore: decorator
  @inline export const c_ospeed: u32 = 40;
}

/** stack_t, <signal.h>: size and offsets in bytes */
export namespace StackT {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 24;
  // @ts-ignore: decorator
  @inline export const ss_sp: u32 = 0;
  // @ts-ignore: decorator
  @inline export const ss_flags: u32 = 8;
  // @ts-ignore: decorator
  @inline export const ss_size: u32 = 16;
}

/** KernelSigaction: size and offsets in bytes */
export namespace KernelSigaction {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 32;
  // @ts-ignore: decorator
  @inline export const sa_handler: u32 = 0;
  // @ts-ignore: decorator
  @inline export const sa_flags: u32 = 8;
  // @ts-ignore: decorator
  @inline export const sa_restorer: u32 = 16;
  // @ts-ignore: decorator
  @inline export const sa_mask: u32 = 24;
}

/** struct clone_args, <linux/sched.h>: size and offsets in bytes */
export namespace CloneArgs {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 88;
  // @ts-ignore: decorator
  @inline export const flags: u32 = 0;
  // @ts-ignore: decorator
  @inline export const pidfd: u32 = 8;
  // @ts-ignore: decorator
  @inline export const child_tid: u32 = 16;
  // @ts-ignore: decorator
  @inline export const parent_tid: u32 = 24;
  // @ts-ignore: decorator
  @inline export const exit_signal: u32 = 32;
  // @ts-ignore: decorator
  @inline export const stack: u32 = 40;
  // @ts-ignore: decorator
  @inline export const stack_size: u32 = 48;
  // @ts-ignore: decorator
  @inline export const tls: u32 = 56;
  // @ts-ignore: decorator
  @inline export const set_tid: u32 = 64;
  // @ts-ignore: decorator
  @inline export const set_tid_size: u32 = 72;
  // @ts-ignore: decorator
  @inline export const cgroup: u32 = 80;
}

/** struct sched_param, <sched.h>: size and offsets in bytes */
export namespace SchedParam {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 4;
  // @ts-ignore: decorator
  @inline export const sched_priority: u32 = 0;
}

/** SchedAttr: size and offsets in bytes */
export namespace SchedAttr {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 56;
  // @ts-ignore: decorator
  @inline export const size: u32 = 0;
  // @ts-ignore: decorator
  @inline export const sched_policy: u32 = 4;
  // @ts-ignore: decorator
  @inline export const sched_flags: u32 = 8;
  // @ts-ignore: decorator
  @inline export const sched_nice: u32 = 16;
  // @ts-ignore: decorator
  @inline export const sched_priority: u32 = 20;
  // @ts-ignore: decorator
  @inline export const sched_runtime: u32 = 24;
  // @ts-ignore: decorator
  @inline export const sched_deadline: u32 = 32;
  // @ts-ignore: decorator
  @inline export const sched_period: u32 = 40;
  // @ts-ignore: decorator
  @inline export const sched_util_min: u32 = 48;
  // @ts-ignore: decorator
  @inline export const sched_util_max: u32 = 52;
}

/** struct signalfd_siginfo, <sys/signalfd.h>: size and offsets in bytes */
export namespace SignalfdSiginfo {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 128;
  // @ts-ignore: decorator
  @inline export const ssi_signo: u32 = 0;
  // @ts-ignore: decorator
  @inline export const ssi_errno: u32 = 4;
  // @ts-ignore: decorator
  @inline export const ssi_code: u32 = 8;
  // @ts-ignore: decorator
  @inline export const ssi_pid: u32 = 12;
  // @ts-ignore: decorator
  @inline export const ssi_uid: u32 = 16;
  // @ts-ignore: decorator
  @inline export const ssi_fd: u32 = 20;
  // @ts-ignore: decorator
  @inline export const ssi_tid: u32 = 24;
  // @ts-ignore: decorator
  @inline export const ssi_band: u32 = 28;
  // @ts-ignore: decorator
  @inline export const ssi_overrun: u32 = 32;
  // @ts-ignore: decorator
  @inline export const ssi_trapno: u32 = 36;
  // @ts-ignore: decorator
  @inline export const ssi_status: u32 = 40;
  // @ts-ignore: decorator
  @inline export const ssi_int: u32 = 44;
  // @ts-ignore: decorator
  @inline export const ssi_ptr: u32 = 48;
  // @ts-ignore: decorator
  @inline export const ssi_utime: u32 = 56;
  // @ts-ignore: decorator
  @inline export const ssi_stime: u32 = 64;
  // @ts-ignore: decorator
  @inline export const ssi_addr: u32 = 72;
  // @ts-ignore: decorator
  @inline export const ssi_addr_lsb: u32 = 80;
  // @ts-ignore: decorator
  @inline export const __pad2: u32 = 82;
  // @ts-ignore: decorator
  @inline export const ssi_syscall: u32 = 84;
  // @ts-ignore: decorator
  @inline export const ssi_call_addr: u32 = 88;
  // @ts-ignore: decorator
  @inline export const ssi_arch: u32 = 96;
  // @ts-ignore: decorator
  @inline export const __pad: u32 = 100;
}

/** struct timex, <sys/timex.h>: size and offsets in bytes */
export namespace Timex {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 208;
  // @ts-ignore: decorator
  @inline export const modes: u32 = 0;
  // @ts-ignore: decorator
  @inline export const offset: u32 = 8;
  // @ts-ignore: decorator
  @inline export const freq: u32 = 16;
  // @ts-ignore: decorator
  @inline export const maxerror: u32 = 24;
  // @ts-ignore: decorator
  @inline export const esterror: u32 = 32;
  // @ts-ignore: decorator
  @inline export const status: u32 = 40;
  // @ts-ignore: decorator
  @inline export const constant: u32 = 48;
  // @ts-ignore: decorator
  @inline export const precision: u32 = 56;
  // @ts-ignore: decorator
  @inline export const tolerance: u32 = 64;
  // @ts-ignore: decorator
  @inline export const time: u32 = 72;
  // @ts-ignore: decorator
  @inline export const tick: u32 = 88;
  // @ts-ignore: decorator
  @inline export const ppsfreq: u32 = 96;
  // @ts-ignore: decorator
  @inline export const jitter: u32 = 104;
  // @ts-ignore: decorator
  @inline export const shift: u32 = 112;
  // @ts-ignore: decorator
  @inline export const stabil: u32 = 120;
  // @ts-ignore: decorator
  @inline export const jitcnt: u32 = 128;
  // @ts-ignore: decorator
  @inline export const calcnt: u32 = 136;
  // @ts-ignore: decorator
  @inline export const errcnt: u32 = 144;
  // @ts-ignore: decorator
  @inline export const stbcnt: u32 = 152;
  // @ts-ignore: decorator
  @inline export const tai: u32 = 160;
  // @ts-ignore: decorator
  @inline export const __padding: u32 = 164;
}

/** Elf64_Ehdr, <elf.h>: size and offsets in bytes */
export namespace ElfHeader {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 64;
  // @ts-ignore: decorator
  @inline export const e_ident: u32 = 0;
  // @ts-ignore: decorator
  @inline export const e_type: u32 = 16;
  // @ts-ignore: decorator
  @inline export const e_machine: u32 = 18;
  // @ts-ignore: decorator
  @inline export const e_version: u32 = 20;
  // @ts-ignore: decorator
  @inline export const e_entry: u32 = 24;
  // @ts-ignore: decorator
  @inline export const e_phoff: u32 = 32;
  // @ts-ignore: decorator
  @inline export const e_shoff: u32 = 40;
  // @ts-ignore: decorator
  @inline export const e_flags: u32 = 48;
  // @ts-ignore: decorator
  @inline export const e_ehsize: u32 = 52;
  // @ts-ignore: decorator
  @inline export const e_phentsize: u32 = 54;
  // @ts-ignore: decorator
  @inline export const e_phnum: u32 = 56;
  // @ts-ignore: decorator
  @inline export const e_shentsize: u32 = 58;
  // @ts-ignore: decorator
  @inline export const e_shnum: u32 = 60;
  // @ts-ignore: decorator
  @inline export const e_shstrndx: u32 = 62;
}

/** Elf64_Phdr, <elf.h>: size and offsets in bytes */
export namespace ElfProgramHeader {
  // @ts-ignore: decorator
  @inline export const SIZE: u32 = 56;
  // @ts-ignore: decorator
  @inline export const p_type: u32 = 0;
  // @ts-ignore: decorator
  @inline export const p_flags: u32 = 4;
  // @ts-ignore: decorator
  @inline export const p_offset: u32 = 8;
  // @ts-ignore: decorator
  @inline export const p_vaddr: u32 = 16;
  // @ts-ignore: decorator
  @inline export const p_paddr: u32 = 24;
  // @ts-ignore: decorator
  @inline export const p_filesz: u32 = 32;
  // @ts-ignore: decorator
  @inline export const p_memsz: u32 = 40;
  // @ts-ignore: decorator
  @inline export const p_align: u32 = 48;
}

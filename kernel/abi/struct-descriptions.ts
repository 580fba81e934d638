// The structures of the Linux x86-64 ABI that cross the system-call boundary, each described once. Runs on Node.
//
// toolchain/generators/abi-structs.ts lays them out by the rules of the System V x86-64 ABI (natural alignment), writes
// kernel/abi/generated/structs.ts, and a test compares every offset and size with the host's C headers.
// A field is "type name" or "type name[count]"; a type is u8 … u64, i8 … i64, ptr, or the name of another structure.

export interface StructDescription {
  /** The name in kernel code. */
  name: string;
  /** The C type and the header that defines it, for the comparison with the host; "" when no header has it. */
  cType: string;
  header: string;
  fields: string[];
}

const struct = (name: string, cType: string, header: string, ...fields: string[]): StructDescription => ({ name, cType, header, fields });

export const STRUCTS: StructDescription[] = [
  struct("Timespec", "struct timespec", "time.h", "i64 tv_sec", "i64 tv_nsec"),
  struct("Timeval", "struct timeval", "sys/time.h", "i64 tv_sec", "i64 tv_usec"),
  struct("Timezone", "struct timezone", "sys/time.h", "i32 tz_minuteswest", "i32 tz_dsttime"),
  struct("Itimerval", "struct itimerval", "sys/time.h", "Timeval it_interval", "Timeval it_value"),
  struct("Itimerspec", "struct itimerspec", "time.h", "Timespec it_interval", "Timespec it_value"),
  struct("Stat", "struct stat", "sys/stat.h", "u64 st_dev", "u64 st_ino", "u64 st_nlink", "u32 st_mode", "u32 st_uid", "u32 st_gid", "u32 __pad0",
    "u64 st_rdev", "i64 st_size", "i64 st_blksize", "i64 st_blocks", "Timespec st_atim", "Timespec st_mtim", "Timespec st_ctim", "i64 __glibc_reserved[3]"),
  struct("StatxTimestamp", "struct statx_timestamp", "linux/stat.h", "i64 tv_sec", "u32 tv_nsec", "i32 __reserved"),
  struct("Statx", "struct statx", "linux/stat.h", "u32 stx_mask", "u32 stx_blksize", "u64 stx_attributes", "u32 stx_nlink", "u32 stx_uid", "u32 stx_gid",
    "u16 stx_mode", "u16 __spare0[1]", "u64 stx_ino", "u64 stx_size", "u64 stx_blocks", "u64 stx_attributes_mask", "StatxTimestamp stx_atime",
    "StatxTimestamp stx_btime", "StatxTimestamp stx_ctime", "StatxTimestamp stx_mtime", "u32 stx_rdev_major", "u32 stx_rdev_minor", "u32 stx_dev_major",
    "u32 stx_dev_minor", "u64 stx_mnt_id", "u32 stx_dio_mem_align", "u32 stx_dio_offset_align", "u64 __spare3[12]"),
  struct("Statfs", "struct statfs", "sys/statfs.h", "i64 f_type", "i64 f_bsize", "u64 f_blocks", "u64 f_bfree", "u64 f_bavail", "u64 f_files", "u64 f_ffree",
    "u64 f_fsid", "i64 f_namelen", "i64 f_frsize", "i64 f_flags", "i64 f_spare[4]"),
  struct("Rlimit", "struct rlimit", "sys/resource.h", "u64 rlim_cur", "u64 rlim_max"),
  struct("Rusage", "struct rusage", "sys/resource.h", "Timeval ru_utime", "Timeval ru_stime", "i64 ru_maxrss", "i64 ru_ixrss", "i64 ru_idrss", "i64 ru_isrss",
    "i64 ru_minflt", "i64 ru_majflt", "i64 ru_nswap", "i64 ru_inblock", "i64 ru_oublock", "i64 ru_msgsnd", "i64 ru_msgrcv", "i64 ru_nsignals", "i64 ru_nvcsw", "i64 ru_nivcsw"),
  struct("Tms", "struct tms", "sys/times.h", "i64 tms_utime", "i64 tms_stime", "i64 tms_cutime", "i64 tms_cstime"),
  struct("Sysinfo", "struct sysinfo", "sys/sysinfo.h", "i64 uptime", "u64 loads[3]", "u64 totalram", "u64 freeram", "u64 sharedram", "u64 bufferram", "u64 totalswap",
    "u64 freeswap", "u16 procs", "u16 pad", "u64 totalhigh", "u64 freehigh", "u32 mem_unit"),
  struct("Utsname", "struct utsname", "sys/utsname.h", "u8 sysname[65]", "u8 nodename[65]", "u8 release[65]", "u8 version[65]", "u8 machine[65]", "u8 domainname[65]"),
  struct("Iovec", "struct iovec", "sys/uio.h", "ptr iov_base", "u64 iov_len"),
  struct("Pollfd", "struct pollfd", "poll.h", "i32 fd", "i16 events", "i16 revents"),
  struct("Flock", "struct flock", "fcntl.h", "i16 l_type", "i16 l_whence", "i64 l_start", "i64 l_len", "i32 l_pid"),
  struct("FOwnerEx", "struct f_owner_ex", "fcntl.h", "i32 type", "i32 pid"),
  struct("Winsize", "struct winsize", "sys/ioctl.h", "u16 ws_row", "u16 ws_col", "u16 ws_xpixel", "u16 ws_ypixel"),
  struct("KernelTermios", "", "", "u32 c_iflag", "u32 c_oflag", "u32 c_cflag", "u32 c_lflag", "u8 c_line", "u8 c_cc[19]"),
  struct("KernelTermios2", "", "", "u32 c_iflag", "u32 c_oflag", "u32 c_cflag", "u32 c_lflag", "u8 c_line", "u8 c_cc[19]", "u32 c_ispeed", "u32 c_ospeed"),
  struct("StackT", "stack_t", "signal.h", "ptr ss_sp", "i32 ss_flags", "u64 ss_size"),
  struct("KernelSigaction", "", "", "ptr sa_handler", "u64 sa_flags", "ptr sa_restorer", "u64 sa_mask"),
  struct("CloneArgs", "struct clone_args", "linux/sched.h", "u64 flags", "u64 pidfd", "u64 child_tid", "u64 parent_tid", "u64 exit_signal", "u64 stack",
    "u64 stack_size", "u64 tls", "u64 set_tid", "u64 set_tid_size", "u64 cgroup"),
  struct("SchedParam", "struct sched_param", "sched.h", "i32 sched_priority"),
  struct("SchedAttr", "", "", "u32 size", "u32 sched_policy", "u64 sched_flags", "i32 sched_nice", "u32 sched_priority", "u64 sched_runtime", "u64 sched_deadline", "u64 sched_period",
    "u32 sched_util_min", "u32 sched_util_max"),
  struct("SignalfdSiginfo", "struct signalfd_siginfo", "sys/signalfd.h", "u32 ssi_signo", "i32 ssi_errno", "i32 ssi_code", "u32 ssi_pid", "u32 ssi_uid", "i32 ssi_fd", "u32 ssi_tid",
    "u32 ssi_band", "u32 ssi_overrun", "u32 ssi_trapno", "i32 ssi_status", "i32 ssi_int", "u64 ssi_ptr", "u64 ssi_utime", "u64 ssi_stime", "u64 ssi_addr", "u16 ssi_addr_lsb",
    "u16 __pad2", "i32 ssi_syscall", "u64 ssi_call_addr", "u32 ssi_arch", "u8 __pad[28]"),
  struct("Timex", "struct timex", "sys/timex.h", "u32 modes", "i64 offset", "i64 freq", "i64 maxerror", "i64 esterror", "i32 status", "i64 constant", "i64 precision", "i64 tolerance",
    "Timeval time", "i64 tick", "i64 ppsfreq", "i64 jitter", "i32 shift", "i64 stabil", "i64 jitcnt", "i64 calcnt", "i64 errcnt", "i64 stbcnt", "i32 tai", "i32 __padding[11]"),
  struct("ElfHeader", "Elf64_Ehdr", "elf.h", "u8 e_ident[16]", "u16 e_type", "u16 e_machine", "u32 e_version", "u64 e_entry", "u64 e_phoff", "u64 e_shoff", "u32 e_flags", "u16 e_ehsize",
    "u16 e_phentsize", "u16 e_phnum", "u16 e_shentsize", "u16 e_shnum", "u16 e_shstrndx"),
  struct("ElfProgramHeader", "Elf64_Phdr", "elf.h", "u32 p_type", "u32 p_flags", "u64 p_offset", "u64 p_vaddr", "u64 p_paddr", "u64 p_filesz", "u64 p_memsz", "u64 p_align"),
];

// Numbers of open(2), fcntl(2), the *at calls, renameat2(2), fallocate(2), lseek(2) and flock(2) on x86-64 Linux.

@inline export const O_ACCMODE: u32 = 0o3;
@inline export const O_RDONLY: u32 = 0;
@inline export const O_WRONLY: u32 = 1;
@inline export const O_RDWR: u32 = 2;
@inline export const O_CREAT: u32 = 0o100;
@inline export const O_EXCL: u32 = 0o200;
@inline export const O_NOCTTY: u32 = 0o400;
@inline export const O_TRUNC: u32 = 0o1000;
@inline export const O_APPEND: u32 = 0o2000;
@inline export const O_NONBLOCK: u32 = 0o4000;
@inline export const O_DSYNC: u32 = 0o10000;
@inline export const O_ASYNC: u32 = 0o20000;
@inline export const O_DIRECT: u32 = 0o40000;
@inline export const O_LARGEFILE: u32 = 0o100000;
@inline export const O_DIRECTORY: u32 = 0o200000;
@inline export const O_NOFOLLOW: u32 = 0o400000;
@inline export const O_NOATIME: u32 = 0o1000000;
@inline export const O_CLOEXEC: u32 = 0o2000000;
@inline export const O_SYNC: u32 = 0o4010000;
@inline export const O_PATH: u32 = 0o10000000;
@inline export const O_TMPFILE: u32 = 0o20200000;
/** The bit of O_TMPFILE that is not O_DIRECTORY. */
@inline export const O_TMPFILE_BIT: u32 = 0o20000000;

@inline export const AT_FDCWD: i32 = -100;
@inline export const AT_SYMLINK_NOFOLLOW: u32 = 0x100;
@inline export const AT_EACCESS: u32 = 0x200;
@inline export const AT_REMOVEDIR: u32 = 0x200;
@inline export const AT_SYMLINK_FOLLOW: u32 = 0x400;
@inline export const AT_NO_AUTOMOUNT: u32 = 0x800;
@inline export const AT_EMPTY_PATH: u32 = 0x1000;
@inline export const AT_STATX_SYNC_TYPE: u32 = 0x6000;

@inline export const F_OK: u32 = 0;
@inline export const X_OK: u32 = 1;
@inline export const W_OK: u32 = 2;
@inline export const R_OK: u32 = 4;

@inline export const F_DUPFD: u32 = 0;
@inline export const F_GETFD: u32 = 1;
@inline export const F_SETFD: u32 = 2;
@inline export const F_GETFL: u32 = 3;
@inline export const F_SETFL: u32 = 4;
@inline export const F_GETLK: u32 = 5;
@inline export const F_SETLK: u32 = 6;
@inline export const F_SETLKW: u32 = 7;
@inline export const F_SETOWN: u32 = 8;
@inline export const F_GETOWN: u32 = 9;
@inline export const F_SETSIG: u32 = 10;
@inline export const F_GETSIG: u32 = 11;
@inline export const F_SETOWN_EX: u32 = 15;
@inline export const F_GETOWN_EX: u32 = 16;
@inline export const F_GETOWNER_UIDS: u32 = 17;
@inline export const F_OFD_GETLK: u32 = 36;
@inline export const F_OFD_SETLK: u32 = 37;
@inline export const F_OFD_SETLKW: u32 = 38;
@inline export const F_SETLEASE: u32 = 1024;
@inline export const F_GETLEASE: u32 = 1025;
@inline export const F_NOTIFY: u32 = 1026;
@inline export const F_DUPFD_CLOEXEC: u32 = 1030;
@inline export const F_SETPIPE_SZ: u32 = 1031;
@inline export const F_GETPIPE_SZ: u32 = 1032;
@inline export const F_ADD_SEALS: u32 = 1033;
@inline export const F_GET_SEALS: u32 = 1034;
@inline export const FD_CLOEXEC: u32 = 1;

@inline export const F_RDLCK: i32 = 0;
@inline export const F_WRLCK: i32 = 1;
@inline export const F_UNLCK: i32 = 2;

@inline export const F_OWNER_TID: i32 = 0;
@inline export const F_OWNER_PID: i32 = 1;
@inline export const F_OWNER_PGRP: i32 = 2;

@inline export const F_SEAL_SEAL: u32 = 1;
@inline export const F_SEAL_SHRINK: u32 = 2;
@inline export const F_SEAL_GROW: u32 = 4;
@inline export const F_SEAL_WRITE: u32 = 8;
@inline export const F_SEAL_FUTURE_WRITE: u32 = 16;
@inline export const F_SEAL_EXEC: u32 = 32;

@inline export const LOCK_SH: u32 = 1;
@inline export const LOCK_EX: u32 = 2;
@inline export const LOCK_NB: u32 = 4;
@inline export const LOCK_UN: u32 = 8;
@inline export const LOCK_MAND: u32 = 32;

@inline export const SEEK_SET: u32 = 0;
@inline export const SEEK_CUR: u32 = 1;
@inline export const SEEK_END: u32 = 2;
@inline export const SEEK_DATA: u32 = 3;
@inline export const SEEK_HOLE: u32 = 4;

@inline export const RENAME_NOREPLACE: u32 = 1;
@inline export const RENAME_EXCHANGE: u32 = 2;
@inline export const RENAME_WHITEOUT: u32 = 4;

@inline export const FALLOC_FL_KEEP_SIZE: u32 = 1;
@inline export const FALLOC_FL_PUNCH_HOLE: u32 = 2;
@inline export const FALLOC_FL_COLLAPSE_RANGE: u32 = 8;
@inline export const FALLOC_FL_ZERO_RANGE: u32 = 16;
@inline export const FALLOC_FL_INSERT_RANGE: u32 = 32;
@inline export const FALLOC_FL_UNSHARE_RANGE: u32 = 64;

@inline export const MFD_CLOEXEC: u32 = 1;
@inline export const MFD_ALLOW_SEALING: u32 = 2;
@inline export const MFD_HUGETLB: u32 = 4;
@inline export const MFD_NOEXEC_SEAL: u32 = 8;
@inline export const MFD_EXEC: u32 = 16;

@inline export const RWF_HIPRI: u32 = 1;
@inline export const RWF_DSYNC: u32 = 2;
@inline export const RWF_SYNC: u32 = 4;
@inline export const RWF_NOWAIT: u32 = 8;
@inline export const RWF_APPEND: u32 = 16;
@inline export const RWF_NOAPPEND: u32 = 32;

@inline export const NAME_MAX: i32 = 255;
@inline export const PATH_MAX: i32 = 4096;

/** Most bytes that one call of read(2), write(2), splice(2) or a relative moves. */
@inline export const MAX_RW_COUNT: u64 = 0x7fff_f000;

// Numbers of stat(2), statx(2), statfs(2), mount(2) and getdents64(2) on x86-64 Linux.

@inline export const S_IFMT: u32 = 0o170000;
@inline export const S_IFSOCK: u32 = 0o140000;
@inline export const S_IFLNK: u32 = 0o120000;
@inline export const S_IFREG: u32 = 0o100000;
@inline export const S_IFBLK: u32 = 0o060000;
@inline export const S_IFDIR: u32 = 0o040000;
@inline export const S_IFCHR: u32 = 0o020000;
@inline export const S_IFIFO: u32 = 0o010000;
@inline export const S_ISUID: u32 = 0o4000;
@inline export const S_ISGID: u32 = 0o2000;
@inline export const S_ISVTX: u32 = 0o1000;

/** d_type of a file of this mode (getdents64). */
@inline export function directoryEntryType(mode: u32): u32 {
  return (mode & S_IFMT) >> 12;
}

@inline export const STATX_TYPE: u32 = 0x1;
@inline export const STATX_MODE: u32 = 0x2;
@inline export const STATX_NLINK: u32 = 0x4;
@inline export const STATX_UID: u32 = 0x8;
@inline export const STATX_GID: u32 = 0x10;
@inline export const STATX_ATIME: u32 = 0x20;
@inline export const STATX_MTIME: u32 = 0x40;
@inline export const STATX_CTIME: u32 = 0x80;
@inline export const STATX_INO: u32 = 0x100;
@inline export const STATX_SIZE: u32 = 0x200;
@inline export const STATX_BLOCKS: u32 = 0x400;
@inline export const STATX_BASIC_STATS: u32 = 0x7ff;
@inline export const STATX_BTIME: u32 = 0x800;
@inline export const STATX_MNT_ID: u32 = 0x1000;
@inline export const STATX_RESERVED: u32 = 0x80000000;
@inline export const STATX_ATTR_MOUNT_ROOT: u64 = 0x2000;

@inline export const MS_RDONLY: u64 = 1;
@inline export const MS_NOSUID: u64 = 2;
@inline export const MS_NODEV: u64 = 4;
@inline export const MS_NOEXEC: u64 = 8;
@inline export const MS_SYNCHRONOUS: u64 = 16;
@inline export const MS_REMOUNT: u64 = 32;
@inline export const MS_MANDLOCK: u64 = 64;
@inline export const MS_DIRSYNC: u64 = 128;
@inline export const MS_NOSYMFOLLOW: u64 = 256;
@inline export const MS_NOATIME: u64 = 1024;
@inline export const MS_NODIRATIME: u64 = 2048;
@inline export const MS_BIND: u64 = 4096;
@inline export const MS_MOVE: u64 = 8192;
@inline export const MS_REC: u64 = 16384;
@inline export const MS_SILENT: u64 = 32768;
@inline export const MS_UNBINDABLE: u64 = 0x20000;
@inline export const MS_PRIVATE: u64 = 0x40000;
@inline export const MS_SLAVE: u64 = 0x80000;
@inline export const MS_SHARED: u64 = 0x100000;
@inline export const MS_RELATIME: u64 = 0x200000;
@inline export const MS_STRICTATIME: u64 = 0x1000000;
@inline export const MS_LAZYTIME: u64 = 0x2000000;
@inline export const MS_MGC_VAL: u64 = 0xc0ed0000;
@inline export const MS_MGC_MSK: u64 = 0xffff0000;

@inline export const MNT_FORCE: u32 = 1;
@inline export const MNT_DETACH: u32 = 2;
@inline export const MNT_EXPIRE: u32 = 4;
@inline export const UMOUNT_NOFOLLOW: u32 = 8;

@inline export const ST_RDONLY: u64 = 1;
@inline export const ST_NOSUID: u64 = 2;
@inline export const ST_NODEV: u64 = 4;
@inline export const ST_NOEXEC: u64 = 8;
@inline export const ST_SYNCHRONOUS: u64 = 0x10;
@inline export const ST_VALID: u64 = 0x20;
@inline export const ST_MANDLOCK: u64 = 0x40;
@inline export const ST_NOATIME: u64 = 0x400;
@inline export const ST_NODIRATIME: u64 = 0x800;
@inline export const ST_RELATIME: u64 = 0x1000;
@inline export const ST_NOSYMFOLLOW: u64 = 0x2000;

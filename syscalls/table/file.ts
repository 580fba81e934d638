// Files: reading and writing, opening, attributes, names, directories, mounts.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  {
    number: 0, call: "read(place fd, destination buf[count], size_t count)", handler: "sysRead", from: "file/read-write", support: "full",
    errors: "EAGAIN EBADF EFAULT EINTR EINVAL EIO EISDIR",
  },
  {
    number: 1, call: "write(place fd, source buf[count], size_t count)", handler: "sysWrite", from: "file/read-write", support: "full",
    errors: "EAGAIN EBADF EFAULT EFBIG EINTR EINVAL EIO ENOSPC EPERM EPIPE", unprovoked: "EDESTADDRREQ EDQUOT",
  },
  {
    number: 2, call: "open(path pathname, flags:OPEN flags, mode_t mode)", handler: "sysOpen", from: "file/open", support: "full",
    errors: "EACCES EEXIST EFAULT EINTR EINVAL EISDIR ELOOP EMFILE ENAMETOOLONG ENOENT ENOSPC ENOTDIR ENXIO EOPNOTSUPP EPERM EROFS ETXTBSY",
    unprovoked: "EAGAIN EBUSY EDQUOT EFBIG ENFILE ENODEV ENOMEM EOVERFLOW",
  },
  {
    number: 4, call: "stat(path pathname, out struct_stat *statbuf)", handler: "sysStat", from: "file/stat", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "ENOMEM EOVERFLOW",
  },
  {
    number: 5, call: "fstat(place fd, out struct_stat *statbuf)", handler: "sysFstat", from: "file/stat", support: "full",
    errors: "EBADF EFAULT", unprovoked: "EOVERFLOW",
  },
  {
    number: 6, call: "lstat(path pathname, out struct_stat *statbuf)", handler: "sysLstat", from: "file/stat", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "ENOMEM EOVERFLOW",
  },
  {
    number: 8, call: "lseek(file fd, loff_t offset, uint whence)", handler: "sysLseek", from: "file/read-write", support: "full",
    errors: "EBADF EINVAL ENXIO ESPIPE", unprovoked: "EOVERFLOW",
  },
  {
    number: 17, call: "pread64(file? fd, destination buf[count], size_t count, loff_t offset)", handler: "sysPread64", from: "file/read-write", support: "full",
    errors: "EBADF EFAULT EINVAL EISDIR ESPIPE", unprovoked: "EINTR EIO",
  },
  {
    number: 18, call: "pwrite64(file? fd, source buf[count], size_t count, loff_t offset)", handler: "sysPwrite64", from: "file/read-write", support: "full",
    errors: "EBADF EFAULT EFBIG EINVAL ENOSPC EPERM ESPIPE", unprovoked: "EDQUOT EINTR EIO",
  },
  {
    number: 19, call: "readv(place fd, in struct_iovec *iov, ulong iovcnt)", handler: "sysReadv", from: "file/read-write", support: "full",
    errors: "EAGAIN EBADF EFAULT EINTR EINVAL EIO EISDIR",
  },
  {
    number: 20, call: "writev(place fd, in struct_iovec *iov, ulong iovcnt)", handler: "sysWritev", from: "file/read-write", support: "full",
    errors: "EAGAIN EBADF EFAULT EFBIG EINTR EINVAL EIO ENOSPC EPERM EPIPE", unprovoked: "EDESTADDRREQ EDQUOT",
  },
  {
    number: 21, call: "access(path pathname, uflags:ACCESS mode)", handler: "sysAccess", from: "file/stat", support: "full",
    errors: "EACCES EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EROFS", unprovoked: "EIO ENOMEM EPERM ETXTBSY",
  },
  {
    number: 40, call: "sendfile(file? out_fd, file? in_fd, inout loff_t *offset, size_t count)", handler: "sysSendfile", from: "file/transfer", support: "full",
    errors: "EAGAIN EBADF EFAULT EFBIG EINVAL ENOSPC EOVERFLOW ESPIPE", unprovoked: "EIO ENOMEM",
  },
  {
    number: 74, call: "fsync(file fd)", handler: "sysFsync", from: "file/storage", support: "full",
    errors: "EBADF EINVAL", unprovoked: "EDQUOT EINTR EIO ENOSPC EROFS",
  },
  {
    number: 75, call: "fdatasync(file fd)", handler: "sysFdatasync", from: "file/storage", support: "full",
    errors: "EBADF EINVAL", unprovoked: "EDQUOT EINTR EIO ENOSPC EROFS",
  },
  {
    number: 76, call: "truncate(path pathname, loff_t length)", handler: "sysTruncate", from: "file/storage", support: "full",
    errors: "EACCES EFAULT EFBIG EINVAL EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS ETXTBSY", unprovoked: "EINTR EIO",
  },
  {
    number: 77, call: "ftruncate(file? fd, loff_t length)", handler: "sysFtruncate", from: "file/storage", support: "full",
    errors: "EBADF EFBIG EINVAL EPERM", unprovoked: "EINTR EIO ETXTBSY",
  },
  {
    number: 78, call: "getdents(file fd, out struct_dirent *dirp, uint count)", handler: "sysGetdents", from: "file/directory", support: "full",
    errors: "EBADF EFAULT EINVAL ENOENT ENOTDIR",
  },
  {
    number: 79, call: "getcwd(out char *buf, size_t size)", handler: "sysGetcwd", from: "file/directory", support: "full",
    errors: "EFAULT ENOENT ERANGE", unprovoked: "EACCES ENAMETOOLONG ENOMEM",
  },
  {
    number: 80, call: "chdir(path pathname)", handler: "sysChdir", from: "file/directory", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "EIO ENOMEM",
  },
  {
    number: 81, call: "fchdir(place fd)", handler: "sysFchdir", from: "file/directory", support: "full",
    errors: "EACCES EBADF ENOTDIR",
  },
  {
    number: 82, call: "rename(path oldpath, path newpath)", handler: "sysRename", from: "file/links", support: "full",
    errors: "EACCES EBUSY EFAULT EINVAL EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR ENOTEMPTY EPERM EROFS EXDEV",
    unprovoked: "EDQUOT EEXIST EMLINK ENOMEM ENOSPC",
  },
  {
    number: 83, call: "mkdir(path pathname, mode_t mode)", handler: "sysMkdir", from: "file/directory", support: "full",
    errors: "EACCES EEXIST EFAULT ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EROFS", unprovoked: "EDQUOT EINVAL EMLINK ENOMEM EPERM",
  },
  {
    number: 84, call: "rmdir(path pathname)", handler: "sysRmdir", from: "file/links", support: "full",
    errors: "EACCES EBUSY EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR ENOTEMPTY EPERM EROFS", unprovoked: "EEXIST ENOMEM",
  },
  {
    number: 85, call: "creat(path pathname, mode_t mode)", handler: "sysCreat", from: "file/open", support: "full",
    errors: "EACCES EFAULT EINTR EISDIR ELOOP EMFILE ENAMETOOLONG ENOENT ENOSPC ENOTDIR ENXIO EROFS ETXTBSY",
    unprovoked: "EBUSY EDQUOT EFBIG ENFILE ENODEV ENOMEM EOVERFLOW EPERM",
  },
  {
    number: 86, call: "link(path oldpath, path newpath)", handler: "sysLink", from: "file/links", support: "full",
    errors: "EACCES EEXIST EFAULT ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EPERM EROFS EXDEV", unprovoked: "EDQUOT EIO EMLINK ENOMEM",
  },
  {
    number: 87, call: "unlink(path pathname)", handler: "sysUnlink", from: "file/links", support: "full",
    errors: "EACCES EBUSY EFAULT EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
  {
    number: 88, call: "symlink(path target, path linkpath)", handler: "sysSymlink", from: "file/links", support: "full",
    errors: "EACCES EEXIST EFAULT ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EROFS", unprovoked: "EDQUOT EIO ENOMEM EPERM",
  },
  {
    number: 89, call: "readlink(path pathname, out char *buf, int bufsiz)", handler: "sysReadlink", from: "file/links", support: "full",
    errors: "EACCES EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "EIO ENOMEM",
  },
  {
    number: 90, call: "chmod(path pathname, mode_t mode)", handler: "sysChmod", from: "file/attributes", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
  {
    number: 91, call: "fchmod(file fd, mode_t mode)", handler: "sysFchmod", from: "file/attributes", support: "full",
    errors: "EBADF EPERM EROFS", unprovoked: "EIO",
  },
  {
    number: 92, call: "chown(path pathname, uid_t owner, gid_t group)", handler: "sysChown", from: "file/attributes", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
  {
    number: 93, call: "fchown(file fd, uid_t owner, gid_t group)", handler: "sysFchown", from: "file/attributes", support: "full",
    errors: "EBADF EPERM EROFS", unprovoked: "EIO",
  },
  {
    number: 94, call: "lchown(path pathname, uid_t owner, gid_t group)", handler: "sysLchown", from: "file/attributes", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
  { number: 95, call: "umask(mode_t mask)", handler: "sysUmask", from: "file/directory", support: "full", errors: "none" },
  {
    number: 132, call: "utime(path filename, in struct_utimbuf *times)", handler: "sysUtime", from: "file/attributes", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS",
  },
  {
    number: 133, call: "mknod(path pathname, mode_t mode, uint dev)", handler: "sysMknod", from: "file/links", support: "full",
    errors: "EACCES EEXIST EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EPERM EROFS", unprovoked: "EDQUOT ENOMEM",
  },
  {
    number: 137, call: "statfs(path pathname, out struct_statfs *buf)", handler: "sysStatfs", from: "file/stat", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "EINTR EIO ENOMEM ENOSYS EOVERFLOW",
  },
  {
    number: 138, call: "fstatfs(place fd, out struct_statfs *buf)", handler: "sysFstatfs", from: "file/stat", support: "full",
    errors: "EBADF EFAULT", unprovoked: "EINTR EIO ENOMEM ENOSYS EOVERFLOW",
  },
  {
    number: 155, call: "pivot_root(path new_root, path put_old)", handler: "sysPivotRoot", from: "file/mount", support: "partial", note: "the initial root cannot be moved; other processes keep their roots",
    errors: "EACCES EBUSY EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM",
  },
  {
    number: 161, call: "chroot(path pathname)", handler: "sysChroot", from: "file/directory", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM", unprovoked: "EIO ENOMEM",
  },
  { number: 162, call: "sync()", handler: "sysSync", from: "file/storage", support: "full", errors: "none" },
  {
    number: 165, call: "mount(address source, path target, address filesystemtype, lflags:MOUNT mountflags, address data)", handler: "sysMount", from: "file/mount", support: "partial", note: "every mount is private: MS_SHARED, MS_SLAVE and MS_UNBINDABLE are EINVAL",
    refused: "MS_SHARED MS_SLAVE",
    errors: "EACCES EBUSY EFAULT EINVAL ELOOP ENAMETOOLONG ENODEV ENOENT ENOTDIR EPERM", unprovoked: "EMFILE ENOMEM ENOTBLK ENXIO EROFS",
  },
  {
    number: 166, call: "umount2(path target, uflags:UMOUNT flags)", handler: "sysUmount2", from: "file/mount", support: "full",
    errors: "EACCES EAGAIN EBUSY EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM", unprovoked: "ENOMEM",
  },
  {
    number: 187, call: "readahead(file fd, loff_t offset, size_t count)", handler: "sysReadahead", from: "file/storage", support: "full",
    errors: "EBADF EINVAL",
  },
  {
    number: 188, call: "setxattr(path pathname, path name, in void *value, size_t size, int flags)", handler: "sysSetxattr", from: "file/extended-attributes", support: "partial", note: "no POSIX ACLs (EOPNOTSUPP)",
    errors: "E2BIG EACCES EEXIST EFAULT EINVAL ELOOP ENAMETOOLONG ENODATA ENOENT ENOTDIR EOPNOTSUPP EPERM ERANGE EROFS", unprovoked: "EDQUOT ENOSPC",
  },
  {
    number: 189, call: "lsetxattr(path pathname, path name, in void *value, size_t size, int flags)", handler: "sysLsetxattr", from: "file/extended-attributes", support: "partial", note: "no POSIX ACLs (EOPNOTSUPP)",
    errors: "E2BIG EACCES EEXIST EFAULT EINVAL ELOOP ENAMETOOLONG ENODATA ENOENT ENOTDIR EOPNOTSUPP EPERM ERANGE EROFS", unprovoked: "EDQUOT ENOSPC",
  },
  {
    number: 190, call: "fsetxattr(file fd, path name, in void *value, size_t size, int flags)", handler: "sysFsetxattr", from: "file/extended-attributes", support: "partial", note: "no POSIX ACLs (EOPNOTSUPP)",
    errors: "E2BIG EACCES EBADF EEXIST EFAULT EINVAL ENODATA EOPNOTSUPP EPERM ERANGE EROFS", unprovoked: "EDQUOT ENOSPC",
  },
  {
    number: 191, call: "getxattr(path pathname, path name, out void *value, size_t size)", handler: "sysGetxattr", from: "file/extended-attributes", support: "partial", note: "no POSIX ACLs (EOPNOTSUPP)",
    errors: "EACCES EFAULT EINVAL ELOOP ENAMETOOLONG ENODATA ENOENT ENOTDIR EOPNOTSUPP ERANGE", unprovoked: "E2BIG",
  },
  {
    number: 192, call: "lgetxattr(path pathname, path name, out void *value, size_t size)", handler: "sysLgetxattr", from: "file/extended-attributes", support: "partial", note: "no POSIX ACLs (EOPNOTSUPP)",
    errors: "EACCES EFAULT EINVAL ELOOP ENAMETOOLONG ENODATA ENOENT ENOTDIR EOPNOTSUPP ERANGE", unprovoked: "E2BIG",
  },
  {
    number: 193, call: "fgetxattr(file fd, path name, out void *value, size_t size)", handler: "sysFgetxattr", from: "file/extended-attributes", support: "partial", note: "no POSIX ACLs (EOPNOTSUPP)",
    errors: "EBADF EFAULT EINVAL ENODATA EOPNOTSUPP ERANGE", unprovoked: "E2BIG",
  },
  {
    number: 194, call: "listxattr(path pathname, out char *list, size_t size)", handler: "sysListxattr", from: "file/extended-attributes", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR ERANGE", unprovoked: "E2BIG EOPNOTSUPP",
  },
  {
    number: 195, call: "llistxattr(path pathname, out char *list, size_t size)", handler: "sysLlistxattr", from: "file/extended-attributes", support: "full",
    errors: "EACCES EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR ERANGE", unprovoked: "E2BIG EOPNOTSUPP",
  },
  {
    number: 196, call: "flistxattr(file fd, out char *list, size_t size)", handler: "sysFlistxattr", from: "file/extended-attributes", support: "full",
    errors: "EBADF EFAULT ERANGE", unprovoked: "E2BIG EOPNOTSUPP",
  },
  {
    number: 197, call: "removexattr(path pathname, path name)", handler: "sysRemovexattr", from: "file/extended-attributes", support: "full",
    errors: "EACCES EFAULT EINVAL ELOOP ENAMETOOLONG ENODATA ENOENT ENOTDIR EOPNOTSUPP EPERM ERANGE EROFS",
  },
  {
    number: 198, call: "lremovexattr(path pathname, path name)", handler: "sysLremovexattr", from: "file/extended-attributes", support: "full",
    errors: "EACCES EFAULT EINVAL ELOOP ENAMETOOLONG ENODATA ENOENT ENOTDIR EOPNOTSUPP EPERM ERANGE EROFS",
  },
  {
    number: 199, call: "fremovexattr(file fd, path name)", handler: "sysFremovexattr", from: "file/extended-attributes", support: "full",
    errors: "EBADF EFAULT EINVAL ENODATA EOPNOTSUPP EPERM ERANGE EROFS",
  },
  {
    number: 217, call: "getdents64(file fd, out struct_dirent64 *dirp, uint count)", handler: "sysGetdents64", from: "file/directory", support: "full",
    errors: "EBADF EFAULT EINVAL ENOENT ENOTDIR",
  },
  {
    number: 221, call: "fadvise64(file fd, loff_t offset, loff_t len, int advice)", handler: "sysFadvise64", from: "file/storage", support: "full",
    errors: "EBADF EINVAL ESPIPE",
  },
  {
    number: 235, call: "utimes(path filename, in struct_timeval *times)", handler: "sysUtimes", from: "file/attributes", support: "full",
    errors: "EACCES EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS",
  },
  {
    number: 257, call: "openat(dirfd dirfd, path pathname, flags:OPEN flags, mode_t mode)", handler: "sysOpenat", from: "file/open", support: "full",
    errors: "EACCES EBADF EEXIST EFAULT EINTR EINVAL EISDIR ELOOP EMFILE ENAMETOOLONG ENOENT ENOSPC ENOTDIR ENXIO EOPNOTSUPP EPERM EROFS ETXTBSY",
    unprovoked: "EAGAIN EBUSY EDQUOT EFBIG ENFILE ENODEV ENOMEM EOVERFLOW",
  },
  {
    number: 258, call: "mkdirat(dirfd dirfd, path pathname, mode_t mode)", handler: "sysMkdirat", from: "file/directory", support: "full",
    errors: "EACCES EBADF EEXIST EFAULT ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EROFS", unprovoked: "EDQUOT EINVAL EMLINK ENOMEM EPERM",
  },
  {
    number: 259, call: "mknodat(dirfd dirfd, path pathname, mode_t mode, uint dev)", handler: "sysMknodat", from: "file/links", support: "full",
    errors: "EACCES EBADF EEXIST EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EPERM EROFS", unprovoked: "EDQUOT ENOMEM",
  },
  {
    number: 260, call: "fchownat(dirfd dirfd, path pathname, uid_t owner, gid_t group, flags:AT_CHANGE flags)", handler: "sysFchownat", from: "file/attributes", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
  {
    number: 261, call: "futimesat(dirfd dirfd, path pathname, in struct_timeval *times)", handler: "sysFutimesat", from: "file/attributes", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS",
  },
  {
    number: 262, call: "newfstatat(dirfd dirfd, path pathname, out struct_stat *statbuf, flags:AT_STAT flags)", handler: "sysNewfstatat", from: "file/stat", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "ENOMEM EOVERFLOW",
  },
  {
    number: 263, call: "unlinkat(dirfd dirfd, path pathname, flags:AT_UNLINK flags)", handler: "sysUnlinkat", from: "file/links", support: "full",
    errors: "EACCES EBADF EBUSY EFAULT EINVAL EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR ENOTEMPTY EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
  {
    number: 264, call: "renameat(dirfd olddirfd, path oldpath, dirfd newdirfd, path newpath)", handler: "sysRenameat", from: "file/links", support: "full",
    errors: "EACCES EBADF EBUSY EFAULT EINVAL EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR ENOTEMPTY EPERM EROFS EXDEV",
    unprovoked: "EDQUOT EEXIST EMLINK ENOMEM ENOSPC",
  },
  {
    number: 265, call: "linkat(dirfd olddirfd, path oldpath, dirfd newdirfd, path newpath, flags:AT_LINK flags)", handler: "sysLinkat", from: "file/links", support: "full",
    errors: "EACCES EBADF EEXIST EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EPERM EROFS EXDEV", unprovoked: "EDQUOT EIO EMLINK ENOMEM",
  },
  {
    number: 266, call: "symlinkat(path target, dirfd newdirfd, path linkpath)", handler: "sysSymlinkat", from: "file/links", support: "full",
    errors: "EACCES EBADF EEXIST EFAULT ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR EROFS", unprovoked: "EDQUOT EIO ENOMEM EPERM",
  },
  {
    number: 267, call: "readlinkat(dirfd dirfd, path pathname, out char *buf, int bufsiz)", handler: "sysReadlinkat", from: "file/links", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "EIO ENOMEM",
  },
  {
    number: 268, call: "fchmodat(dirfd dirfd, path pathname, mode_t mode)", handler: "sysFchmodat", from: "file/attributes", support: "full",
    errors: "EACCES EBADF EFAULT ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
  {
    number: 269, call: "faccessat(dirfd dirfd, path pathname, uflags:ACCESS mode)", handler: "sysFaccessat", from: "file/stat", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EROFS", unprovoked: "EIO ENOMEM EPERM ETXTBSY",
  },
  {
    number: 275, call: "splice(file? fd_in, inout loff_t *off_in, file? fd_out, inout loff_t *off_out, size_t len, uflags:SPLICE flags)", handler: "sysSplice", from: "file/splice", support: "full",
    errors: "EAGAIN EBADF EFAULT EINVAL EPIPE ESPIPE", unprovoked: "ENOMEM",
  },
  {
    number: 276, call: "tee(file? fd_in, file? fd_out, size_t len, uflags:SPLICE flags)", handler: "sysTee", from: "file/splice", support: "full",
    errors: "EAGAIN EBADF EINVAL", unprovoked: "ENOMEM",
  },
  {
    number: 277, call: "sync_file_range(file fd, loff_t offset, loff_t nbytes, uint flags)", handler: "sysSyncFileRange", from: "file/storage", support: "full",
    errors: "EBADF EINVAL ESPIPE", unprovoked: "EIO ENOMEM ENOSPC",
  },
  {
    number: 278, call: "vmsplice(file? fd, in struct_iovec *iov, ulong nr_segs, uflags:SPLICE flags)", handler: "sysVmsplice", from: "file/splice", support: "full",
    errors: "EAGAIN EBADF EFAULT EINVAL", unprovoked: "ENOMEM",
  },
  {
    number: 280, call: "utimensat(dirfd dirfd, path pathname, in struct_timespec *times, flags:AT_CHANGE flags)", handler: "sysUtimensat", from: "file/attributes", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EPERM EROFS", unprovoked: "ESRCH",
  },
  {
    number: 285, call: "fallocate(file fd, flags:FALLOCATE mode, loff_t offset, loff_t len)", handler: "sysFallocate", from: "file/storage", support: "full",
    errors: "EBADF EFBIG EINVAL ENODEV ENOSPC EOPNOTSUPP EPERM ESPIPE", unprovoked: "EINTR EIO ENOSYS ETXTBSY",
  },
  {
    number: 295, call: "preadv(file? fd, in struct_iovec *iov, ulong iovcnt, loff_t offset, ulong high)", handler: "sysPreadv", from: "file/read-write", support: "full",
    errors: "EBADF EFAULT EINVAL EISDIR ESPIPE", unprovoked: "EINTR EIO",
  },
  {
    number: 296, call: "pwritev(file? fd, in struct_iovec *iov, ulong iovcnt, loff_t offset, ulong high)", handler: "sysPwritev", from: "file/read-write", support: "full",
    errors: "EBADF EFAULT EFBIG EINVAL ENOSPC EPERM ESPIPE", unprovoked: "EDQUOT EINTR EIO",
  },
  {
    number: 306, call: "syncfs(file fd)", handler: "sysSyncfs", from: "file/storage", support: "full",
    errors: "EBADF", unprovoked: "EDQUOT EIO ENOSPC",
  },
  {
    number: 316, call: "renameat2(dirfd olddirfd, path oldpath, dirfd newdirfd, path newpath, uflags:RENAME flags)", handler: "sysRenameat2", from: "file/links", support: "full",
    errors: "EACCES EBADF EBUSY EEXIST EFAULT EINVAL EISDIR ELOOP ENAMETOOLONG ENOENT ENOTDIR ENOTEMPTY EPERM EROFS EXDEV",
    unprovoked: "EDQUOT EMLINK ENOMEM ENOSPC",
  },
  {
    number: 319, call: "memfd_create(path name, uflags:MEMFD flags)", handler: "sysMemfdCreate", from: "file/open", support: "partial", note: "MFD_HUGETLB is EINVAL", refused: "MFD_HUGETLB",
    errors: "EFAULT EINVAL EMFILE", unprovoked: "ENFILE ENOMEM",
  },
  {
    number: 326, call: "copy_file_range(file fd_in, inout loff_t *off_in, file fd_out, inout loff_t *off_out, size_t len, uint flags)", handler: "sysCopyFileRange", from: "file/transfer", support: "full",
    errors: "EBADF EFAULT EFBIG EINVAL EISDIR ENOSPC EOVERFLOW EXDEV", unprovoked: "EIO ENOMEM EOPNOTSUPP EPERM ETXTBSY",
  },
  {
    number: 327, call: "preadv2(file? fd, in struct_iovec *iov, ulong iovcnt, loff_t offset, ulong high, int flags)", handler: "sysPreadv2", from: "file/read-write", support: "full",
    errors: "EAGAIN EBADF EFAULT EINVAL EISDIR EOPNOTSUPP ESPIPE", unprovoked: "EINTR EIO",
  },
  {
    number: 328, call: "pwritev2(file? fd, in struct_iovec *iov, ulong iovcnt, loff_t offset, ulong high, int flags)", handler: "sysPwritev2", from: "file/read-write", support: "full",
    errors: "EBADF EFAULT EFBIG EINVAL ENOSPC EOPNOTSUPP EPERM ESPIPE", unprovoked: "EAGAIN EDQUOT EINTR EIO",
  },
  {
    number: 332, call: "statx(dirfd dirfd, path pathname, flags:AT_STATX flags, uflags:STATX mask, out struct_statx *statxbuf)", handler: "sysStatx", from: "file/stat", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR", unprovoked: "ENOMEM",
  },
  {
    number: 437, call: "openat2(dirfd dirfd, path pathname, in struct_open_how *how, size_t size)", handler: "sysOpenat2", from: "file/open", support: "partial", note: "resolve flags are EINVAL",
    errors: "E2BIG EACCES EBADF EEXIST EFAULT EINVAL EISDIR ELOOP EMFILE ENAMETOOLONG ENOENT ENOTDIR ENXIO EOPNOTSUPP EPERM EROFS ETXTBSY",
    unprovoked: "EAGAIN EBUSY EDQUOT EFBIG ENFILE ENODEV ENOMEM EOVERFLOW EXDEV",
  },
  {
    number: 439, call: "faccessat2(dirfd dirfd, path pathname, uflags:ACCESS mode, flags:AT_ACCESS flags)", handler: "sysFaccessat2", from: "file/stat", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EROFS", unprovoked: "EIO ENOMEM EPERM ETXTBSY",
  },
  {
    number: 452, call: "fchmodat2(dirfd dirfd, path pathname, mode_t mode, flags:AT_CHANGE flags)", handler: "sysFchmodat2", from: "file/attributes", support: "full",
    errors: "EACCES EBADF EFAULT EINVAL ELOOP ENAMETOOLONG ENOENT ENOTDIR EOPNOTSUPP EPERM EROFS", unprovoked: "EIO ENOMEM",
  },
];

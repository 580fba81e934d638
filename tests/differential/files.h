/* Names, files and directories on a small tmpfs: what each call answers, and what it leaves behind. */
#pragma once
#include "differ.h"
#include <dirent.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>

#define LONGEST 255
static char long_name[LONGEST + 1], too_long_name[LONGEST + 2], long_path[4200];
static const char *const file_names[] = {
  "a", "b", "c", "d", "d/a", "d/b", "d/e", "d/e/f", "l", "m", "m/a", "l/x", ".", "..", "/", "d/..", "d/./a", "d/e/../b", "a/", "d/", "l/", "", "/d/a", "missing/x",
  "a/x", "./d//e", "d/.", "d/e/.", "/..", "p", "p/", "loop", "loop/x", "dd/a", "dd", "dev", long_name, too_long_name, long_path,
};
/* Most of the time one of the first, plain ones. */
static const char *file_name(void) { return chance(75) ? file_names[below(12)] : PICK(file_names); }
static const char *label(const char *name) { return name == long_name ? "(255)" : name == too_long_name ? "(256)" : name == long_path ? "(path)" : *name ? name : "''"; }

/* Mostly one that is open. */
static int file_descriptor(void) {
  int fd = 3;
  for (int i = 0; i < 4; i++) {
    fd = chance(95) ? 3 + (int)below(9) : (int)below(4) - 2 + 12;
    if (fcntl(fd, F_GETFD) >= 0) break;
  }
  return fd;
}
static int folder_descriptor(void) { return chance(60) ? AT_FDCWD : file_descriptor(); }

static const char *when(const struct timespec *time) {
  static char text[2][24];
  static int which;
  char *into = text[which ^= 1];
  snprintf(into, sizeof text[0], time->tv_sec < 1000000 ? "%ld" : "now", (long)time->tv_sec);
  return into;
}

/* What is at a name now: also tells whether a failed call changed something. */
static void look(const char *name) {
  struct stat st;
  if (lstat(name, &st) < 0) { say("  %s: %s\n", label(name), strerrorname_np(errno)); return; }
  say("  %s: %o n%ld %d:%d size %ld blocks %ld a %s m %s\n", label(name), st.st_mode, (long)st.st_nlink, st.st_uid, st.st_gid, (long)st.st_size, (long)st.st_blocks,
      when(&st.st_atim), when(&st.st_mtim));
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* Sorted: where failed look-ups stand in Linux's name cache has an influence on the order. */
static void list_folder(int fd) {
  char buffer[4096], text[64][16], *sorted[64];
  int count = 0;
  long length = SYS(SYS_getdents64, fd, buffer, sizeof buffer);
  for (long at = 0; at < length && count < 64; count++) {
    struct dirent64 *entry = (struct dirent64 *)(buffer + at);
    snprintf(text[count], sizeof text[count], "%.8s:%d", entry->d_name, entry->d_type);
    sorted[count] = text[count];
    at += entry->d_reclen;
  }
  qsort(sorted, count, sizeof *sorted, by_text);
  say("  getdents");
  for (int i = 0; i < count; i++) say(" %s", sorted[i]);
  result(length);
}

static void space(void) {
  struct statfs fs;
  statfs("/", &fs);
  say("  used %ld blocks, %ld inodes\n", (long)(fs.f_blocks - fs.f_bfree), (long)(fs.f_files - fs.f_ffree));
}

static void prepare_files(void) {
  memset(long_name, 'n', LONGEST);
  memset(too_long_name, 'n', LONGEST + 1);
  memset(long_path, '/', sizeof long_path - 1);
  memcpy(long_path + sizeof long_path - 3, "/a", 2);
  mkdir("d", 0755); mkdir("d/e", 0777); mkdir("m", 01777); mkdir("dev", 0755);
  close(open("a", O_CREAT | O_WRONLY, 0644));
  chown("m", 1000, 1000);
  symlink("d", "l"); symlink("loop", "loop"); symlink("missing", "dd");
  mknod("dev/null", S_IFCHR | 0666, makedev(1, 3));
  mkfifo("p", 0666);
}

static const unsigned long open_flags[] = {
  O_CREAT, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK, O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC, O_PATH, O_NOATIME, O_SYNC, O_DSYNC, O_TMPFILE, O_NOCTTY, O_LARGEFILE,
};
static const int modes[] = {0, 0644, 0600, 0755, 0777, 04755, 02755, 01777, 07777, 0444, 0222, 0111, 010000, 0100644};
static const long offsets[] = {0, 1, 10, 100, 4095, 4096, 4097, 8192, 10000, 65536, 1 << 20, -1, 0x7fffffffffffffff, 1l << 40};
static const unsigned lengths[] = {0, 1, 7, 100, 4095, 4096, 4097, 8192, 20000};
static char data[20000];

static void step_open(void) {
  const char *name = file_name();
  int folder = folder_descriptor(), flags = (below(3) + (chance(2) ? 1 : 0)) | SOME(open_flags, 3), mode = PICK(modes);
  say("openat %d %s %#o %#o", folder, label(name), flags, mode);
  result(SYS(SYS_openat, folder, name, flags, mode));
  look(name);
}

static void step_data(void) {
  int fd = file_descriptor();
  unsigned length = PICK(lengths);
  long offset = PICK(offsets);
  memset(data, 'A' + step_number % 26, sizeof data);
  switch (below(9)) {
    case 0: case 1: say("write %d %u", fd, length); result(SYS(SYS_write, fd, data, length)); break;
    case 2: case 3: { say("read %d %u", fd, length); long got = SYS(SYS_read, fd, data, length); say(" [%x]", got > 0 ? hash(data, got) : 0); result(got); break; }
    case 4: say("pwrite %d %u %ld", fd, length, offset); result(SYS(SYS_pwrite64, fd, data, length, offset)); break;
    case 5: { say("pread %d %u %ld", fd, length, offset); long got = SYS(SYS_pread64, fd, data, length, offset); say(" [%x]", got > 0 ? hash(data, got) : 0); result(got); break; }
    case 6: case 7: { int whence = below(6); say("lseek %d %ld %d", fd, offset, whence); result(SYS(SYS_lseek, fd, offset, whence)); break; }
    default: {
      struct iovec parts[3] = {{data, length}, {data + 100, below(50)}, {data + 5000, PICK(lengths) / 2}};
      int flags = chance(60) ? 0 : 1 << below(6);
      if (flags == 1 || flags == 8) flags = 0; /* HIPRI, NOWAIT: by device and file system */
      int is_write = below(2);
      say("p%sv2 %d %ld flags %d", is_write ? "write" : "read", fd, offset, flags);
      result(SYS(is_write ? SYS_pwritev2 : SYS_preadv2, fd, parts, 3, offset, 0, flags));
    }
  }
}

static void step_size(void) {
  static const int fallocate_modes[] = {0, 1, 3, 2, 8, 16, 17, 32, 0x40};
  const char *name = file_name();
  int fd = file_descriptor(), mode = PICK(fallocate_modes);
  long offset = PICK(offsets), length = PICK(offsets);
  switch (below(4)) {
    case 0: say("truncate %s %ld", label(name), length); result(SYS(SYS_truncate, name, length)); look(name); break;
    case 1: case 2: say("ftruncate %d %ld", fd, length); result(SYS(SYS_ftruncate, fd, length)); break;
    default: say("fallocate %d %#x %ld %ld", fd, mode, offset, length); result(SYS(SYS_fallocate, fd, mode, offset, length)); space();
  }
}

static void step_names(void) {
  const char *name = file_name(), *other = file_name();
  int mode = PICK(modes), folder = folder_descriptor(), second = folder_descriptor();
  switch (below(12)) {
    case 0: case 1: say("mkdirat %d %s %o", folder, label(name), mode); result(SYS(SYS_mkdirat, folder, name, mode)); break;
    case 2: case 3: { int flags = chance(60) ? 0 : chance(80) ? AT_REMOVEDIR : 1 << below(14); say("unlinkat %d %s %#x", folder, label(name), flags); result(SYS(SYS_unlinkat, folder, name, flags)); break; }
    case 4: say("rmdir %s", label(name)); result(SYS(SYS_rmdir, name)); break;
    case 5: { int flags = chance(50) ? 0 : 1 << below(14); say("linkat %d %s %d %s %#x", folder, label(name), second, label(other), flags); result(SYS(SYS_linkat, folder, name, second, other, flags)); look(other); break; }
    case 6: say("symlink %s %s", label(name), label(other)); result(SYS(SYS_symlink, name, other)); look(other); break;
    case 7: case 8: case 9: { int flags = chance(70) ? 0 : below(4); say("renameat2 %d %s %d %s %d", folder, label(name), second, label(other), flags); result(SYS(SYS_renameat2, folder, name, second, other, flags)); look(other); break; }
    case 10: {
      static const unsigned kinds[] = {S_IFREG, S_IFIFO, S_IFCHR, S_IFBLK, S_IFSOCK, S_IFDIR, S_IFLNK, 0};
      unsigned kind = PICK(kinds);
      say("mknod %s %o", label(name), kind | mode % 01000);
      result(SYS(SYS_mknod, name, kind | mode % 01000, makedev(1, 3)));
      break;
    }
    default: {
      char target[64];
      unsigned length = chance(70) ? 64 : below(4);
      say("readlink %s %u", label(name), length);
      long got = SYS(SYS_readlink, name, target, length);
      if (got > 0) say(" '%.*s'", (int)(got < 20 ? got : 20), target);
      result(got);
    }
  }
  look(name);
}

static void step_attributes(void) {
  static const int at_flags[] = {0, 0, 0, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, 0x200, 0x8000, 0x400};
  static const int owners[] = {-1, 0, 1000, 1001, 65534};
  const char *name = file_name();
  int mode = PICK(modes), folder = folder_descriptor(), fd = file_descriptor(), flags = PICK(at_flags), owner = PICK(owners), group = PICK(owners);
  switch (below(9)) {
    case 0: say("chmod %s %o", label(name), mode); result(SYS(SYS_chmod, name, mode)); break;
    case 1: say("fchmod %d %o", fd, mode); result(SYS(SYS_fchmod, fd, mode)); break;
    case 2: case 3: say("fchownat %d %s %d %d %#x", folder, label(name), owner, group, flags); result(SYS(SYS_fchownat, folder, name, owner, group, flags)); break;
    case 4: case 5: {
      static const long parts[] = {0, 5, 999999999, 1000000000, UTIME_NOW, UTIME_OMIT, -1};
      struct timespec times[2] = {{1000, PICK(parts)}, {2000, chance(60) ? 0 : PICK(parts)}};
      int is_null = chance(10);
      say("utimensat %d %s %ld %ld %#x%s", folder, label(name), times[0].tv_nsec, times[1].tv_nsec, flags, is_null ? " null" : "");
      result(SYS(SYS_utimensat, folder, name, is_null ? NULL : times, flags));
      break;
    }
    case 6: { int wanted = below(9); say("faccessat2 %d %s %d %#x", folder, label(name), wanted, flags); result(SYS(SYS_faccessat2, folder, name, wanted, flags)); break; }
    case 7: {
      struct stat st;
      say("newfstatat %d %s %#x", folder, label(name), flags);
      long got = SYS(SYS_newfstatat, folder, name, &st, flags);
      if (got == 0) say(" %o %ld", st.st_mode, (long)st.st_nlink);
      result(got);
      break;
    }
    default: { int mask = PICK(modes); say("umask %o", mask); result(SYS(SYS_umask, mask)); }
  }
  look(name);
}

static void step_extended(void) {
  /* No user.*: Linux 6.1 has it on other file systems only. */
  static const char *const keys[] = {"trusted.t", "trusted.u", "security.s", "system.x", "nonsense", "", "trusted.", "security."};
  const char *name = file_name(), *key = PICK(keys);
  char value[64] = "some value";
  unsigned length = PICK(((unsigned[]){0, 1, 4, 10, 64}));
  int flags = chance(60) ? 0 : below(4);
  switch (below(5)) {
    case 0: case 1: say("lsetxattr %s %s %u %d", label(name), key, length, flags); result(SYS(SYS_lsetxattr, name, key, value, length, flags)); break;
    case 2: { say("getxattr %s %s %u", label(name), key, length); long got = SYS(SYS_getxattr, name, key, value, length); result(got); break; }
    case 3: say("removexattr %s %s", label(name), key); result(SYS(SYS_removexattr, name, key)); break;
    default: say("listxattr %s %u", label(name), length); result(SYS(SYS_listxattr, name, value, length));
  }
}

static void step_folders(void) {
  const char *name = file_name();
  int fd = file_descriptor();
  char path[300];
  switch (below(6)) {
    case 0: say("chdir %s", label(name)); result(SYS(SYS_chdir, name)); break;
    case 1: say("fchdir %d", fd); result(SYS(SYS_fchdir, fd)); break;
    case 2: { unsigned size = chance(70) ? sizeof path : below(8); say("getcwd %u", size); long got = SYS(SYS_getcwd, path, size); if (got > 0) say(" %.40s", path); result(got); break; }
    case 3: { int flags = O_RDONLY | O_DIRECTORY; int folder = open(name, flags); say("list %s", label(name)); result(or_errno(folder)); if (folder >= 0) { list_folder(folder); close(folder); } break; }
    case 4: say("getdents %d\n", fd); list_folder(fd); break;
    default: say("chroot %s", label(name)); result(chance(85) ? -EAGAIN : SYS(SYS_chroot, name));
  }
}

static void step_handles(void) {
  int fd = file_descriptor(), other = file_descriptor();
  static const int commands[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC};
  switch (below(9)) {
    case 0: case 1: case 2: say("close %d", fd); result(SYS(SYS_close, fd)); break;
    case 3: say("dup2 %d %d", fd, other); result(SYS(SYS_dup2, fd, other)); break;
    case 4: { int command = PICK(commands); long value = chance(50) ? (long)below(8) : (long)(O_APPEND | O_NONBLOCK | (chance(20) ? O_NOATIME : 0)); if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) value = below(12); say("fcntl %d %d %ld", fd, command, value); result(SYS(SYS_fcntl, fd, command, value)); break; }
    case 5: { int how = (1 << below(4)) | (chance(80) ? LOCK_NB : 0); say("flock %d %d", fd, how); result(SYS(SYS_flock, fd, how)); break; }
    case 6: {
      static const int lock_commands[] = {F_SETLK, F_GETLK, F_OFD_SETLK, F_OFD_GETLK};
      struct flock lock = {.l_type = below(4), .l_whence = below(4), .l_start = PICK(offsets), .l_len = PICK(offsets)};
      int command = PICK(lock_commands);
      say("lock %d %d type %d whence %d %ld %ld", fd, command, lock.l_type, lock.l_whence, (long)lock.l_start, (long)lock.l_len);
      long got = SYS(SYS_fcntl, fd, command, &lock);
      if (got == 0 && (command == F_GETLK || command == F_OFD_GETLK)) say(" type %d start %ld len %ld", lock.l_type, (long)lock.l_start, (long)lock.l_len);
      result(got);
      break;
    }
    case 7: { long from = PICK(offsets), into = PICK(offsets); unsigned length = PICK(lengths); int has = below(4); say("copy_file_range %d %ld %d %ld %u %d", fd, from, other, into, length, has); result(SYS(SYS_copy_file_range, fd, has & 1 ? &from : NULL, other, has & 2 ? &into : NULL, length, 0)); break; }
    default: { long from = PICK(offsets); unsigned length = PICK(lengths); int has = below(2); say("sendfile %d %d %ld %u %d", other, fd, from, length, has); long got = SYS(SYS_sendfile, other, fd, has ? &from : NULL, length); say(" from %ld", from); result(got); }
  }
}

static void step_who(void) {
  int uid = PICK(((int[]){0, 0, 1000, 1001}));
  gid_t groups[2] = {1000, 1001};
  say("as %d", uid);
  if (geteuid() != 0) { syscall(SYS_setresuid, -1, 0, -1); }
  syscall(SYS_setgroups, uid == 1001 ? 1 : 0, groups);
  syscall(SYS_setresgid, -1, uid, -1);
  result(SYS(SYS_setresuid, -1, uid, -1));
}

static void step_files(void) {
  switch (below(20)) {
    case 0: case 1: case 2: case 3: step_open(); break;
    case 4: case 5: case 6: step_data(); break;
    case 7: case 8: step_size(); break;
    case 9: case 10: case 11: case 12: step_names(); break;
    case 13: case 14: case 15: step_attributes(); break;
    case 16: step_extended(); break;
    case 17: step_folders(); break;
    case 18: step_handles(); break;
    default: chance(50) ? step_who() : step_handles();
  }
}

static const struct subject files = {"files", prepare_files, step_files};

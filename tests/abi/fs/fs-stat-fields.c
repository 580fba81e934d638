/* stat(2), statx(2), statfs(2): fields of each kind of file, masks, flags, attributes after changes, times that move.
   covers: newfstatat statx statfs fstatfs fstat faccessat2 fchownat fchmodat2 utimensat */
#include "observe.h"
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>

static struct stat st;
static void show(const char *name) {
  if (fstatat(AT_FDCWD, name, &st, AT_SYMLINK_NOFOLLOW) < 0) { NOTE("%s: %s", name, errno_name(errno)); return; }
  NOTE("%s: %o links %ld owner %d %d size %ld block %ld blocks %ld rdev %lx", name, st.st_mode, (long)st.st_nlink, st.st_uid, st.st_gid,
       S_ISDIR(st.st_mode) ? -1 : (long)st.st_size, (long)st.st_blksize, (long)st.st_blocks, (long)st.st_rdev);
}
static void show_x(const char *what, int dir, const char *name, int flags, unsigned mask) {
  struct statx sx;
  memset(&sx, 0xee, sizeof sx);
  int result = syscall(SYS_statx, dir, name, flags, mask, &sx);
  if (result < 0) { NOTE("%s: -1 %s", what, errno_name(errno)); return; }
  NOTE("%s: %d basic %x mode %o links %u size %llu blocks %llu, minor %d", what, result, sx.stx_mask & mask & STATX_BASIC_STATS, sx.stx_mode, sx.stx_nlink,
       S_ISDIR(sx.stx_mode) ? 0ULL : (unsigned long long)sx.stx_size, (unsigned long long)sx.stx_blocks, sx.stx_dev_minor == 0xeeeeeeee);
}
#define X(...) show_x("statx " #__VA_ARGS__, __VA_ARGS__)

static int moved(const struct timespec *a, const struct timespec *b) { return a->tv_sec != b->tv_sec || a->tv_nsec != b->tv_nsec; }
/* Which times a piece of code moves. */
#define MOVES(name, ...)                                                                                                                 \
  do {                                                                                                                                   \
    struct timespec old_[2] = {{1, 1}, {2, 2}};                                                                                          \
    struct stat before_, after_;                                                                                                         \
    utimensat(AT_FDCWD, name, old_, 0);                                                                                                  \
    stat(name, &before_);                                                                                                                \
    usleep(20000);                                                                                                                       \
    __VA_ARGS__;                                                                                                                         \
    stat(name, &after_);                                                                                                                 \
    NOTE("%s: access %d data %d change %d", #__VA_ARGS__, moved(&before_.st_atim, &after_.st_atim),                                    \
         moved(&before_.st_mtim, &after_.st_mtim), moved(&before_.st_ctim, &after_.st_ctim));                                            \
  } while (0)

int main(void) {
  char byte;
  int fd = open("f", O_CREAT | O_RDWR, 0604), ends[2], event = eventfd(0, 0), path;
  pipe(ends);
  mkdir("d", 01750);
  symlink("some target", "l");
  mkfifo("p", 0611);
  mknod("c", S_IFCHR | 0600, makedev(1, 3));
  mknod("b", S_IFBLK | 0640, makedev(300, 100000));
  mknod("s", S_IFSOCK | 0640, 0);
  chmod("d", 01750);
  write(fd, "12345", 5);
  const char *names[] = {"f", "d", "l", "p", "c", "b", "s", "none"};
  for (int i = 0; i < 8; i++) show(names[i]);
  path = open("l", O_PATH | O_NOFOLLOW);
  fstat(ends[0], &st);
  NOTE("pipe %o links %ld size %ld block %ld", st.st_mode, (long)st.st_nlink, (long)st.st_size, (long)st.st_blksize);
  fstat(event, &st);
  NOTE("eventfd %o size %ld", st.st_mode, (long)st.st_size);
  fstat(path, &st);
  NOTE("path of a link %o size %ld", st.st_mode, (long)st.st_size);
  /* flags of the directory calls */
  SHOW(fstatat(fd, "", &st, AT_EMPTY_PATH));
  SHOW(fstatat(fd, "x", &st, AT_EMPTY_PATH));
  SHOW(fstatat(999, "", &st, AT_EMPTY_PATH));
  SHOW(fstatat(999, "f", &st, 0));
  SHOW(fstatat(999, "/", &st, 0));
  SHOW(fstatat(AT_FDCWD, "f", &st, AT_NO_AUTOMOUNT));
  SHOW(fstatat(AT_FDCWD, "f", &st, AT_SYMLINK_FOLLOW));
  SHOW(fstatat(AT_FDCWD, "f", &st, 1));
  SHOW(fstatat(AT_FDCWD, BAD_POINTER, &st, 0));
  SHOW(fstatat(AT_FDCWD, "f", BAD_POINTER, 0));
  SHOW(syscall(SYS_faccessat2, AT_FDCWD, "l", F_OK, AT_SYMLINK_NOFOLLOW));
  SHOW(syscall(SYS_faccessat2, AT_FDCWD, "l", F_OK, 0));
  SHOW(syscall(SYS_faccessat2, fd, "", R_OK, AT_EMPTY_PATH | AT_EACCESS));
  SHOW(syscall(SYS_faccessat2, fd, "", R_OK, 0));
  SHOW(syscall(SYS_faccessat2, fd, "", 8, AT_EMPTY_PATH));
  SHOW(fchownat(fd, "", 3, 4, AT_EMPTY_PATH));
  SHOW(fchownat(path, "", 5, 6, AT_EMPTY_PATH));
  SHOW(fchownat(fd, "", 3, 4, 0));
  show("f");
  show("l");
  SHOW(syscall(452, fd, "", 0611, AT_EMPTY_PATH));
  SHOW(syscall(452, path, "", 0611, AT_EMPTY_PATH));
  SHOW(syscall(452, AT_FDCWD, "f", 0644, 1));
  SHOW(syscall(452, AT_FDCWD, "f", 0644, 0));
  struct timespec times[2] = {{9, 9}, {8, 8}};
  SHOW(utimensat(fd, "", times, AT_EMPTY_PATH));
  SHOW(utimensat(AT_FDCWD, "l", times, AT_SYMLINK_NOFOLLOW));
  SHOW(utimensat(AT_FDCWD, "l", times, 0));
  SHOW(utimensat(path, NULL, times, 0));
  SHOW(syscall(SYS_utimensat, fd, NULL, times, 0));
  SHOW(syscall(SYS_utimensat, fd, NULL, times, AT_SYMLINK_NOFOLLOW));
  SHOW(syscall(SYS_utimensat, AT_FDCWD, NULL, times, 0));
  SHOW(syscall(SYS_utimensat, 999, NULL, times, 0));
  SHOW(syscall(SYS_utimensat, AT_FDCWD, "f", BAD_POINTER, 0));
  times[0].tv_nsec = times[1].tv_nsec = UTIME_NOW;
  SHOW(utimensat(AT_FDCWD, "f", times, 0));
  times[0].tv_nsec = times[1].tv_nsec = UTIME_OMIT;
  SHOW(utimensat(AT_FDCWD, "f", times, 0));
  SHOW(utimensat(AT_FDCWD, "f", times, 4));
  SHOW(utimensat(999, "f", times, 0));
  times[0].tv_nsec = -1;
  SHOW(utimensat(AT_FDCWD, "f", times, 0));
  /* statx */
  chown("f", 0, 0);
  X(AT_FDCWD, "f", 0, 0);
  X(AT_FDCWD, "f", 0, STATX_TYPE | STATX_MODE | STATX_NLINK | STATX_UID | STATX_GID | STATX_ATIME | STATX_MTIME | STATX_CTIME | STATX_INO | STATX_SIZE | STATX_BLOCKS);
  X(AT_FDCWD, "f", 0, STATX_BTIME | STATX_MNT_ID);
  X(AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, STATX_ALL);
  X(AT_FDCWD, "l", 0, STATX_ALL);
  X(fd, "", AT_EMPTY_PATH, STATX_ALL);
  X(fd, "", 0, STATX_ALL);
  X(ends[0], "", AT_EMPTY_PATH, STATX_ALL);
  X(path, "", AT_EMPTY_PATH, STATX_ALL);
  X(999, "", AT_EMPTY_PATH, STATX_ALL);
  X(AT_FDCWD, "f", AT_STATX_FORCE_SYNC, STATX_ALL);
  X(AT_FDCWD, "f", AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_ALL);
  X(AT_FDCWD, "f", AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC, STATX_ALL);
  X(AT_FDCWD, "f", 0, 0x80000000);
  X(AT_FDCWD, "f", 0x10000, STATX_ALL);
  X(AT_FDCWD, "none", 0, STATX_ALL);
  SHOW(syscall(SYS_statx, AT_FDCWD, "f", 0, STATX_ALL, NULL));
  SHOW(syscall(SYS_statx, AT_FDCWD, "none", 0, STATX_ALL, NULL));
  struct statx born;
  statx(AT_FDCWD, "f", 0, STATX_BTIME, &born);
  NOTE("birth time %d, device %d", (born.stx_mask & STATX_BTIME) && born.stx_btime.tv_sec > 1, born.stx_rdev_major);
  statx(AT_FDCWD, "b", 0, STATX_BASIC_STATS, &born);
  NOTE("device %u %u", born.stx_rdev_major, born.stx_rdev_minor);
  /* times that move */
  MOVES("f", write(fd, "x", 1));
  MOVES("f", pread(fd, &byte, 1, 0));
  MOVES("f", pread(fd, &byte, 1, 100));
  MOVES("f", pread(fd, &byte, 0, 0));
  MOVES("f", write(fd, "x", 0));
  MOVES("f", chmod("f", 0600));
  MOVES("f", chown("f", -1, -1));
  MOVES("f", ftruncate(fd, 2));
  MOVES("f", ftruncate(fd, 2));
  MOVES("f", link("f", "g"));
  MOVES("f", rename("g", "h"));
  MOVES("f", unlink("h"));
  MOVES("f", close(open("f", O_RDWR)));
  MOVES("f", close(open("f", O_WRONLY | O_TRUNC)));
  MOVES("f", pread(open("f", O_RDONLY | O_NOATIME), &byte, 1, 0));
  MOVES("d", close(open("d/x", O_CREAT | O_WRONLY, 0644)));
  MOVES("d", close(open("d/x", O_CREAT | O_WRONLY, 0644)));
  MOVES("d", rename("d/x", "d/y"));
  MOVES("d", unlink("d/y"));
  MOVES("d", mkdir("d/z", 0755));
  MOVES("d", rmdir("d/z"));
  MOVES("d", access("d/none", F_OK));
  MOVES("d", chdir("d"); chdir(".."));
  /* file systems */
  struct statfs fs;
  SHOW(statfs(".", &fs));
  NOTE("  type %lx block %ld names %ld", (long)fs.f_type, (long)fs.f_bsize, (long)fs.f_namelen);
  SHOW(statfs("/proc", &fs));
  NOTE("  type %lx block %ld names %ld blocks %ld", (long)fs.f_type, (long)fs.f_bsize, (long)fs.f_namelen, (long)fs.f_blocks);
  SHOW(fstatfs(ends[0], &fs));
  NOTE("  type %lx", (long)fs.f_type);
  SHOW(fstatfs(event, &fs));
  NOTE("  type %lx", (long)fs.f_type);
  SHOW(fstatfs(path, &fs));
  SHOW(fstatfs(999, &fs));
  SHOW(fstatfs(fd, BAD_POINTER));
  SHOW(statfs("f/", &fs));
  SHOW(statfs("f", BAD_POINTER));
  SHOW(statfs(BAD_POINTER, &fs));
  SHOW(statfs("", &fs));
  return 0;
}

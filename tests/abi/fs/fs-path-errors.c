/* Every call that takes a path, with every kind of bad path: unreadable, empty, missing, through a file, looping, too long, on a
   read-only or full file system, in directories where somebody else may not search, write or delete.
   covers: access chdir chmod chown chroot creat execve execveat faccessat faccessat2 fchdir fchmod fchmodat fchmodat2 fchown fchownat fremovexattr
     fsetxattr futimesat getxattr lchown lgetxattr link linkat listxattr llistxattr lremovexattr lsetxattr lstat mkdir mkdirat mknod mknodat mount newfstatat open openat
     openat2 pivot_root readlink readlinkat removexattr rename renameat renameat2 rmdir setxattr stat statfs statx symlink symlinkat
     truncate umount2 unlink unlinkat utime utimensat utimes */
#include "observe.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <utime.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

static char buffer[4096];
static const struct timeval moments[2];
static const struct timespec times[2];
static const struct utimbuf old_times;
static const struct open_how how = {.flags = O_RDONLY};
static const struct open_how how_write = {.flags = O_WRONLY};
static char *const nothing[] = {NULL};

/* Descriptors are not shown: whether it worked is. */
static long opened(long fd) {
  if (fd >= 0) close(fd);
  return fd < 0 ? -1 : 0;
}

#define CALLS(CALL)                                                          \
  CALL(access, syscall(SYS_access, p, W_OK))                                 \
  CALL(faccessat, syscall(SYS_faccessat, AT_FDCWD, p, W_OK))                 \
  CALL(faccessat2, syscall(SYS_faccessat2, AT_FDCWD, p, W_OK, AT_EACCESS))   \
  CALL(stat, syscall(SYS_stat, p, buffer))                                   \
  CALL(lstat, syscall(SYS_lstat, p, buffer))                                 \
  CALL(newfstatat, syscall(SYS_newfstatat, AT_FDCWD, p, buffer, 0))          \
  CALL(statx, syscall(SYS_statx, AT_FDCWD, p, 0, STATX_ALL, buffer))         \
  CALL(statfs, syscall(SYS_statfs, p, buffer))                               \
  CALL(readlink, syscall(SYS_readlink, p, buffer, sizeof buffer))            \
  CALL(readlinkat, syscall(SYS_readlinkat, AT_FDCWD, p, buffer, sizeof buffer)) \
  CALL(open, opened(syscall(SYS_open, p, O_RDONLY)))                         \
  CALL(open_write, opened(syscall(SYS_open, p, O_WRONLY | O_CREAT, 0644)))   \
  CALL(openat, opened(syscall(SYS_openat, AT_FDCWD, p, O_RDONLY)))           \
  CALL(openat_write, opened(syscall(SYS_openat, AT_FDCWD, p, O_WRONLY | O_CREAT, 0644))) \
  CALL(openat2, opened(syscall(SYS_openat2, AT_FDCWD, p, &how, sizeof how))) \
  CALL(creat, opened(syscall(SYS_creat, p, 0644)))                           \
  CALL(truncate, syscall(SYS_truncate, p, 0))                                \
  CALL(chmod, syscall(SYS_chmod, p, 0644))                                   \
  CALL(fchmodat, syscall(SYS_fchmodat, AT_FDCWD, p, 0644))                   \
  CALL(fchmodat2, syscall(SYS_fchmodat2, AT_FDCWD, p, 0644, 0))              \
  CALL(chown, syscall(SYS_chown, p, 0, 0))                                   \
  CALL(lchown, syscall(SYS_lchown, p, 0, 0))                                 \
  CALL(fchownat, syscall(SYS_fchownat, AT_FDCWD, p, 0, 0, 0))                \
  CALL(utime, syscall(SYS_utime, p, &old_times))                             \
  CALL(utimes, syscall(SYS_utimes, p, moments))                              \
  CALL(futimesat, syscall(SYS_futimesat, AT_FDCWD, p, moments))              \
  CALL(utimensat, syscall(SYS_utimensat, AT_FDCWD, p, times, 0))             \
  CALL(getxattr, syscall(SYS_getxattr, p, "trusted.a", buffer, 8))           \
  CALL(lgetxattr, syscall(SYS_lgetxattr, p, "trusted.a", buffer, 8))         \
  CALL(setxattr, syscall(SYS_setxattr, p, "trusted.a", "x", 1, 0))           \
  CALL(lsetxattr, syscall(SYS_lsetxattr, p, "trusted.a", "x", 1, 0))         \
  CALL(listxattr, opened(syscall(SYS_listxattr, p, buffer, 0)))              \
  CALL(llistxattr, opened(syscall(SYS_llistxattr, p, buffer, 0)))            \
  CALL(removexattr, syscall(SYS_removexattr, p, "trusted.b"))                \
  CALL(lremovexattr, syscall(SYS_lremovexattr, p, "trusted.b"))              \
  CALL(mkdir, syscall(SYS_mkdir, p, 0755))                                   \
  CALL(mkdirat, syscall(SYS_mkdirat, AT_FDCWD, p, 0755))                     \
  CALL(mknod, syscall(SYS_mknod, p, S_IFREG | 0644, 0))                      \
  CALL(mknodat, syscall(SYS_mknodat, AT_FDCWD, p, S_IFIFO | 0644, 0))        \
  CALL(symlink, syscall(SYS_symlink, "target", p))                           \
  CALL(symlinkat, syscall(SYS_symlinkat, "target", AT_FDCWD, p))             \
  CALL(symlink_target, syscall(SYS_symlink, p, "missing/link"))              \
  CALL(link, syscall(SYS_link, "own", p))                                    \
  CALL(linkat, syscall(SYS_linkat, AT_FDCWD, "own", AT_FDCWD, p, 0))         \
  CALL(unlink, syscall(SYS_unlink, p))                                       \
  CALL(unlinkat, syscall(SYS_unlinkat, AT_FDCWD, p, 0))                      \
  CALL(rmdir, syscall(SYS_rmdir, p))                                         \
  CALL(rename, syscall(SYS_rename, p, "renamed"))                            \
  CALL(renameat, syscall(SYS_renameat, AT_FDCWD, p, AT_FDCWD, "renamed"))    \
  CALL(renameat2, syscall(SYS_renameat2, AT_FDCWD, p, AT_FDCWD, "renamed", 0)) \
  CALL(rename_to, syscall(SYS_rename, "missing", p))                         \
  CALL(execve, syscall(SYS_execve, p, nothing, nothing))                     \
  CALL(execveat, syscall(SYS_execveat, AT_FDCWD, p, nothing, nothing, 0))    \
  CALL(mount, syscall(SYS_mount, "none", p, "nosuchfs", 0, NULL))            \
  CALL(umount2, syscall(SYS_umount2, p, UMOUNT_NOFOLLOW))                    \
  CALL(pivot_root, syscall(SYS_pivot_root, p, p))                            \
  CALL(chroot, syscall(SYS_chroot, p))                                       \
  CALL(chdir, syscall(SYS_chdir, p))

#define DEFINE(name, call) static long do_##name(const char *p) { return call; }
CALLS(DEFINE)
#define ENTRY(name, call) {#name, do_##name},
static const struct call { const char *name; long (*make)(const char *); } calls[] = {CALLS(ENTRY)};
enum { COUNT = sizeof calls / sizeof calls[0] };

static void touch(const char *name) { close(open(name, O_CREAT | O_WRONLY, 0644)); }

struct bad { const char *what; const char *path; };

/* Each call in a process of its own: those that work by mistake must not change what the next one sees of this process. */
static void try_all(const struct bad *bads, int count, uid_t user) {
  for (int i = 0; i < COUNT; i++) {
    pid_t child = fork();
    if (child == 0) {
      if (user != 0) setresuid(user, user, user);
      printf("%s:", calls[i].name);
      for (int j = 0; j < count; j++) {
        errno = 0;
        long result = calls[i].make(bads[j].path);
        printf(" %s %s", bads[j].what, result == -1 ? errno_name(errno) : "works");
      }
      putchar('\n');
      _exit(0);
    }
    waitpid(child, NULL, 0);
  }
}

static void bad_names(void) {
  static char component[257], too_long[4097], longest[4096];
  memset(component, 'n', 256);
  for (int i = 0; i < 4096; i += 2) memcpy(too_long + i, "./", 2);
  memcpy(longest, too_long, 4095);
  longest[4094] = 'x';
  char *unended = before_hole(8);
  memset(unended, 'u', 8);
  const struct bad bads[] = {
    {"NULL", NULL}, {"unmapped", BAD_POINTER}, {"kernel", KERNEL_POINTER}, {"unended", unended}, {"empty", ""}, {"missing", "missing/x"},
    {"through a file", "f/x"}, {"file and slash", "f/"}, {"loop", "loop/x"}, {"component of 256", component}, {"4096 bytes", too_long},
  };
  try_all(bads, sizeof bads / sizeof bads[0], 0);
  /* The longest that may be. */
  SHOW(open(longest, O_RDONLY));
  SHOW(syscall(SYS_stat, longest, buffer));
  SHOW(syscall(SYS_symlink, longest, "long"));
  SHOW(readlink("long", buffer, sizeof buffer));
  component[255] = 0;
  SHOW_AS("mkdir of 255", mkdir(component, 0755));
  SHOW_AS("rmdir of 255", rmdir(component));
}

static void read_only(void) {
  mkdir("ro", 0755);
  SHOW(mount("none", "ro", "tmpfs", 0, NULL));
  touch("ro/f");
  mkdir("ro/d", 0755);
  SHOW(mount(NULL, "ro", NULL, MS_REMOUNT | MS_RDONLY, NULL));
  const struct bad bads[] = {{"new", "ro/new"}, {"file", "ro/f"}, {"directory", "ro/d"}};
  try_all(bads, 3, 0);
  int fd = open("ro/f", O_RDONLY);
  SHOW(fchmod(fd, 0600));
  SHOW(fchown(fd, 1, 1));
  SHOW(syscall(SYS_fsetxattr, fd, "trusted.a", "x", 1, 0));
  SHOW(syscall(SYS_fremovexattr, fd, "trusted.a"));
  SHOW(close(fd));
  SHOW(opened(syscall(SYS_openat2, AT_FDCWD, "ro/f", &how_write, sizeof how_write)));
  SHOW(rename("ro/f", "ro/g"));
  SHOW(syscall(SYS_renameat, AT_FDCWD, "ro/f", AT_FDCWD, "ro/g"));
  SHOW(syscall(SYS_renameat2, AT_FDCWD, "ro/f", AT_FDCWD, "ro/g", 0));
  SHOW(link("ro/f", "ro/g"));
  SHOW(umount2("ro", 0));
}

static void full(void) {
  mkdir("full", 0755);
  SHOW(mount("none", "full", "tmpfs", 0, "nr_inodes=3"));
  touch("full/f");
  touch("full/g");
  SHOW(syscall(SYS_open, "full/new", O_CREAT | O_WRONLY, 0644));
  SHOW(syscall(SYS_openat, AT_FDCWD, "full/new", O_CREAT | O_WRONLY, 0644));
  SHOW(syscall(SYS_creat, "full/new", 0644));
  SHOW(syscall(SYS_mkdir, "full/new", 0755));
  SHOW(syscall(SYS_mkdirat, AT_FDCWD, "full/new", 0755));
  SHOW(syscall(SYS_mknod, "full/new", S_IFIFO | 0644, 0));
  SHOW(syscall(SYS_mknodat, AT_FDCWD, "full/new", S_IFREG | 0644, 0));
  SHOW(syscall(SYS_symlink, "x", "full/new"));
  SHOW(syscall(SYS_symlinkat, "x", AT_FDCWD, "full/new"));
  SHOW(syscall(SYS_link, "full/f", "full/new"));
  SHOW(syscall(SYS_linkat, AT_FDCWD, "full/f", AT_FDCWD, "full/new", 0));
  /* Nothing new is needed for these. */
  SHOW(rename("full/f", "full/new"));
  SHOW(rename("full/new", "full/g"));
  SHOW(umount2("full", 0));
}

static void as_somebody(void) {
  mkdir("closed", 0700);
  touch("closed/f");
  mkdir("sticky", 0777);
  chmod("sticky", 01777);
  touch("sticky/f");
  chmod("sticky/f", 0644);
  mkdir("sticky/d", 0755);
  touch("own");
  chown("own", 1000, 1000);
  const struct bad searched[] = {{"not searchable", "closed/f"}};
  try_all(searched, 1, 1000);
  const struct bad made[] = {{"not writable", "new"}};
  try_all(made, 1, 1000);
  IN_CHILD("of somebody else", {
    setresuid(1000, 1000, 1000);
    static const char *const names[] = {"sticky/f", "sticky/d"};
    for (int i = 0; i < 2; i++) {
      const char *p = names[i];
      NOTE("%s", p);
      SHOW(syscall(SYS_chmod, p, 0600));
      SHOW(syscall(SYS_fchmodat, AT_FDCWD, p, 0600));
      SHOW(syscall(SYS_fchmodat2, AT_FDCWD, p, 0600, 0));
      SHOW(syscall(SYS_chown, p, 1000, 1000));
      SHOW(syscall(SYS_lchown, p, 1000, 1000));
      SHOW(syscall(SYS_fchownat, AT_FDCWD, p, 1000, 1000, 0));
      SHOW(syscall(SYS_utime, p, &old_times));
      SHOW(syscall(SYS_utimes, p, moments));
      SHOW(syscall(SYS_futimesat, AT_FDCWD, p, moments));
      SHOW(syscall(SYS_utimensat, AT_FDCWD, p, times, 0));
      SHOW(syscall(SYS_utime, p, NULL));
      SHOW(syscall(SYS_utimes, p, NULL));
      SHOW(syscall(SYS_unlink, p));
      SHOW(syscall(SYS_unlinkat, AT_FDCWD, p, 0));
      SHOW(syscall(SYS_rmdir, p));
      SHOW(syscall(SYS_rename, p, "sticky/new"));
      SHOW(syscall(SYS_renameat, AT_FDCWD, p, AT_FDCWD, "sticky/new"));
      SHOW(syscall(SYS_renameat2, AT_FDCWD, p, AT_FDCWD, "sticky/new", 0));
      SHOW(syscall(SYS_open, p, O_RDONLY | O_NOATIME));
      SHOW(syscall(SYS_removexattr, p, "trusted.a"));
      SHOW(syscall(SYS_lremovexattr, p, "trusted.a"));
      SHOW(syscall(SYS_setxattr, p, "trusted.a", "x", 1, 0));
    }
    int fd = open("sticky/f", O_RDONLY);
    SHOW(fchmod(fd, 0600));
    SHOW(fchown(fd, 1000, 1000));
    SHOW(syscall(SYS_fremovexattr, fd, "trusted.a"));
    SHOW(syscall(SYS_fsetxattr, fd, "trusted.a", "x", 1, 0));
  });
  int fd = open("closed", O_RDONLY | O_DIRECTORY);
  IN_CHILD("fchdir as somebody", { setresuid(1000, 1000, 1000); SHOW(fchdir(fd)); });
  close(fd);
}

int main(void) {
  touch("f");
  touch("own");
  symlink("loop", "loop");
  bad_names();
  read_only();
  full();
  as_somebody();
  return 0;
}

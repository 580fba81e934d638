/* Calls that take a directory descriptor and a path: descriptors that are bad, closed, or no directories; names as for the calls without.
   covers: faccessat faccessat2 fchmodat fchmodat2 fchownat futimesat link linkat mkdirat mknodat newfstatat openat openat2 readlinkat rename renameat
     renameat2 rmdir statx symlinkat unlink unlinkat utimensat execveat */
#include "observe.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

static char buffer[4096];
static const struct timeval moments[2];
static const struct timespec times[2];
static const struct open_how how = {.flags = O_RDONLY};
static char *const nothing[] = {NULL};

static void touch(const char *name) { close(open(name, O_CREAT | O_WRONLY, 0644)); }

static void all(int fd) {
  SHOW(syscall(SYS_openat, fd, "f", O_RDONLY));
  SHOW(syscall(SYS_openat2, fd, "f", &how, sizeof how));
  SHOW(syscall(SYS_newfstatat, fd, "f", buffer, 0));
  SHOW(syscall(SYS_newfstatat, fd, "", buffer, 0));
  SHOW(syscall(SYS_statx, fd, "f", 0, STATX_ALL, buffer));
  SHOW(syscall(SYS_faccessat, fd, "f", 0));
  SHOW(syscall(SYS_faccessat2, fd, "f", 0, 0));
  SHOW(syscall(SYS_fchmodat, fd, "f", 0644));
  SHOW(syscall(SYS_fchmodat2, fd, "f", 0644, 0));
  SHOW(syscall(SYS_fchownat, fd, "f", 0, 0, 0));
  SHOW(syscall(SYS_futimesat, fd, "f", moments));
  SHOW(syscall(SYS_utimensat, fd, "f", times, 0));
  SHOW(syscall(SYS_readlinkat, fd, "f", buffer, 64));
  SHOW(syscall(SYS_mkdirat, fd, "new", 0755));
  SHOW(syscall(SYS_mknodat, fd, "new", S_IFREG | 0644, 0));
  SHOW(syscall(SYS_symlinkat, "x", fd, "new"));
  SHOW(syscall(SYS_linkat, fd, "f", AT_FDCWD, "new", 0));
  SHOW(syscall(SYS_linkat, AT_FDCWD, "f", fd, "new", 0));
  SHOW(syscall(SYS_renameat, fd, "f", AT_FDCWD, "new"));
  SHOW(syscall(SYS_renameat, AT_FDCWD, "f", fd, "new"));
  SHOW(syscall(SYS_renameat2, fd, "f", AT_FDCWD, "new", 0));
  SHOW(syscall(SYS_renameat2, AT_FDCWD, "f", fd, "new", 0));
  SHOW(syscall(SYS_unlinkat, fd, "f", 0));
  SHOW(syscall(SYS_unlinkat, fd, "f", AT_REMOVEDIR));
  SHOW(syscall(SYS_execveat, fd, "f", nothing, nothing, 0));
  SHOW(syscall(SYS_execveat, fd, "", nothing, nothing, 0));
}

/* The rules of rename, for each of its names. */
static void renames(void) {
#define EACH(from, to)                                             \
  do {                                                             \
    SHOW(syscall(SYS_rename, from, to));                           \
    SHOW(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));     \
    SHOW(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)); \
  } while (0)
  EACH("f", "d");
  EACH("d", "f");
  EACH("d", "d/sub/x");
  EACH("e", "d");
  EACH("f", ".");
  EACH(".", "x");
  EACH("..", "x");
  EACH("m", "x");
  EACH("f", "m/x");
  EACH("m/f", "x");
  EACH("f", BAD_POINTER);
  EACH("f", "");
  EACH("f", "loop/x");
  EACH("f", "f/x");
  EACH("f", "missing/x");
  EACH("f", "x/");
}

int main(void) {
  touch("f");
  mkdir("d", 0755);
  mkdir("d/sub", 0755);
  mkdir("e", 0755);
  mkdir("m", 0755);
  symlink("loop", "loop");
  SHOW(mount("none", "m", "tmpfs", 0, NULL));
  touch("m/f");
  NOTE("no descriptor");
  all(-1);
  NOTE("closed");
  all(1000);
  NOTE("a file");
  int file = open("f", O_RDONLY);
  all(file);
  NOTE("a path");
  int path = open("f", O_PATH);
  all(path);
  SHOW(close(path));
  SHOW(close(file));
  renames();
  /* links, and names that are taken or busy */
  SHOW(syscall(SYS_link, "f", "m/x"));
  SHOW(syscall(SYS_linkat, AT_FDCWD, "f", AT_FDCWD, "m/x", 0));
  SHOW(syscall(SYS_linkat, AT_FDCWD, "missing", AT_FDCWD, "x", 0));
  SHOW(syscall(SYS_linkat, AT_FDCWD, "f", AT_FDCWD, "loop/x", 0));
  SHOW(syscall(SYS_unlinkat, AT_FDCWD, "m", AT_REMOVEDIR));
  SHOW(syscall(SYS_unlinkat, AT_FDCWD, "m", 0));
  SHOW(syscall(SYS_unlinkat, AT_FDCWD, "d", AT_REMOVEDIR));
  SHOW(syscall(SYS_rmdir, "m"));
  SHOW(syscall(SYS_unlink, "m"));
  SHOW(syscall(SYS_mkdirat, AT_FDCWD, "d", 0755));
  SHOW(syscall(SYS_mknodat, AT_FDCWD, "d", S_IFREG, 0));
  SHOW(syscall(SYS_symlinkat, "x", AT_FDCWD, "d"));
  SHOW(syscall(SYS_symlinkat, "", AT_FDCWD, "x"));
  /* a file on which another is mounted */
  SHOW(mount("m/f", "f", NULL, MS_BIND, NULL));
  SHOW(syscall(SYS_unlink, "f"));
  SHOW(syscall(SYS_unlinkat, AT_FDCWD, "f", 0));
  SHOW(syscall(SYS_rename, "f", "x"));
  SHOW(umount2("f", 0));
  SHOW(umount2("m", 0));
  return 0;
}

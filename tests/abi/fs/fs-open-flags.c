/* open(2): the less usual flags, nameless files and giving them a name, unprivileged callers, openat2(2) and its resolve flags.
   covers: openat openat2 linkat open */
#include "observe.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static void show_flags(const char *what, int fd) {
  if (fd < 0) { observe(what, fd, 1); return; }
  struct stat st;
  fstat(fd, &st);
  printf("%s: ok flags %o cloexec %d mode %o\n", what, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD), st.st_mode);
  close(fd);
}
#define OPEN(...) (errno = 0, show_flags("open " #__VA_ARGS__, open(__VA_ARGS__)))

static void how(const char *what, unsigned long flags, unsigned long mode, unsigned long resolve, const char *name) {
  struct open_how how = {flags, mode, resolve};
  errno = 0;
  show_flags(what, syscall(SYS_openat2, AT_FDCWD, name, &how, sizeof how));
}
#define HOW(...) how("openat2 " #__VA_ARGS__, __VA_ARGS__)

static void nameless(void) {
  char name[64];
  struct stat st;
  int fd = open(".", O_TMPFILE | O_RDWR, 0640);
  write(fd, "content", 7);
  SHOW(linkat(fd, "", AT_FDCWD, "named", AT_EMPTY_PATH));
  stat("named", &st);
  NOTE("  %ld %o %ld", (long)st.st_size, st.st_mode, (long)st.st_nlink);
  SHOW(linkat(fd, "", AT_FDCWD, "named", AT_EMPTY_PATH));
  SHOW(linkat(fd, "", AT_FDCWD, "twice", AT_EMPTY_PATH));
  fd = open(".", O_TMPFILE | O_WRONLY, 0600);
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  SHOW_AS("linkat by /proc", linkat(AT_FDCWD, name, AT_FDCWD, "by-proc", AT_SYMLINK_FOLLOW));
  SHOW_AS("linkat of the link in /proc", linkat(AT_FDCWD, name, AT_FDCWD, "other", 0));
  fd = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
  SHOW(linkat(fd, "", AT_FDCWD, "exclusive", AT_EMPTY_PATH));
  SHOW(linkat(fd, "", AT_FDCWD, "x", 0));
  SHOW(linkat(999, "", AT_FDCWD, "x", AT_EMPTY_PATH));
  SHOW(linkat(AT_FDCWD, "", AT_FDCWD, "x", AT_EMPTY_PATH));
  int path = open("named", O_PATH);
  SHOW(linkat(path, "", AT_FDCWD, "from-path", AT_EMPTY_PATH));
  unlink("from-path");
  unlink("named");
  unlink("twice");
  SHOW(linkat(path, "", AT_FDCWD, "revived", AT_EMPTY_PATH));
  OPEN(".", O_TMPFILE | O_RDWR | O_CREAT, 0600);
  OPEN("missing", O_TMPFILE | O_RDWR, 0600);
  OPEN(".", O_TMPFILE | O_RDWR | O_CLOEXEC | O_APPEND, 0600);
  OPEN(".", O_TMPFILE, 0600);
  OPEN("/proc", O_TMPFILE | O_RDWR, 0600);
}

static void resolving(void) {
  mkdir("d", 0755);
  symlink("../f", "d/up");
  symlink("/", "d/root");
  symlink("d/inner", "inner-link");
  close(open("d/inner", O_CREAT, 0644));
  HOW(O_RDONLY, 0, 0, "f");
  HOW(O_RDONLY, 0600, 0, "f");
  HOW(O_CREAT | O_WRONLY, 0600, 0, "how");
  HOW(O_CREAT | O_WRONLY, 010600, 0, "how2");
  HOW(O_RDONLY | 0x80000000, 0, 0, "f");
  HOW(O_PATH | O_NONBLOCK, 0, 0, "f");
  HOW(O_PATH | O_CLOEXEC, 0, 0, "f");
  HOW(O_RDONLY, 0, 64, "f");
  HOW(O_RDONLY, 0, 1UL << 40, "f");
  HOW(O_TMPFILE | O_RDWR, 0600, 0, ".");
  HOW(O_DIRECTORY | O_CREAT, 0600, 0, "new");
  struct open_how how = {O_RDONLY, 0, 0};
  SHOW(syscall(SYS_openat2, AT_FDCWD, "f", NULL, sizeof how));
  SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, 0));
  SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, 23));
  SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, 5000));
  SHOW(syscall(SYS_openat2, AT_FDCWD, NULL, &how, sizeof how));
  SHOW(syscall(SYS_openat2, 999, "f", &how, sizeof how));
}

static void as_user(void) {
  setresgid(1000, 1000, 1000);
  setresuid(1000, 1000, 1000);
  OPEN("f", O_RDONLY | O_NOATIME);
  OPEN("f", O_RDONLY);
  OPEN("f", O_WRONLY);
  OPEN("f", O_RDONLY | O_TRUNC);
  OPEN("secret", O_RDONLY);
  OPEN("secret", O_PATH);
  OPEN("closed/x", O_RDONLY);
  OPEN("closed/x", O_CREAT | O_WRONLY, 0600);
  OPEN("new", O_CREAT | O_WRONLY, 0600);
  OPEN("open/new", O_CREAT | O_RDWR, 0);
  OPEN("open/new", O_RDWR);
  OPEN("open", O_TMPFILE | O_RDWR, 0600);
  OPEN(".", O_TMPFILE | O_RDWR, 0600);
  struct rlimit files = {3, 3};
  setrlimit(RLIMIT_NOFILE, &files);
  OPEN("f", O_RDONLY);
}

int main(void) {
  OPEN("f", O_CREAT | O_RDWR, 04755);
  OPEN("f", O_RDONLY | O_NOCTTY);
  OPEN("f", O_RDWR | O_SYNC);
  OPEN("f", O_RDWR | O_DSYNC);
  OPEN("f", O_RDWR | O_ASYNC);
  OPEN("f", O_RDWR | O_LARGEFILE);
  OPEN("f", O_RDONLY | O_NOATIME);
  OPEN("f", O_RDONLY | O_NONBLOCK | O_APPEND);
  OPEN("f", O_WRONLY | O_TRUNC | O_CLOEXEC);
  OPEN("f", O_RDONLY | 0x80000000);
  OPEN("f", O_PATH | O_TRUNC | O_CREAT | O_EXCL, 0600);
  OPEN("f", O_PATH | O_DIRECTORY);
  OPEN(".", O_PATH | O_DIRECTORY | O_NOFOLLOW);
  OPEN("f", O_RDONLY | O_EXCL);
  OPEN("e", O_CREAT | O_RDONLY | O_TRUNC, 0);
  OPEN("/dev/null", O_RDWR | O_TRUNC);
  OPEN("/dev/null", O_RDWR | O_CREAT | O_EXCL, 0600);
  OPEN("/dev/null/x", O_RDONLY);
  OPEN("/dev/tty", O_RDWR);
  mknod("device", S_IFCHR | 0600, 0xf04d);
  OPEN("device", O_RDONLY);
  mknod("block", S_IFBLK | 0600, 0xf04d);
  OPEN("block", O_RDONLY);
  mknod("socket", S_IFSOCK | 0600, 0);
  OPEN("socket", O_RDWR);
  OPEN("socket", O_PATH);
  mkfifo("fifo", 0600);
  OPEN("fifo", O_RDWR | O_DIRECT);
  OPEN("/dev/null", O_RDWR | O_DIRECT);
  OPEN(".", O_RDONLY | O_DIRECT);
  OPEN("f", O_PATH | O_DIRECT);
  nameless();
  resolving();
  close(open("secret", O_CREAT, 0600));
  mkdir("closed", 0700);
  close(open("closed/x", O_CREAT, 0644));
  mkdir("open", 0777);
  chmod("open", 0777);
  chmod(".", 0755);
  IN_CHILD("user", as_user());
  return 0;
}

/* mount(2), umount2(2), pivot_root(2), chroot(2): new, bound, moved and remounted file systems, their flags, busy ones, errors.
   Everything is mounted below the working folder and taken away again.
   covers: mount umount2 pivot_root chroot statfs */
#include "observe.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <utime.h>

static void flags_of(const char *name) {
  struct statfs fs;
  if (statfs(name, &fs) < 0) { NOTE("  %s: %s", name, errno_name(errno)); return; }
  NOTE("  %s: type %lx flags %lx", name, (long)fs.f_type, (long)fs.f_flags & 0xfff & ~0x20);
}
static void touch(const char *name) { SHOW_AS(name, close(open(name, O_CREAT | O_WRONLY, 0644))); }

static void errors(void) {
  SHOW(mount("none", "missing", "tmpfs", 0, NULL));
  SHOW(mount("none", "f", "tmpfs", 0, NULL));
  SHOW(mount("none", "m", "nosuchfs", 0, NULL));
  SHOW(mount("none", "m", NULL, 0, NULL));
  SHOW(mount("none", BAD_POINTER, "tmpfs", 0, NULL));
  SHOW(mount("none", "m", BAD_POINTER, 0, NULL));
  SHOW(mount(BAD_POINTER, "m", "tmpfs", 0, NULL));
  SHOW(mount("none", "m", "tmpfs", 0, "nonsense=1"));
  SHOW(mount("none", "m", "tmpfs", 0, "mode=9"));
  SHOW(mount("none", "", "tmpfs", 0, NULL));
  SHOW(mount("missing", "m", NULL, MS_BIND, NULL));
  SHOW(mount("f", "m", NULL, MS_BIND, NULL));
  SHOW(mount("m", "f", NULL, MS_BIND, NULL));
  SHOW(mount(NULL, "m", NULL, MS_BIND, NULL));
  SHOW(mount("d", "m", NULL, MS_MOVE, NULL));
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT, NULL));
  SHOW(umount2("m", 0));
  SHOW(umount2("missing", 0));
  SHOW(umount2("f", 0));
  SHOW(umount2("m", 64));
  SHOW(umount2(BAD_POINTER, 0));
  SHOW(umount2("", 0));
  IN_CHILD("as somebody", {
    setresuid(1000, 1000, 1000);
    SHOW(mount("none", "m", "tmpfs", 0, NULL));
    SHOW(umount2("m", 0));
    SHOW(syscall(SYS_pivot_root, ".", "."));
    SHOW(chroot("."));
  });
}

static void simple(void) {
  struct stat st;
  touch("m/below");
  SHOW(mount("source", "m", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k,mode=1750,nr_inodes=10"));
  flags_of("m");
  stat("m", &st);
  NOTE("  mode %o", st.st_mode);
  SHOW(access("m/below", F_OK));
  touch("m/above");
  SHOW(mount("again", "m", "tmpfs", 0, NULL));
  SHOW(access("m/above", F_OK));
  SHOW(umount2("m", 0));
  SHOW(access("m/above", F_OK));
  SHOW(rmdir("m"));
  SHOW(rename("m", "n"));
  SHOW(rename("m/above", "outside"));
  SHOW(link("m/above", "outside"));
  int fd = open("m/big", O_CREAT | O_RDWR, 0644);
  static char block[70000];
  SHOW(write(fd, block, sizeof block));
  SHOW(write(fd, block, 1));
  SHOW(umount2("m", 0));
  SHOW(umount2("m", MNT_EXPIRE | MNT_FORCE));
  close(fd);
  for (int i = 0; i < 12; i++) {
    char name[20];
    snprintf(name, sizeof name, "m/i%d", i);
    int made = open(name, O_CREAT | O_WRONLY, 0644);
    if (made < 0) { NOTE("  inode %d: %s", i, errno_name(errno)); break; }
    close(made);
  }
  mknod("m/null", S_IFCHR | 0666, makedev(1, 3));
  unlink("m/i0");
  mknod("m/null", S_IFCHR | 0666, makedev(1, 3));
  SHOW(open("m/null", O_RDWR));
  unlink("m/i1");
  fd = open("m/program", O_CREAT | O_WRONLY, 0755);
  write(fd, "#!/bin/sh\n", 10);
  close(fd);
  SHOW(execl("m/program", "program", NULL));
  SHOW(access("m/program", X_OK));
  IN_CHILD("inside", { SHOW(chdir("m")); SHOW(umount2("../m", 0)); SHOW(umount2(".", 0)); });
  SHOW(umount2("m", UMOUNT_NOFOLLOW));
  SHOW(access("m/below", F_OK));
  symlink("m", "link");
  SHOW(mount("none", "link", "tmpfs", 0, NULL));
  SHOW(umount2("link", UMOUNT_NOFOLLOW));
  SHOW(umount2("link", 0));
}

static void read_only(void) {
  SHOW(mount("none", "m", "tmpfs", 0, NULL));
  touch("m/a");
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
  flags_of("m");
  SHOW(open("m/a", O_RDWR));
  SHOW(open("m/new", O_CREAT | O_WRONLY, 0644));
  SHOW(mkdir("m/d", 0755));
  SHOW(mkdir("m/a", 0755));
  SHOW(unlink("m/a"));
  SHOW(unlink("m/none"));
  SHOW(rmdir("m/none"));
  SHOW(rename("m/a", "m/b"));
  SHOW(link("m/a", "m/b"));
  SHOW(symlink("x", "m/b"));
  SHOW(mknod("m/b", S_IFIFO | 0600, 0));
  SHOW(chmod("m/a", 0600));
  SHOW(chown("m/a", 1, 1));
  SHOW(utime("m/a", NULL));
  SHOW(truncate("m/a", 0));
  SHOW(access("m/a", W_OK));
  SHOW(access("m/a", R_OK));
  SHOW(open("m/a", O_RDONLY | O_CREAT, 0644) > 0);
  SHOW(open("m/a", O_RDONLY | O_CREAT | O_EXCL, 0644));
  SHOW(open("m/a", O_RDONLY | O_TRUNC));
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT, NULL));
  int fd = open("m/a", O_WRONLY);
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
  SHOW(write(fd, "x", 1));
  close(fd);
  SHOW(umount2("m", MNT_DETACH));
}

static void bound(void) {
  struct stat one, two;
  touch("d/x");
  SHOW(mount("d", "m", NULL, MS_BIND, NULL));
  SHOW(access("m/x", F_OK));
  touch("m/y");
  SHOW(access("d/y", F_OK));
  stat("d", &one);
  stat("m", &two);
  NOTE("  same inode %d", one.st_ino == two.st_ino && one.st_dev == two.st_dev);
  SHOW(rename("d/x", "m/z"));
  SHOW(link("d/x", "m/z"));
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
  SHOW(open("m/x", O_WRONLY));
  SHOW(close(open("d/x", O_WRONLY)));
  flags_of("m");
  SHOW(umount2("m", 0));
  touch("g");
  SHOW(mount("f", "g", NULL, MS_BIND, NULL));
  int fd = open("f", O_WRONLY);
  SHOW(write(fd, "bound", 5));
  close(fd);
  stat("g", &one);
  NOTE("  size %ld", (long)one.st_size);
  SHOW(unlink("g"));
  SHOW(umount2("g", 0));
  SHOW(unlink("g"));
  /* trees */
  SHOW(mount("none", "d", "tmpfs", 0, NULL));
  SHOW(mkdir("d/inner", 0755));
  SHOW(mount("none", "d/inner", "tmpfs", 0, NULL));
  touch("d/inner/deep");
  SHOW(mount("d", "m", NULL, MS_BIND, NULL));
  SHOW(access("m/inner/deep", F_OK));
  SHOW(umount2("m", 0));
  SHOW(mount("d", "m", NULL, MS_BIND | MS_REC, NULL));
  SHOW(access("m/inner/deep", F_OK));
  SHOW(umount2("m", 0));
  SHOW(umount2("m", MNT_DETACH));
  SHOW(access("m/inner", F_OK));
  SHOW(umount2("d", 0));
  /* moving */
  SHOW(mount("d", "m", NULL, MS_MOVE, NULL));
  SHOW(access("m/inner/deep", F_OK));
  SHOW(access("d/inner", F_OK));
  SHOW(mount("m", "m/inner", NULL, MS_MOVE, NULL));
  SHOW(mount("m", "f", NULL, MS_MOVE, NULL));
  SHOW(mount("m", "missing", NULL, MS_MOVE, NULL));
  fd = open("m/inner/deep", O_RDWR);
  SHOW(umount2("m/inner", 0));
  SHOW(umount2("m/inner", MNT_DETACH));
  SHOW(write(fd, "still", 5));
  close(fd);
  SHOW(access("m/inner/deep", F_OK));
  SHOW(umount2("m", 0));
}

static void choices(void) {
  SHOW(mount("none", "m", "tmpfs", MS_NOATIME | MS_NODIRATIME | MS_SILENT, NULL));
  flags_of("m");
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL));
  flags_of("m");
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_RELATIME, NULL));
  flags_of("m");
  SHOW(mount(NULL, "m", NULL, MS_PRIVATE, NULL));
  SHOW(mount(NULL, "m", NULL, MS_PRIVATE | MS_REC, NULL));
  SHOW(mount(NULL, "d", NULL, MS_PRIVATE, NULL));
  SHOW(umount2("m", 0));
  SHOW(mount("none", "m", "tmpfs", MS_STRICTATIME, NULL));
  flags_of("m");
  SHOW(umount2("m", MNT_FORCE));
}

/* The options of "m" in a file of /proc, without its own (size and inodes are the system's choice). */
static void options_of(const char *file) {
  char line[600], *end;
  FILE *lines = fopen(file, "r");
  while (lines && fgets(line, sizeof line, lines)) {
    char *at = strstr(line, "/m ");
    if (!at) continue;
    if ((end = strstr(at, ",size")) || (end = strstr(at, ",inode64")) || (end = strstr(at, " 0 0\n")) || (end = strchr(at, '\n'))) *end = 0;
    NOTE("  %s", at + 3);
  }
  if (lines) fclose(lines);
}

static void whole_file_system(void) {
  SHOW(mount("none", "m", "tmpfs", MS_SYNCHRONOUS | MS_DIRSYNC | MS_LAZYTIME | MS_NOSUID, NULL));
  flags_of("m");
  options_of("/proc/self/mounts");
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT, NULL));
  flags_of("m");
  options_of("/proc/self/mounts");
  SHOW(mount(NULL, "m", NULL, MS_REMOUNT | MS_SYNCHRONOUS | MS_MANDLOCK | MS_LAZYTIME, NULL));
  options_of("/proc/self/mounts");
  SHOW(umount2("m", 0));
}

static void expiring(void) {
  SHOW(mount("none", "m", "tmpfs", 0, NULL));
  SHOW(umount2("m", MNT_EXPIRE | MNT_DETACH));
  SHOW(umount2("m", MNT_EXPIRE));
  int fd = open("m", O_RDONLY);
  SHOW(umount2("m", MNT_EXPIRE));
  close(fd);
  SHOW(umount2("m", MNT_EXPIRE));
  SHOW(umount2("m", MNT_EXPIRE));
  SHOW(umount2("m", MNT_EXPIRE));
}

/* From within a mount that has left the tree. */
static void detached(void) {
  SHOW(mount("none", "m", "tmpfs", 0, NULL));
  SHOW(mkdir("m/inner", 0755));
  SHOW(mkdir("m/inner/sub", 0755));
  SHOW(mkdir("elsewhere", 0755));
  int outside = open(".", O_RDONLY);
  SHOW(chdir("m/inner"));
  SHOW(umount2("../../m", MNT_DETACH));
  /* ENOENT since Linux 6.17 */
  NOTE("refused %d %d", mount("none", "sub", "tmpfs", 0, NULL) < 0, mount("sub", "sub", NULL, MS_BIND, NULL) < 0);
  SHOW(mount(NULL, "..", NULL, MS_REMOUNT, NULL));
  SHOW(mount(NULL, "..", NULL, MS_PRIVATE, NULL));
  SHOW(umount2("..", MNT_DETACH));
  SHOW(mkdir("still", 0755));
  int inside = open("sub", O_RDONLY | O_DIRECTORY);
  char name[40];
  snprintf(name, sizeof name, "/proc/self/fd/%d", inside);
  SHOW(fchdir(outside));
  SHOW(mount(name, "elsewhere", NULL, MS_BIND, NULL));
  SHOW(mount(name, "elsewhere", NULL, MS_MOVE, NULL));
  close(inside);
  close(outside);
  SHOW(rmdir("elsewhere"));
}

static void walking(void) {
  char cwd[300];
  SHOW(mount("none", "m", "tmpfs", 0, NULL));
  SHOW(mkdir("m/sub", 0755));
  SHOW(chdir("m/sub"));
  SHOW(chdir("../.."));
  SHOW(access("m", F_OK));
  SHOW(chdir("m"));
  getcwd(cwd, sizeof cwd);
  NOTE("  %s", strrchr(cwd, '/'));
  SHOW(umount2(".", MNT_DETACH));
  SHOW(access("sub", F_OK));
  SHOW(access("..", F_OK));
  SHOW_OK(syscall(SYS_getcwd, cwd, sizeof cwd));
  NOTE("  %.13s", cwd);
}

static void roots(void) {
  SHOW(syscall(SYS_pivot_root, "missing", "m"));
  SHOW(syscall(SYS_pivot_root, "m", "missing"));
  SHOW(syscall(SYS_pivot_root, "f", "m"));
  SHOW(syscall(SYS_pivot_root, "m", "f"));
  SHOW(syscall(SYS_pivot_root, BAD_POINTER, "m"));
  SHOW(chroot("m"));
  SHOW(access("/below", F_OK));
  SHOW(access("/../../below", F_OK));
}

int main(void) {
  mkdir("m", 0755);
  mkdir("d", 0755);
  close(open("f", O_CREAT | O_WRONLY, 0644));
  errors();
  simple();
  read_only();
  bound();
  choices();
  whole_file_system();
  expiring();
  detached();
  IN_CHILD("walking", walking());
  IN_CHILD("roots", roots());
  return 0;
}

/* chmod, chown, utimensat, access, stat, statx, xattr, umask: rules, set-id bits, errors; some as an unprivileged user.
   covers: chmod fchmod fchmodat fchmodat2 chown lchown fchownat utimensat newfstatat statx statfs fstatfs access faccessat2 umask setxattr
   getxattr listxattr removexattr lsetxattr lgetxattr fgetxattr */
#include "observe.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

static int mode(const char *name) { struct stat st; return lstat(name, &st) < 0 ? -1 : (int)(st.st_mode & 07777); }
static void become(int uid) { if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid)) perror("setres"); }

/* What somebody without privileges may do. */
static void as_user(void) {
  become(1000);
  SHOW(chmod("f", 0600)); SHOW(chown("f", 1000, -1)); SHOW(open("f", O_RDONLY)); SHOW(access("f", R_OK));
  SHOW(chmod("theirs", 06755)); NOTE("%o", mode("theirs"));
  SHOW(chown("theirs", 1000, 1000)); NOTE("%o", mode("theirs"));
  SHOW(chown("theirs", 0, -1)); SHOW(chown("theirs", -1, 0));
  chmod("theirs", 06755);
  int fd = open("theirs", O_WRONLY);
  SHOW(write(fd, "x", 1)); NOTE("after a write %o", mode("theirs"));
  chmod("theirs", 06755); SHOW(ftruncate(fd, 0)); NOTE("after truncating %o", mode("theirs"));
  SHOW(access("closed/x", F_OK)); SHOW(access("closed", X_OK)); SHOW(open("closed/x", O_RDONLY)); SHOW(chdir("closed"));
  SHOW(unlink("sticky/roots")); SHOW(rename("sticky/roots", "sticky/y")); SHOW(rmdir("closed"));
  SHOW(mknod("sticky/dev", S_IFCHR | 0600, 0x103)); SHOW(mkdir("closed/y", 0755));
  close(open("setgid/f", O_CREAT | O_WRONLY, 02777)); mkdir("setgid/d", 0755);
  NOTE("%o %o", mode("setgid/f"), mode("setgid/d"));
  SHOW(chroot("."));
  SHOW(utimensat(AT_FDCWD, "f", NULL, 0)); SHOW(utimensat(AT_FDCWD, "theirs", NULL, 0));
  struct timespec t[2] = {{1, 2}, {3, 4}};
  SHOW(utimensat(AT_FDCWD, "f", t, 0));
  SHOW(open("theirs", O_RDONLY | O_NOATIME) < 0); SHOW(open("sticky/roots", O_RDONLY | O_NOATIME));
}

int main(void) {
  struct stat st;
  close(open("f", O_CREAT | O_WRONLY, 0644));
  mkdir("d", 0755);
  symlink("f", "l");
  chmod(".", 0777);
  SHOW(chmod("f", 06755)); NOTE("%o", mode("f"));
  SHOW(chown("f", 1000, 1000)); NOTE("%o", mode("f"));
  SHOW(chmod("f", 06644)); SHOW(chown("f", -1, -1)); NOTE("%o", mode("f"));
  SHOW(chmod("missing", 0)); SHOW(chmod("l", 0600)); NOTE("%o", mode("f"));
  SHOW(fchmodat(AT_FDCWD, "f", 0640, 0));
  SHOW(syscall(452, AT_FDCWD, "l", 0600, AT_SYMLINK_NOFOLLOW));
  SHOW(fchmod(999, 0)); SHOW(fchmod(open("f", O_PATH), 0));
  SHOW(chmod("f", 0177777)); NOTE("%o", mode("f"));
  SHOW(lchown("l", 5, 6)); lstat("l", &st); NOTE("%d %d", st.st_uid, st.st_gid);
  SHOW(fchownat(AT_FDCWD, "l", 7, 8, AT_SYMLINK_NOFOLLOW));
  SHOW(fchownat(AT_FDCWD, "l", 7, 8, 1));
  SHOW(fchownat(open("f", O_PATH), "", 9, 9, AT_EMPTY_PATH));
  stat("f", &st); NOTE("%d %d", st.st_uid, st.st_gid);
  chown("f", 0, 0); chmod("f", 0640);
  close(open("theirs", O_CREAT | O_WRONLY, 0666)); chown("theirs", 1000, 1000); chmod("theirs", 0640);
  mkdir("sticky", 0); chmod("sticky", 01777); close(open("sticky/roots", O_CREAT, 0666));
  mkdir("closed", 0700); close(open("closed/x", O_CREAT, 0666));
  mkdir("setgid", 0); chown("setgid", 0, 1000); chmod("setgid", 02777);
  IN_CHILD("user", as_user());
  /* times */
  struct timespec t[2] = {{100, 5}, {200, 6}};
  SHOW(utimensat(AT_FDCWD, "f", t, 0));
  stat("f", &st); NOTE("%ld.%ld %ld.%ld", st.st_atim.tv_sec, st.st_atim.tv_nsec, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  t[0].tv_nsec = UTIME_OMIT; t[1].tv_sec = -5;
  SHOW(utimensat(AT_FDCWD, "f", t, 0));
  stat("f", &st); NOTE("%ld.%ld %ld.%ld", st.st_atim.tv_sec, st.st_atim.tv_nsec, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
  t[1].tv_nsec = UTIME_OMIT; SHOW(utimensat(AT_FDCWD, "missing", t, 0));
  t[1].tv_nsec = 1000000000; SHOW(utimensat(AT_FDCWD, "f", t, 0));
  t[0].tv_nsec = 0; t[1].tv_nsec = 0; SHOW(utimensat(AT_FDCWD, "l", t, AT_SYMLINK_NOFOLLOW)); SHOW(utimensat(AT_FDCWD, "f", t, 1)); SHOW(futimens(999, t));
  struct utimbuf u = {10, 20}; SHOW(utime("f", &u)); stat("f", &st); NOTE("%ld %ld", st.st_atim.tv_sec, st.st_mtim.tv_sec);
  struct timeval v[2] = {{1, 999999}, {2, 1000000}}; SHOW(utimes("f", v)); v[1].tv_usec = 1; SHOW(utimes("f", v));
  stat("f", &st); NOTE("%ld %ld", st.st_atim.tv_nsec, st.st_mtim.tv_nsec);
  /* stat */
  SHOW(stat("missing", &st)); SHOW(stat("", &st)); SHOW(stat("f/", &st)); SHOW(stat("f", BAD_POINTER)); SHOW(stat(BAD_POINTER, &st));
  SHOW(fstat(999, &st)); SHOW(fstatat(AT_FDCWD, "", &st, AT_EMPTY_PATH)); SHOW(fstatat(AT_FDCWD, "", &st, 0)); SHOW(fstatat(AT_FDCWD, "f", &st, 4));
  int p[2]; pipe(p); SHOW(fstat(p[0], &st)); NOTE("pipe %o size %ld", st.st_mode, (long)st.st_size); SHOW(fstatat(p[0], "", &st, AT_EMPTY_PATH)); SHOW(fstatat(p[0], "x", &st, 0));
  struct statx sx; SHOW(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, &sx)); NOTE("%x %o %lld %d", sx.stx_mask & STATX_BASIC_STATS, sx.stx_mode, (long long)sx.stx_size, sx.stx_nlink);
  SHOW(statx(AT_FDCWD, "f", 1, STATX_BASIC_STATS, &sx)); SHOW(statx(AT_FDCWD, "f", 0, 0x80000000, &sx)); SHOW(statx(AT_FDCWD, "f", AT_STATX_SYNC_TYPE, 0, &sx));
  SHOW(statx(AT_FDCWD, "f", 0, 0, BAD_POINTER));
  struct statfs fs; SHOW(statfs(".", &fs)); NOTE("name limit %ld", (long)fs.f_namelen); SHOW(statfs("missing", &fs)); SHOW(fstatfs(999, &fs)); SHOW(fstatfs(p[0], &fs)); NOTE("pipefs %lx", (long)fs.f_type);
  /* access */
  SHOW(access("f", F_OK)); SHOW(access("f", R_OK | W_OK)); chmod("f", 0600); SHOW(access("f", X_OK)); SHOW(access("d", X_OK)); SHOW(access("f", 8)); SHOW(access("missing", F_OK)); SHOW(access("l", F_OK));
  SHOW(faccessat(AT_FDCWD, "f", R_OK, AT_EACCESS)); SHOW(syscall(SYS_faccessat2, AT_FDCWD, "f", R_OK, 1));
  /* extended attributes */
  char value[16];
  SHOW(setxattr("f", "user.a", "one", 3, 0)); SHOW(setxattr("f", "user.a", "two!", 4, XATTR_CREATE)); SHOW(setxattr("f", "user.b", "x", 1, XATTR_REPLACE)); SHOW(setxattr("f", "user.a", "two!", 4, XATTR_REPLACE));
  SHOW(getxattr("f", "user.a", value, sizeof value)); NOTE("%.4s", value); SHOW(getxattr("f", "user.a", value, 0)); SHOW(getxattr("f", "user.a", value, 2)); SHOW(getxattr("f", "user.none", value, 2));
  SHOW(listxattr("f", value, sizeof value)); SHOW(removexattr("f", "user.a")); SHOW(removexattr("f", "user.a")); SHOW(getxattr("f", "nonsense", value, 2)); SHOW(setxattr("f", "user.a", "x", 1, 7));
  SHOW(lsetxattr("l", "user.a", "x", 1, 0)); SHOW(lgetxattr("l", "user.a", value, 2)); SHOW(setxattr("missing", "user.a", "x", 1, 0)); SHOW(fgetxattr(999, "user.a", value, 2)); SHOW(getxattr("f", "", value, 2));
  umask(0); NOTE("umask %o", umask(0777)); NOTE("umask %o", umask(01022)); NOTE("umask %o", umask(022));
  return 0;
}

/* Calls that the C library answers by newer ones: each by its own number, with the errors of its decoding.
   covers: open stat lstat fstat faccessat access pipe select eventfd getdents mknod mkdirat renameat symlinkat futimesat utime utimes fchown
   sync creat fchmodat readlinkat unlinkat */
#include "observe.h"
#include <fcntl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <utime.h>

#define CALL(name, ...) SHOW_AS(#name "(" #__VA_ARGS__ ")", syscall(SYS_##name, __VA_ARGS__))
#define CALL_OK(name, ...) (errno = 0, observe(#name "(" #__VA_ARGS__ ")", syscall(SYS_##name, __VA_ARGS__), 0))

static struct stat st;
static void times(const char *name) {
  stat(name, &st);
  NOTE("  %ld.%09ld %ld.%09ld", st.st_atim.tv_sec, st.st_atim.tv_nsec, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

static void names(void) {
  CALL_OK(open, "f", O_CREAT | O_RDWR, 0640);
  CALL(open, "missing", O_RDONLY, 0);
  CALL(open, "f", O_CREAT | O_EXCL, 0600);
  CALL(open, BAD_POINTER, O_RDONLY, 0);
  CALL(open, "", O_RDONLY, 0);
  CALL_OK(creat, "g", 0600);
  CALL(creat, ".", 0600);
  CALL(creat, "no/such", 0600);
  CALL(mkdirat, AT_FDCWD, "d", 0700);
  CALL(mkdirat, AT_FDCWD, "d", 0700);
  CALL(mkdirat, 999, "e", 0700);
  CALL(mkdirat, 999, BAD_POINTER, 0700);
  int dir = open("d", O_RDONLY), file = open("f", O_RDWR);
  CALL(mkdirat, dir, "inner", 0700);
  CALL(mkdirat, file, "inner", 0700);
  CALL(symlinkat, "../f", dir, "l");
  CALL(symlinkat, "../f", dir, "l");
  CALL(symlinkat, "", dir, "k");
  CALL(symlinkat, "x", file, "k");
  CALL(symlinkat, BAD_POINTER, dir, "k");
  CALL(symlinkat, "x", dir, BAD_POINTER);
  char text[64] = "";
  CALL(readlinkat, dir, "l", text, sizeof text);
  NOTE("  %s", text);
  CALL(readlinkat, dir, "l", text, 0);
  CALL(readlinkat, dir, "l", text, -1);
  CALL(readlinkat, 999, "l", text, 5);
  CALL(renameat, AT_FDCWD, "g", dir, "h");
  CALL(renameat, dir, "h", 999, "h");
  CALL(renameat, 999, "h", dir, "h");
  CALL(renameat, dir, "none", dir, "h");
  CALL(renameat, dir, "h", AT_FDCWD, "h");
  CALL(mknod, "pipe", S_IFIFO | 0600, 0);
  CALL(mknod, "pipe", S_IFIFO | 0600, 0);
  CALL(mknod, "wrong", S_IFDIR | 0600, 0);
  CALL(mknod, "wrong", S_IFLNK | 0600, 0);
  CALL(mknod, "wrong", 0170000, 0);
  CALL(mknod, "null", S_IFCHR | 0666, 0x103);
  stat("null", &st);
  NOTE("  %o %lx", st.st_mode, (long)st.st_rdev);
  CALL(mknod, BAD_POINTER, S_IFIFO, 0);
  CALL(unlinkat, dir, "inner", 0);
  CALL(unlinkat, dir, "inner", AT_REMOVEDIR);
  CALL(unlinkat, dir, ".", AT_REMOVEDIR);
  CALL(unlinkat, dir, "..", AT_REMOVEDIR);
  CALL(unlinkat, dir, "l", 0x100);
}

static void attributes(void) {
  CALL(stat, "f", &st);
  NOTE("  %o %ld", st.st_mode, (long)st.st_size);
  CALL(stat, "missing", &st);
  CALL(stat, "", &st);
  CALL(stat, "f", BAD_POINTER);
  CALL(stat, "f", read_only_page());
  CALL(stat, "f", before_hole(100));
  symlink("f", "s");
  CALL(lstat, "s", &st);
  NOTE("  %o %ld", st.st_mode, (long)st.st_size);
  CALL(lstat, "s/", &st);
  CALL(lstat, BAD_POINTER, &st);
  CALL(fstat, 999, &st);
  CALL(fstat, -1, BAD_POINTER);
  CALL(fstat, 0, BAD_POINTER);
  int fd = open("f", O_RDWR), path = open("f", O_PATH);
  CALL(fstat, fd, &st);
  CALL(fstat, path, &st);
  CALL(access, "f", R_OK | W_OK);
  CALL(access, "f", 8);
  CALL(faccessat, AT_FDCWD, "f", F_OK);
  CALL(faccessat, AT_FDCWD, "f", X_OK);
  CALL(faccessat, AT_FDCWD, "f", 16);
  CALL(faccessat, 999, "f", F_OK);
  CALL(faccessat, fd, "f", F_OK);
  CALL(faccessat, AT_FDCWD, "", F_OK);
  CALL(fchmodat, AT_FDCWD, "s", 0604);
  stat("f", &st);
  NOTE("  %o", st.st_mode);
  CALL(fchmodat, 999, "f", 0);
  CALL(fchown, fd, 12, 13);
  fstat(fd, &st);
  NOTE("  %d %d", st.st_uid, st.st_gid);
  CALL(fchown, fd, -1, 14);
  CALL(fchown, fd, 15, -1);
  fstat(fd, &st);
  NOTE("  %d %d", st.st_uid, st.st_gid);
  CALL(fchown, fd, 0, 0);
  CALL(fchown, path, 0, 0);
  CALL(fchown, 999, 0, 0);
}

static void moments(void) {
  struct utimbuf seconds = {11, 22};
  struct timeval pair[2] = {{33, 44}, {55, 999999}};
  CALL(utime, "f", &seconds);
  times("f");
  CALL_OK(utime, "f", NULL);
  CALL(utime, "missing", &seconds);
  CALL(utime, "f", BAD_POINTER);
  seconds.actime = -1;
  CALL(utime, "f", &seconds);
  times("f");
  CALL(utimes, "f", pair);
  times("f");
  pair[0].tv_usec = 1000000;
  CALL(utimes, "f", pair);
  pair[0].tv_usec = -1;
  CALL(utimes, "f", pair);
  CALL(utimes, "f", BAD_POINTER);
  CALL_OK(utimes, "f", NULL);
  pair[0].tv_usec = 7;
  CALL(futimesat, AT_FDCWD, "f", pair);
  times("f");
  CALL(futimesat, open("f", O_RDONLY), NULL, pair);
  CALL(futimesat, 999, NULL, pair);
  CALL(futimesat, 999, "f", pair);
  CALL(futimesat, AT_FDCWD, NULL, pair);
  CALL(futimesat, AT_FDCWD, "", pair);
  pair[1].tv_usec = 1000000;
  CALL(futimesat, AT_FDCWD, "f", pair);
}

static void entries(void) {
  struct old { unsigned long number, position; unsigned short length; char name[]; } *entry;
  static char buffer[4096];
  mkdir("list", 0755);
  mkdir("list/sub", 0755);
  close(open("list/file", O_CREAT, 0644));
  int fd = open("list", O_RDONLY);
  CALL(getdents, fd, buffer, 10);
  long length = syscall(SYS_getdents, fd, buffer, sizeof buffer);
  NOTE("getdents %ld", length);
  unsigned seen = 0;
  for (long at = 0; at < length; at += entry->length) {
    entry = (struct old *)(buffer + at);
    int type = buffer[at + entry->length - 1];
    if (!strcmp(entry->name, ".")) seen += 1 + 100 * type;
    else if (!strcmp(entry->name, "..")) seen += 2 + 100 * type;
    else if (!strcmp(entry->name, "sub")) seen += 4 + 100 * type;
    else if (!strcmp(entry->name, "file")) seen += 8 + 100 * type;
  }
  NOTE("  names and types %u", seen);
  CALL(getdents, fd, buffer, sizeof buffer);
  lseek(fd, 0, SEEK_SET);
  CALL(getdents, fd, BAD_POINTER, sizeof buffer);
  CALL(getdents, fd, buffer, 0);
  CALL(getdents, 999, buffer, sizeof buffer);
  CALL(getdents, open("f", O_RDONLY), buffer, sizeof buffer);
  rmdir("list/sub");
}

static void descriptors(void) {
  int ends[2];
  CALL(pipe, ends);
  CALL(pipe, BAD_POINTER);
  CALL(pipe, read_only_page());
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends[0], &set);
  FD_SET(ends[1], &set);
  struct timeval none = {0, 0};
  CALL(select, ends[1] + 1, NULL, &set, NULL, &none);
  NOTE("  %d %d", !!FD_ISSET(ends[0], &set), !!FD_ISSET(ends[1], &set));
  CALL(select, 0, NULL, NULL, NULL, &none);
  CALL(select, -1, NULL, NULL, NULL, &none);
  CALL(select, 5, BAD_POINTER, NULL, NULL, &none);
  CALL(select, 5, NULL, NULL, NULL, BAD_POINTER);
  none.tv_usec = -1;
  CALL(select, 5, NULL, NULL, NULL, &none);
  none.tv_usec = 1000000;
  CALL(select, 0, NULL, NULL, NULL, &none);
  unsigned long count = 0;
  int event = syscall(SYS_eventfd, 7);
  SHOW(read(event, &count, 8));
  NOTE("  %lu, flags %o %d", count, fcntl(event, F_GETFL), fcntl(event, F_GETFD));
  SHOW(syscall(SYS_sync));
}
#undef CALL
int main(void) {
  names();
  attributes();
  moments();
  entries();
  descriptors();
  return 0;
}

/* getdents, getdents64, getcwd, chdir, fchdir, chroot: entries, positions under change, errors.
   covers: getdents getdents64 getcwd chdir fchdir chroot */
#include "observe.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void list(const char *name) {
  char *names[2000];
  int count = 0;
  DIR *dir = opendir(name);
  if (!dir) { NOTE("%s: %s", name, errno_name(errno)); return; }
  struct dirent *entry;
  while ((entry = readdir(dir))) { char text[300]; snprintf(text, sizeof text, "%s:%d", entry->d_name, entry->d_type); names[count++] = strdup(text); }
  closedir(dir);
  qsort(names, count, sizeof *names, compare);
  printf("%s:", name);
  for (int i = 0; i < count && i < 12; i++) printf(" %s", names[i]);
  printf(" (%d)\n", count);
}

/* Memory for one record and a half: each call gives one, and the next goes on with the one that did not fit. */
static void cut(void) {
  mkdir("many", 0755);
  for (int i = 0; i < 5; i++) {
    char name[20];
    snprintf(name, sizeof name, "many/%d", i);
    mkdir(name, 0755);
  }
  for (int call = 0; call < 2; call++) {
    int fd = open("many", O_RDONLY), entries = 0;
    long got;
    while ((got = syscall(call ? SYS_getdents : SYS_getdents64, fd, before_hole(36), 4096)) > 0) entries += got;
    NOTE("%s: %d bytes in all, then %ld", call ? "getdents" : "getdents64", entries, got);
    SHOW(syscall(SYS_getdents64, fd, before_hole(8), 4096));
    close(fd);
  }
}

int main(void) {
  char buffer[32768], cwd[4096], start[4096];
  list(".");
  close(open("file", O_CREAT | O_WRONLY, 0644));
  mkdir("dir", 0755);
  symlink("x", "link");
  mknod("fifo", S_IFIFO | 0600, 0);
  list(".");
  int fd = open(".", O_RDONLY);
  SHOW(syscall(SYS_getdents64, fd, buffer, 10));
  SHOW(syscall(SYS_getdents64, fd, BAD_POINTER, 1000));
  SHOW(syscall(SYS_getdents64, 999, buffer, 1000));
  SHOW(syscall(SYS_getdents64, open("file", O_RDONLY), buffer, 1000));
  SHOW(syscall(SYS_getdents64, open("dir", O_PATH), buffer, 1000));
  SHOW_AS("one at a time", syscall(SYS_getdents64, fd, buffer, 24));
  SHOW_AS("one at a time", syscall(SYS_getdents64, fd, buffer, 24));
  SHOW_OK(lseek(fd, 0, SEEK_SET));
  SHOW_AS("all", syscall(SYS_getdents64, fd, buffer, sizeof buffer));
  SHOW_AS("at the end", syscall(SYS_getdents64, fd, buffer, sizeof buffer));
  /* removing everything while reading meets every entry once */
  mkdir("many", 0755);
  for (int i = 0; i < 1000; i++) { snprintf(buffer, 100, "many/entry-%04d", i); close(open(buffer, O_CREAT | O_WRONLY, 0644)); }
  list("many");
  DIR *dir = opendir("many");
  struct dirent *entry;
  int removed = 0;
  while ((entry = readdir(dir))) if (entry->d_name[0] != '.') removed += unlinkat(dirfd(dir), entry->d_name, 0) == 0;
  closedir(dir);
  NOTE("removed %d", removed);
  list("many");
  SHOW(rmdir("many"));
  /* a removed directory */
  mkdir("gone", 0755);
  int gone = open("gone", O_RDONLY);
  rmdir("gone");
  SHOW(syscall(SYS_getdents64, gone, buffer, sizeof buffer));
  SHOW(openat(gone, "x", O_CREAT | O_WRONLY, 0644));
  SHOW(openat(gone, "x", O_RDONLY));
  SHOW(mkdirat(gone, "x", 0755));
  SHOW_OK(openat(gone, ".", O_RDONLY));
  struct stat st;
  fstat(gone, &st);
  NOTE("links of a removed directory %ld", (long)st.st_nlink);
  /* working directory */
  getcwd(start, sizeof start);
  SHOW(chdir("dir"));
  getcwd(cwd, sizeof cwd);
  NOTE("below the start: %s", cwd + strlen(start));
  SHOW(chdir(".."));
  SHOW(chdir("file"));
  SHOW(chdir("missing"));
  SHOW(chdir(""));
  SHOW(chdir("link"));
  SHOW(fchdir(fd));
  SHOW(fchdir(999));
  SHOW(fchdir(open("file", O_RDONLY)));
  SHOW(fchdir(open("dir", O_PATH)));
  getcwd(cwd, sizeof cwd);
  NOTE("below the start: %s", cwd + strlen(start));
  rmdir("../dir");
  SHOW_OK(getcwd(cwd, sizeof cwd) ? 0 : -1);
  SHOW(access("..", F_OK));
  SHOW_OK(chdir(start));
  SHOW(syscall(SYS_getcwd, cwd, 1));
  SHOW(syscall(SYS_getcwd, BAD_POINTER, 4096));
  /* chroot */
  mkdir("root", 0755); mkdir("root/in", 0755); symlink("/in", "root/abs"); symlink("../../../in", "root/rel");
  IN_CHILD("chroot", {
    SHOW(chroot("file"));
    SHOW(chroot("missing"));
    SHOW(chroot("root"));
    SHOW(chdir("/"));
    SHOW(syscall(SYS_getcwd, cwd, sizeof cwd));
    NOTE("%s", cwd);
    SHOW(access("/in", F_OK));
    SHOW(access("/../../in", F_OK));
    SHOW(access("/abs/../in", F_OK));
    SHOW(access("/rel/.", F_OK));
    SHOW(fchdir(fd));
    SHOW_OK(syscall(SYS_getcwd, cwd, sizeof cwd));
    NOTE("%.13s", cwd);
  });
  list("root");
  cut();
  return 0;
}

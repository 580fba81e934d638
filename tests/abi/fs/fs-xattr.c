/* xattr(7): name spaces, sizes, flags, errors; by path, by symbolic link, by descriptor; as root and as somebody else.
   covers: setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr */
#include "observe.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static char big[70000];

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }
static void show_list(const char *what, ssize_t length, char *list) {
  char *names[64];
  int count = 0;
  observe(what, length, 1);
  for (char *at = list; at < list + length && count < 64; at += strlen(at) + 1) names[count++] = at;
  qsort(names, count, sizeof *names, compare);
  for (int i = 0; i < count; i++) NOTE("  %s", names[i]);
}

static void as_user(int fd) {
  char value[8];
  if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000)) perror("setres");
  SHOW(getxattr("f", "user.a", value, 8));
  SHOW(setxattr("f", "user.b", "x", 1, 0));
  SHOW(removexattr("f", "user.a"));
  SHOW(fsetxattr(fd, "user.c", "x", 1, 0));
  SHOW(setxattr("f", "trusted.a", "x", 1, 0));
  SHOW(getxattr("f", "trusted.a", value, 8));
  SHOW(setxattr("f", "security.other", "x", 1, 0));
  SHOW(setxattr("mine", "user.a", "x", 1, 0));
  SHOW(setxattr("sticky", "user.a", "x", 1, 0));
  SHOW(getxattr("locked/f", "user.a", value, 8));
  char list[200];
  show_list("list as user", listxattr("f", list, sizeof list), list);
}

int main(void) {
  char value[64], list[300], name[300];
  int fd = open("f", O_CREAT | O_RDWR, 0644), reader = open("f", O_RDONLY), path = open("f", O_PATH);
  mkdir("d", 0755);
  symlink("f", "l");
  mkfifo("p", 0644);
  SHOW(listxattr("f", list, sizeof list));
  SHOW(setxattr("f", "user.a", "value", 5, 0));
  SHOW(lsetxattr("f", "user.empty", "", 0, XATTR_CREATE));
  SHOW(fsetxattr(fd, "user.c", "three", 5, 0));
  SHOW(fsetxattr(reader, "user.d", "from a reader", 13, 0));
  SHOW(fsetxattr(path, "user.d", "x", 1, 0));
  SHOW(fsetxattr(999, "user.d", "x", 1, 0));
  SHOW(getxattr("l", "user.a", value, 64));
  NOTE("  %.5s", value);
  SHOW(lgetxattr("f", "user.empty", value, 64));
  SHOW(fgetxattr(fd, "user.c", value, 5));
  SHOW(fgetxattr(fd, "user.c", value, 4));
  SHOW(fgetxattr(fd, "user.c", NULL, 0));
  SHOW(fgetxattr(path, "user.c", value, 5));
  SHOW(fgetxattr(999, "user.c", value, 5));
  SHOW(getxattr("f", "user.c", BAD_POINTER, 5));
  SHOW(getxattr("f", "user.c", read_only_page(), 5));
  SHOW(getxattr("f", BAD_POINTER, value, 5));
  SHOW(getxattr(BAD_POINTER, "user.c", value, 5));
  SHOW(getxattr("missing", "user.c", value, 5));
  SHOW(getxattr("f/x", "user.c", value, 5));
  SHOW(getxattr("", "user.c", value, 5));
  /* lists */
  show_list("listxattr", listxattr("f", list, sizeof list), list);
  show_list("llistxattr", llistxattr("f", list, sizeof list), list);
  show_list("flistxattr", flistxattr(fd, list, sizeof list), list);
  SHOW(llistxattr("l", list, sizeof list));
  SHOW(listxattr("f", NULL, 0));
  SHOW(listxattr("f", list, 3));
  SHOW(listxattr("f", BAD_POINTER, 300));
  SHOW(flistxattr(path, list, 300));
  SHOW(flistxattr(999, list, 300));
  SHOW(llistxattr("missing", list, 300));
  SHOW(listxattr(BAD_POINTER, list, 300));
  /* flags */
  SHOW(setxattr("f", "user.a", "x", 1, XATTR_CREATE));
  SHOW(setxattr("f", "user.n", "x", 1, XATTR_REPLACE));
  SHOW(setxattr("f", "user.a", "x", 1, XATTR_REPLACE));
  SHOW(setxattr("f", "user.a", "x", 1, XATTR_CREATE | XATTR_REPLACE));
  SHOW(setxattr("f", "user.a", "x", 1, 4));
  SHOW(setxattr("f", "user.a", "x", 1, -1));
  /* names and sizes */
  SHOW(setxattr("f", "user.", "x", 1, 0));
  SHOW(setxattr("f", "user", "x", 1, 0));
  SHOW(setxattr("f", "", "x", 1, 0));
  SHOW(setxattr("f", "other.a", "x", 1, 0));
  SHOW(setxattr("f", "system.a", "x", 1, 0));
  SHOW(setxattr("f", BAD_POINTER, "x", 1, 0));
  SHOW(setxattr("f", "user.z", BAD_POINTER, 1, 0));
  SHOW(setxattr("f", "user.z", BAD_POINTER, 0, 0));
  SHOW(removexattr("f", "user.z"));
  memset(name, 'n', sizeof name);
  memcpy(name, "user.", 5);
  name[255] = 0;
  SHOW(setxattr("f", name, "x", 1, 0) == 0);
  SHOW_AS("getxattr of a long name", getxattr("f", name, value, 64));
  SHOW_AS("removexattr of a long name", removexattr("f", name));
  name[255] = 'n';
  name[256] = 0;
  SHOW_AS("setxattr of a too long name", setxattr("f", name, "x", 1, 0));
  SHOW_AS("getxattr of a too long name", getxattr("f", name, value, 64));
  SHOW_AS("removexattr of a too long name", removexattr("f", name));
  SHOW(setxattr("f", "user.big", big, 65537, 0));
  SHOW(setxattr("f", "user.big", big, 65536, 0));
  SHOW(getxattr("f", "user.big", big, 70000));
  SHOW(getxattr("f", "user.big", big, 65535));
  SHOW(removexattr("f", "user.big"));
  /* which inodes take user attributes */
  SHOW(setxattr("d", "user.a", "x", 1, 0));
  SHOW(setxattr("p", "user.a", "x", 1, 0));
  SHOW(getxattr("p", "user.a", value, 10));
  SHOW(lsetxattr("l", "user.a", "x", 1, 0));
  SHOW(lgetxattr("l", "user.a", value, 10));
  SHOW(lremovexattr("l", "user.a"));
  SHOW(lsetxattr("l", "trusted.a", "link", 4, 0));
  SHOW(lgetxattr("l", "trusted.a", value, 10));
  show_list("llistxattr of a link", llistxattr("l", list, sizeof list), list);
  SHOW(lremovexattr("l", "trusted.a"));
  SHOW(setxattr("f", "trusted.a", "x", 1, 0));
  SHOW(setxattr("f", "security.other", "x", 1, 0));
  /* removing */
  SHOW(removexattr("f", "user.n"));
  SHOW(fremovexattr(fd, "user.c"));
  SHOW(fremovexattr(fd, "user.c"));
  SHOW(fremovexattr(path, "user.a"));
  SHOW(fremovexattr(999, "user.a"));
  SHOW(lremovexattr("f", "user.empty"));
  SHOW(lremovexattr("missing", "user.empty"));
  SHOW(removexattr(BAD_POINTER, "user.a"));
  SHOW(removexattr("f", BAD_POINTER));
  SHOW(removexattr("f", ""));
  SHOW(removexattr("f", "other.a"));
  show_list("left", listxattr("f", list, sizeof list), list);
  /* they belong to the inode */
  link("f", "g");
  SHOW(getxattr("g", "user.a", value, 10));
  rename("f", "h");
  rename("h", "f");
  unlink("g");
  SHOW(getxattr("f", "user.a", value, 10));
  /* somebody else */
  close(open("mine", O_CREAT, 0644));
  chown("mine", 1000, 1000);
  mkdir("sticky", 0777);
  chmod("sticky", 01777);
  mkdir("locked", 0700);
  chmod(".", 0755);
  IN_CHILD("user", as_user(reader));
  return 0;
}

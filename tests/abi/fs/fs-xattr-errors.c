/* Extended attributes by path, by link and by descriptor: each error with each of the three.
   covers: setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr */
#include "observe.h"
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

static char value[70000], name_255[256], name_256[257];
static int fd;

static void set(const char *what, const char *name, const void *bytes, size_t size, int flags) {
  NOTE("set %s", what);
  SHOW_AS("  path", syscall(SYS_setxattr, "f", name, bytes, size, flags));
  SHOW_AS("  link", syscall(SYS_lsetxattr, "f", name, bytes, size, flags));
  SHOW_AS("  descriptor", syscall(SYS_fsetxattr, fd, name, bytes, size, flags));
}

static void get(const char *what, const char *name, void *bytes, size_t size) {
  NOTE("get %s", what);
  SHOW_AS("  path", syscall(SYS_getxattr, "f", name, bytes, size));
  SHOW_AS("  link", syscall(SYS_lgetxattr, "f", name, bytes, size));
  SHOW_AS("  descriptor", syscall(SYS_fgetxattr, fd, name, bytes, size));
}

static void list(const char *what, void *bytes, size_t size) {
  NOTE("list %s", what);
  SHOW_AS("  path", syscall(SYS_listxattr, "f", bytes, size));
  SHOW_AS("  link", syscall(SYS_llistxattr, "f", bytes, size));
  SHOW_AS("  descriptor", syscall(SYS_flistxattr, fd, bytes, size));
}

static void remove_each(const char *what, const char *name) {
  NOTE("remove %s", what);
  SHOW_AS("  path", syscall(SYS_removexattr, "f", name));
  SHOW_AS("  link", syscall(SYS_lremovexattr, "f", name));
  SHOW_AS("  descriptor", syscall(SYS_fremovexattr, fd, name));
}

static void names(void (*each)(const char *, const char *)) {
  each("no name", "");
  each("no namespace", "name");
  each("unknown namespace", "other.name");
  each("prefix alone", "trusted.");
  each("name of 256", name_256);
  each("missing name", "trusted.missing");
  each("bad pointer", BAD_POINTER);
}

static void set_x(const char *what, const char *name) { set(what, name, "x", 1, XATTR_REPLACE); }
static void get_some(const char *what, const char *name) { get(what, name, value, 10); }

static void somebody(void) {
  setresuid(1000, 1000, 1000);
  set("trusted as somebody", "trusted.a", "x", 1, 0);
  get("trusted as somebody", "trusted.a", value, 10);
  remove_each("trusted as somebody", "trusted.a");
}

int main(void) {
  memset(name_255, 'n', 255);
  memset(name_256, 'n', 256);
  memcpy(name_255, "trusted.", 8);
  memcpy(name_256, "trusted.", 8);
  fd = open("f", O_CREAT | O_RDWR, 0666);
  names(set_x);
  names(get_some);
  names(remove_each);
  set("too much", "trusted.a", value, 65537, 0);
  set("bad value", "trusted.a", BAD_POINTER, 1, 0);
  set("value to the edge", "trusted.a", before_hole(1), 1, 0);
  set("value over the edge", "trusted.a", before_hole(1), 2, 0);
  set("nothing from nowhere", "trusted.a", BAD_POINTER, 0, 0);
  set("unknown flag", "trusted.a", "x", 1, 4);
  set("both flags", "trusted.a", "x", 1, 3);
  set("once more", "trusted.a", "x", 1, XATTR_CREATE);
  set("name of 255", name_255, "x", 1, 0);
  remove_each("name of 255", name_255);
  set("five bytes", "trusted.a", "12345", 5, 0);
  get("five bytes into four", "trusted.a", value, 4);
  get("into nothing", "trusted.a", NULL, 0);
  get("into read-only memory", "trusted.a", read_only_page(), 5);
  get("over the edge", "trusted.a", before_hole(4), 5);
  get("into bad memory", "trusted.a", BAD_POINTER, 5);
  get("size alone, bad memory", "trusted.a", BAD_POINTER, 0);
  list("into one byte", value, 1);
  list("into bad memory", BAD_POINTER, 1000);
  list("over the edge", before_hole(4), 1000);
  list("size alone", BAD_POINTER, 0);
  IN_CHILD("somebody", somebody());
  fd = -1;
  set("no descriptor", "trusted.a", "x", 1, 0);
  get("no descriptor", "trusted.a", value, 10);
  list("no descriptor", value, 1000);
  remove_each("no descriptor", "trusted.a");
  return 0;
}

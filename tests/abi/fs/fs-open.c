/* open(2), openat(2), creat(2), openat2(2): flags, creation, permissions, errors.
   covers: openat creat openat2 */
#include "observe.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static void show_flags(const char *what, int fd) {
  if (fd < 0) { observe(what, fd, 1); return; }
  printf("%s: ok flags %o cloexec %d\n", what, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
  close(fd);
}
#define FLAGS(call) (errno = 0, show_flags(#call, call))

int main(void) {
  char byte;
  FLAGS(open("missing", O_RDONLY));
  FLAGS(open("", O_RDONLY));
  FLAGS(open(BAD_POINTER, O_RDONLY));
  FLAGS(open(KERNEL_POINTER, O_RDONLY));
  FLAGS(open("file", O_CREAT | O_EXCL | O_WRONLY, 0644));
  FLAGS(open("file", O_CREAT | O_EXCL | O_WRONLY, 0644));
  FLAGS(open("file", O_RDONLY));
  FLAGS(open("file", O_RDWR | O_APPEND | O_NONBLOCK | O_CLOEXEC));
  FLAGS(open("file", O_RDONLY | O_DIRECTORY));
  FLAGS(open("file/", O_RDONLY));
  FLAGS(open("file/x", O_RDONLY));
  FLAGS(open("file", O_PATH));
  FLAGS(open("file", O_PATH | O_RDWR | O_APPEND | O_CLOEXEC));
  FLAGS(open("file", O_WRONLY | O_SYNC));
  FLAGS(open("file", O_ACCMODE));
  FLAGS(open("file", O_RDONLY | O_NOFOLLOW));
  FLAGS(open("new/", O_CREAT | O_WRONLY, 0644));
  FLAGS(open(".", O_RDONLY));
  FLAGS(open(".", O_WRONLY));
  FLAGS(open(".", O_RDWR));
  FLAGS(open(".", O_CREAT | O_RDONLY, 0644));
  FLAGS(open("..", O_CREAT | O_EXCL | O_RDONLY, 0644));
  FLAGS(open(".", O_DIRECTORY | O_RDONLY));
  FLAGS(open("/", O_RDONLY | O_CREAT));
  FLAGS(creat("created", 0600));
  symlink("file", "link");
  symlink("nowhere", "dangling");
  symlink("loop", "loop");
  FLAGS(open("link", O_RDONLY));
  FLAGS(open("link", O_RDONLY | O_NOFOLLOW));
  FLAGS(open("link", O_PATH | O_NOFOLLOW));
  FLAGS(open("link", O_CREAT | O_EXCL | O_WRONLY, 0644));
  FLAGS(open("dangling", O_RDONLY));
  FLAGS(open("dangling", O_CREAT | O_WRONLY, 0644));
  SHOW(access("nowhere", F_OK));
  FLAGS(open("loop", O_RDONLY));
  FLAGS(open("loop/x", O_RDONLY));
  FLAGS(openat(999, "file", O_RDONLY));
  FLAGS(openat(999, "/", O_RDONLY));
  FLAGS(openat(AT_FDCWD, "file", O_RDONLY));
  int dir = open(".", O_RDONLY), file = open("file", O_RDWR);
  FLAGS(openat(dir, "file", O_RDONLY));
  FLAGS(openat(file, "file", O_RDONLY));
  FLAGS(openat(file, "", O_RDONLY));
  /* O_TRUNC */
  SHOW(write(file, "hello", 5));
  FLAGS(open("file", O_RDONLY | O_TRUNC));
  struct stat st;
  fstat(file, &st);
  NOTE("size after O_TRUNC %ld", (long)st.st_size);
  /* modes and umask */
  umask(027);
  close(open("masked", O_CREAT | O_WRONLY, 07777));
  stat("masked", &st);
  NOTE("mode %o", st.st_mode);
  umask(022);
  /* an unwritable new file is writable through the descriptor that made it */
  int sealed = open("sealed", O_CREAT | O_RDWR, 0);
  SHOW(write(sealed, "x", 1));
  fstat(sealed, &st);
  NOTE("mode %o", st.st_mode);
  /* descriptors are the lowest free ones */
  int a = open("file", O_RDONLY), b = open("file", O_RDONLY);
  close(a);
  NOTE("lowest again %d", open("file", O_RDONLY) == a);
  NOTE("different %d", a != b);
  SHOW(read(open("file", O_WRONLY), &byte, 1));
  SHOW(write(open("file", O_RDONLY), "x", 1));
  SHOW(read(open("file", O_PATH), &byte, 1));
  SHOW(read(dir, &byte, 1));
  SHOW(write(dir, "x", 1));
  /* names */
  char name[4200];
  memset(name, 'a', sizeof name);
  name[255] = 0;
  FLAGS(open(name, O_CREAT | O_WRONLY, 0600));
  name[255] = 'a';
  name[256] = 0;
  FLAGS(open(name, O_CREAT | O_WRONLY, 0600));
  FLAGS(open(name, O_RDONLY));
  for (int i = 0; i < 4200; i += 2) { name[i] = '.'; name[i + 1] = '/'; }
  strcpy(name + 4091, "file");
  name[4090] = '/';
  FLAGS(open(name, O_RDONLY));
  strcpy(name + 4092, "file");
  name[4091] = '/';
  FLAGS(open(name, O_RDONLY));
  FLAGS(open("././/.//file", O_RDONLY));
  /* nameless files */
  int nameless = open(".", O_TMPFILE | O_RDWR, 0600);
  if (nameless >= 0) {
    fstat(nameless, &st);
    NOTE("O_TMPFILE links %ld mode %o", (long)st.st_nlink, st.st_mode);
  }
  FLAGS(open(".", O_TMPFILE | O_RDONLY, 0600));
  FLAGS(open("file", O_TMPFILE | O_RDWR, 0600));
  FLAGS(open(".", O_DIRECTORY | O_CREAT, 0600));
  /* openat2 */
  struct { unsigned long flags, mode, resolve, more; } how = {O_RDONLY, 0, 0, 0};
  SHOW_OK(syscall(SYS_openat2, AT_FDCWD, "file", &how, 24));
  SHOW(syscall(SYS_openat2, AT_FDCWD, "file", &how, 16));
  SHOW_OK(syscall(SYS_openat2, AT_FDCWD, "file", &how, 32));
  how.more = 1;
  SHOW(syscall(SYS_openat2, AT_FDCWD, "file", &how, 32));
  how.mode = 0600;
  SHOW(syscall(SYS_openat2, AT_FDCWD, "file", &how, 24));
  how.mode = 0;
  how.flags = 1UL << 40;
  SHOW(syscall(SYS_openat2, AT_FDCWD, "file", &how, 24));
  return 0;
}

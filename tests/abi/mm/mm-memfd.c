/* memfd_create(2): names, flags, seals against writing, resizing and mapping; what a seal does to mappings that exist.
   covers: memfd_create fcntl mmap mprotect ftruncate fallocate */
#include "observe.h"
#include <fcntl.h>
#include <linux/memfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define P 4096
static int make(unsigned flags) {
  int fd = syscall(SYS_memfd_create, "test", flags);
  if (fd >= 0) ftruncate(fd, 2 * P);
  return fd;
}
static void *map(int fd, int prot, int flags) { return mmap(NULL, 2 * P, prot, flags, fd, 0); }
static long result_of(void *at) { return at == MAP_FAILED ? -1 : 0; }
#define MAP(...) SHOW_AS("mmap " #__VA_ARGS__, result_of(map(__VA_ARGS__)))

static void names(void) {
  char name[300], text[320] = "", link[40];
  struct stat st;
  memset(name, 'n', sizeof name);
  name[249] = 0;
  SHOW_OK(syscall(SYS_memfd_create, name, 0) < 0 ? -1 : 0);
  name[249] = 'n';
  name[250] = 0;
  SHOW_AS("a name of 250", syscall(SYS_memfd_create, name, 0));
  SHOW(syscall(SYS_memfd_create, BAD_POINTER, 0));
  int fd = syscall(SYS_memfd_create, "", MFD_CLOEXEC);
  NOTE("empty name %d, flags %o %d", fd > 0, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
  fd = syscall(SYS_memfd_create, "with/slash", 0);
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  readlink(link, text, sizeof text - 1);
  NOTE("%s %d", text, fcntl(fd, F_GETFD));
  fstat(fd, &st);
  NOTE("mode %o size %ld links %ld", st.st_mode, (long)st.st_size, (long)st.st_nlink);
  SHOW(syscall(SYS_memfd_create, "x", 0x40));
  SHOW(syscall(SYS_memfd_create, "x", 0x18));
  SHOW(fchmod(fd, 0600));
  SHOW_AS("write", write(fd, "data", 4));
  int again = open(link, O_RDONLY);
  SHOW(pread(again, text, 10, 0));
  SHOW_AS("write to the reader", write(again, "x", 1));
  SHOW_AS("executable mapping", result_of(mmap(NULL, P, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0)));
}

static void seals(void) {
  int fd = make(0);
  SHOW(fcntl(fd, F_GET_SEALS));
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  fd = make(MFD_ALLOW_SEALING);
  SHOW(fcntl(fd, F_GET_SEALS));
  SHOW(fcntl(fd, F_ADD_SEALS, 0));
  SHOW(fcntl(fd, F_ADD_SEALS, 0x100));
  char *shared = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED), *reading = map(fd, PROT_READ, MAP_SHARED);
  char *private = map(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  shared[0] = 's';
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  SHOW(fcntl(fd, F_GET_SEALS));
  munmap(shared + P, P);
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  munmap(shared, P);
  NOTE("a shared mapping that could become writable is still there: %c %c", reading[0], private[0]);
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  munmap(reading, 2 * P);
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  reading = map(fd, PROT_READ, MAP_SHARED);
  SHOW(fcntl(fd, F_GET_SEALS));
  MAP(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
  MAP(fd, PROT_READ, MAP_SHARED);
  MAP(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  SHOW(mprotect(reading, P, PROT_READ | PROT_WRITE));
  private[0] = 'p';
  NOTE("private %c, file %c", private[0], reading[0]);
  SHOW(pwrite(fd, "x", 1, 0));
  SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, P));
  SHOW(ftruncate(fd, P));
  SHOW(ftruncate(fd, 3 * P));
  SHOW(fallocate(fd, 0, 0, 4 * P));
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
  SHOW(ftruncate(fd, 5 * P));
  SHOW(fallocate(fd, 0, 0, 5 * P));
  SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 5 * P));
  SHOW(ftruncate(fd, P));
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL));
  SHOW(ftruncate(fd, 0));
  SHOW(ftruncate(fd, P));
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
  SHOW(fcntl(fd, F_GET_SEALS));
}

static void future(void) {
  int fd = make(MFD_ALLOW_SEALING | MFD_CLOEXEC);
  char *shared = map(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
  shared[0] = 'o';
  NOTE("an old mapping writes %c", shared[0]);
  MAP(fd, PROT_READ | PROT_WRITE, MAP_SHARED);
  char *reading = map(fd, PROT_READ, MAP_SHARED);
  SHOW(mprotect(reading, P, PROT_READ | PROT_WRITE));
  SHOW(pwrite(fd, "x", 1, 0));
  SHOW(fcntl(fd, F_GET_SEALS));
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
}

static void grown(void) {
  int fd = make(MFD_ALLOW_SEALING);
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
  SHOW(pwrite(fd, "xyz", 3, 2 * P - 2));
  SHOW(pwrite(fd, "xyz", 3, 2 * P));
  SHOW(pwrite(fd, "xyz", 3, 2 * P - 3));
  int reader = open("/proc/self/fd/0", O_RDONLY);
  SHOW(fcntl(reader, F_ADD_SEALS, F_SEAL_GROW));
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  reader = open(link, O_RDONLY);
  SHOW(fcntl(reader, F_ADD_SEALS, F_SEAL_SHRINK));
  SHOW(fcntl(reader, F_GET_SEALS));
  SHOW(fcntl(999, F_GET_SEALS));
  SHOW(fcntl(open(".", O_TMPFILE | O_RDWR, 0600), F_GET_SEALS));
  SHOW(fcntl(open("f", O_CREAT | O_RDWR, 0600), F_ADD_SEALS, F_SEAL_GROW));
}

int main(void) {
  names();
  seals();
  future();
  grown();
  return 0;
}

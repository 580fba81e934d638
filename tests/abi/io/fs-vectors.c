/* readv(2), writev(2), preadv(2), pwritev(2), preadv2(2), pwritev2(2), read(2), write(2): vectors with holes in memory, flags, positions.
   covers: read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 */
#include "observe.h"
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static char one[8], two[8], big[20000];
static int fd;
static void reset(void) {
  memset(one, '.', 8);
  memset(two, '.', 8);
  ftruncate(fd, 0);
  pwrite(fd, "abcdefghij", 10, 0);
  lseek(fd, 0, SEEK_SET);
}
static void state(void) {
  char text[65] = "";
  struct stat st;
  fstat(fd, &st);
  long got = pread(fd, text, 64, 0);
  for (int i = 0; i < got; i++) if (!text[i]) text[i] = '0';
  NOTE("  %.8s %.8s file %s size %ld position %ld", one, two, text, (long)st.st_size, (long)lseek(fd, 0, SEEK_CUR));
}
#define STEP(call) (reset(), SHOW(call), state())

int main(void) {
  fd = open("f", O_CREAT | O_RDWR, 0644);
  char *hole = before_hole(4), *edge = before_hole(sizeof(struct iovec));
  memcpy(hole, "HOLE", 4);
  int app = open("f", O_RDWR | O_APPEND), reader = open("f", O_RDONLY), writer = open("f", O_WRONLY), path = open("f", O_PATH), p[2], event = eventfd(0, EFD_NONBLOCK);
  pipe2(p, O_NONBLOCK);
  struct iovec v[4] = {{one, 4}, {two, 4}, {NULL, 0}, {one, 2}};
  struct iovec middle[3] = {{one, 4}, {hole, 8}, {two, 4}};
  struct iovec wrong[2] = {{BAD_POINTER, 4}, {two, 4}};
  struct iovec later[2] = {{one, 4}, {BAD_POINTER, 4}};
  struct iovec empty[2] = {{BAD_POINTER, 0}, {two, 3}};
  STEP(readv(fd, v, 2));
  STEP(readv(fd, v, 4));
  STEP(readv(fd, v, 0));
  STEP(readv(fd, middle, 3));
  STEP(readv(fd, wrong, 2));
  STEP(readv(fd, later, 2));
  STEP(readv(fd, empty, 2));
  STEP(writev(fd, v, 4));
  memcpy(hole, "HOLE", 4);
  STEP(writev(fd, middle, 3));
  STEP(writev(fd, wrong, 2));
  STEP(writev(fd, later, 2));
  STEP(writev(fd, empty, 2));
  STEP(preadv(fd, v, 2, 3));
  STEP(preadv(fd, v, 2, 9));
  STEP(preadv(fd, v, 2, 10));
  STEP(preadv(fd, v, 2, LONG_MAX));
  STEP(preadv(fd, v, 2, -1));
  STEP(pwritev(fd, v, 2, 12));
  STEP(pwritev(fd, v, 0, 100));
  STEP(pwritev(fd, v, 2, -1));
  STEP(pwritev(app, v, 1, 0));
  STEP(preadv2(fd, v, 2, 1, 0));
  STEP(preadv2(fd, v, 2, -1, 0));
  STEP(preadv2(fd, v, 2, -2, 0));
  STEP(preadv2(fd, v, 2, 1, RWF_HIPRI));
  STEP(preadv2(fd, v, 2, 1, RWF_APPEND));
  STEP(preadv2(fd, v, 2, 1, 0x10000));
  STEP(pwritev2(fd, v, 1, 1, RWF_SYNC));
  STEP(pwritev2(fd, v, 1, 1, RWF_DSYNC));
  STEP(pwritev2(fd, v, 1, 1, RWF_APPEND));
  STEP(pwritev2(fd, v, 1, -1, RWF_APPEND));
  STEP(pwritev2(fd, v, 1, -1, 0));
  STEP(pwritev2(fd, v, 1, 1, 0x10000));
  /* lengths */
  struct iovec huge[2] = {{one, SSIZE_MAX}, {two, 8}}, negative[1] = {{one, (size_t)-1}};
  SHOW(readv(fd, huge, 2));
  SHOW(readv(fd, negative, 1));
  SHOW(readv(fd, v, -1));
  SHOW(readv(fd, v, IOV_MAX + 1));
  SHOW(readv(fd, BAD_POINTER, 1));
  SHOW(readv(fd, (void *)edge, 2));
  SHOW(writev(fd, (void *)edge, 2));
  SHOW(writev(fd, BAD_POINTER, 0));
  /* descriptors */
  SHOW(readv(writer, v, 1));
  SHOW(writev(reader, v, 1));
  SHOW(readv(path, v, 1));
  SHOW(readv(999, v, 1));
  SHOW(writev(999, BAD_POINTER, 1));
  SHOW(preadv(p[0], v, 1, 0));
  SHOW(pwritev(p[1], v, 1, 0));
  SHOW(preadv2(p[0], v, 1, -1, 0));
  SHOW(pwritev2(p[1], v, 2, -1, 0));
  SHOW(readv(p[0], v, 2));
  SHOW(preadv(999, v, 1, 0));
  SHOW(pwritev(reader, v, 1, 0));
  SHOW(pread(fd, BAD_POINTER, 0, 0));
  SHOW(pread(fd, BAD_POINTER, 1, 0));
  SHOW(pread(path, one, 1, 0));
  SHOW(pwrite(writer, one, 0, -1));
  SHOW(pwrite(reader, one, 1, 0));
  SHOW(pread(writer, one, 1, 0));
  SHOW(pread(event, one, 8, 0));
  SHOW(read(fd, one, SIZE_MAX));
  SHOW(write(fd, BAD_POINTER, SIZE_MAX));
  SHOW(read(999, one, SIZE_MAX));
  SHOW(read(fd, (void *)-1, 1));
  SHOW(read(fd, (void *)0x7fffffffffff, 1));
  SHOW(write(fd, (void *)-1, 1));
  struct iovec pair[2] = {{one, 4}, {two, 4}};
  *(uint64_t *)one = 1;
  SHOW(writev(event, pair, 1));
  pair[0].iov_len = 8;
  SHOW(writev(event, pair, 1));
  SHOW(readv(event, pair, 1));
  /* long transfers at page edges */
  memset(big, 'x', sizeof big);
  for (int length = 4095; length <= 4097; length++) {
    ftruncate(fd, 0);
    SHOW(pwrite(fd, big, length, 0));
    SHOW(pwrite(fd, big, length, 8191));
    SHOW(pread(fd, big, sizeof big, 4090));
  }
  return 0;
}

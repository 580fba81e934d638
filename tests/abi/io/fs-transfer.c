/* sendfile(2), splice(2), tee(2), vmsplice(2), copy_file_range(2): every pair of kinds, offsets, flags, partial transfers, errors.
   covers: sendfile splice tee vmsplice copy_file_range */
#include "observe.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static char buffer[200000];
static int in, out, zero, null, reader, writer, append, path, dir, event, p[2], q[2];

static void content(const char *what, int fd) {
  struct stat st;
  char text[41];
  fstat(fd, &st);
  long got = pread(fd, text, 40, 0);
  text[got < 0 ? 0 : got] = 0;
  for (int i = 0; i < got; i++) if (text[i] < 32) text[i] = '.';
  NOTE("  %s %ld %s", what, (long)st.st_size, text);
}
static void drain(int fd) {
  long total = 0, got;
  while ((got = read(fd, buffer, sizeof buffer)) > 0) total += got;
  NOTE("  drained %ld", total);
}

static void sending(void) {
  off_t offset = 3;
  SHOW(sendfile(out, in, &offset, 4));
  NOTE("  offset %ld position %ld", (long)offset, (long)lseek(in, 0, SEEK_CUR));
  SHOW(sendfile(out, in, NULL, 5));
  NOTE("  position %ld", (long)lseek(in, 0, SEEK_CUR));
  content("out", out);
  offset = 100;
  SHOW(sendfile(out, in, &offset, 4));
  offset = -1;
  SHOW(sendfile(out, in, &offset, 4));
  SHOW(sendfile(out, in, BAD_POINTER, 4));
  SHOW(sendfile(out, in, NULL, 0));
  SHOW(sendfile(p[1], in, NULL, 1000));
  drain(p[0]);
  lseek(in, 0, SEEK_SET);
  SHOW(sendfile(null, in, NULL, 1000));
  SHOW(sendfile(out, zero, NULL, 10));
  SHOW(sendfile(p[1], zero, NULL, 10));
  drain(p[0]);
  SHOW(sendfile(out, p[0], NULL, 10));
  offset = 0;
  SHOW(sendfile(out, p[0], &offset, 10));
  SHOW(sendfile(out, dir, NULL, 10));
  SHOW(sendfile(dir, in, NULL, 10));
  SHOW(sendfile(append, in, NULL, 10));
  SHOW(sendfile(reader, in, NULL, 10));
  SHOW(sendfile(out, writer, NULL, 10));
  SHOW(sendfile(out, path, NULL, 10));
  SHOW(sendfile(path, in, NULL, 10));
  SHOW(sendfile(999, in, NULL, 10));
  SHOW(sendfile(event, in, NULL, 8));
  SHOW(sendfile(out, event, NULL, 8));
  SHOW(sendfile(in, in, NULL, 8));
  content("out", out);
  /* into a full pipe */
  while (write(q[1], buffer, 65536) > 0);
  lseek(in, 0, SEEK_SET);
  SHOW(sendfile(q[1], in, NULL, 100));
  drain(q[0]);
}

static void splicing(void) {
  loff_t at = 2, to = 30;
  lseek(in, 0, SEEK_SET);
  lseek(out, 0, SEEK_SET);
  ftruncate(out, 0);
  SHOW(splice(in, NULL, p[1], NULL, 6, 0));
  SHOW(splice(in, &at, p[1], NULL, 3, SPLICE_F_MOVE | SPLICE_F_MORE));
  NOTE("  offset %ld position %ld", (long)at, (long)lseek(in, 0, SEEK_CUR));
  SHOW(tee(p[0], q[1], 4, 0));
  SHOW(tee(p[0], q[1], 100, SPLICE_F_NONBLOCK));
  SHOW(splice(p[0], NULL, out, &to, 5, 0));
  NOTE("  offset %ld position %ld", (long)to, (long)lseek(out, 0, SEEK_CUR));
  SHOW(splice(p[0], NULL, out, NULL, 500, 0));
  content("out", out);
  SHOW(splice(q[0], NULL, p[1], NULL, 500, 0));
  drain(p[0]);
  drain(q[0]);
  SHOW(splice(zero, NULL, p[1], NULL, 100, 0));
  SHOW(splice(p[0], NULL, null, NULL, 1000, 0));
  SHOW(splice(p[0], NULL, q[1], NULL, 10, SPLICE_F_NONBLOCK));
  SHOW(tee(p[0], q[1], 10, SPLICE_F_NONBLOCK));
  SHOW(splice(in, NULL, out, NULL, 10, 0));
  SHOW(splice(p[0], NULL, p[1], NULL, 10, 0));
  SHOW(splice(p[1], NULL, q[0], NULL, 10, 0));
  SHOW(splice(p[0], &at, out, NULL, 10, 0));
  SHOW(splice(in, NULL, p[1], &to, 10, 0));
  at = -1;
  SHOW(splice(in, &at, p[1], NULL, 10, 0));
  SHOW(splice(in, BAD_POINTER, p[1], NULL, 10, 0));
  SHOW(splice(in, NULL, p[1], NULL, 0, 0));
  SHOW(splice(999, NULL, p[1], NULL, 0, 0));
  SHOW(splice(999, NULL, p[1], NULL, 1, 0));
  SHOW(splice(in, NULL, 999, NULL, 1, 0));
  SHOW(splice(in, NULL, p[1], NULL, 1, 16));
  SHOW(splice(writer, NULL, p[1], NULL, 1, 0));
  SHOW(splice(in, NULL, p[0], NULL, 1, 0));
  SHOW(splice(p[0], NULL, reader, NULL, 1, 0));
  SHOW(splice(dir, NULL, p[1], NULL, 1, 0));
  write(p[1], "data", 4);
  SHOW(splice(p[0], NULL, append, NULL, 1, 0));
  SHOW(splice(p[0], NULL, dir, NULL, 1, 0));
  drain(p[0]);
  SHOW(tee(in, p[1], 1, 0));
  SHOW(tee(p[0], in, 1, 0));
  SHOW(tee(p[0], p[1], 1, 0));
  SHOW(tee(p[0], q[1], 0, 0));
  SHOW(tee(p[0], q[1], 1, 16));
  SHOW(tee(999, q[1], 1, 0));
}

static void vectors(void) {
  struct iovec v[3] = {{"one", 3}, {NULL, 0}, {"three", 5}}, r[2] = {{buffer, 4}, {buffer + 4, 100}};
  SHOW(vmsplice(p[1], v, 3, 0));
  memset(buffer, 0, 20);
  SHOW(vmsplice(p[0], r, 2, 0));
  NOTE("  %s", buffer);
  SHOW(vmsplice(p[1], v, 0, 0));
  SHOW(vmsplice(p[1], v, 1025, 0));
  SHOW(vmsplice(p[1], BAD_POINTER, 1, 0));
  v[0].iov_base = BAD_POINTER;
  SHOW(vmsplice(p[1], v, 3, 0));
  v[0].iov_len = -1;
  SHOW(vmsplice(p[1], v, 3, 0));
  SHOW(vmsplice(p[1], v + 1, 2, SPLICE_F_GIFT));
  drain(p[0]);
  SHOW(vmsplice(p[0], r, 2, SPLICE_F_NONBLOCK));
  SHOW(vmsplice(in, v + 2, 1, 0));
  SHOW(vmsplice(999, v + 2, 1, 0));
  SHOW(vmsplice(p[1], v + 2, 1, 16));
  r[0].iov_base = BAD_POINTER;
  write(p[1], "12345678", 8);
  SHOW(vmsplice(p[0], r, 2, 0));
  drain(p[0]);
}

static void copying(void) {
  loff_t from = 0, to = 0;
  ftruncate(out, 0);
  SHOW(copy_file_range(in, &from, out, &to, 5, 0));
  NOTE("  %ld %ld", (long)from, (long)to);
  lseek(in, 2, SEEK_SET);
  lseek(out, 0, SEEK_END);
  SHOW(copy_file_range(in, NULL, out, NULL, 1000, 0));
  content("out", out);
  SHOW(copy_file_range(in, NULL, out, NULL, 1000, 0));
  from = 1000;
  SHOW(copy_file_range(in, &from, out, &to, 5, 0));
  from = 0;
  SHOW(copy_file_range(in, &from, out, &to, 0, 0));
  SHOW(copy_file_range(in, &from, out, &to, 5, 1));
  SHOW(copy_file_range(in, BAD_POINTER, out, NULL, 5, 0));
  from = -1;
  SHOW(copy_file_range(in, &from, out, NULL, 5, 0));
  from = 0;
  to = 3;
  SHOW(copy_file_range(in, &from, in, &to, 5, 0));
  to = 20;
  SHOW(copy_file_range(in, &from, in, &to, 5, 0));
  content("in", in);
  from = 0;
  SHOW(copy_file_range(reader, &from, reader, &to, 5, 0));
  SHOW(copy_file_range(writer, &from, out, &to, 5, 0));
  SHOW(copy_file_range(in, &from, append, NULL, 5, 0));
  SHOW(copy_file_range(dir, &from, out, &to, 5, 0));
  SHOW(copy_file_range(in, &from, dir, &to, 5, 0));
  SHOW(copy_file_range(p[0], NULL, out, &to, 5, 0));
  SHOW(copy_file_range(in, &from, p[1], NULL, 5, 0));
  SHOW(copy_file_range(zero, NULL, out, &to, 5, 0));
  SHOW(copy_file_range(999, &from, out, &to, 5, 0));
  SHOW(copy_file_range(in, &from, 999, &to, 5, 0));
  SHOW(copy_file_range(path, &from, out, &to, 5, 0));
  from = 0;
  to = 0x7fffffffffffffff;
  SHOW(copy_file_range(in, &from, out, &to, 5, 0));
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  in = open("in", O_CREAT | O_RDWR, 0644);
  out = open("out", O_CREAT | O_RDWR, 0644);
  write(in, "abcdefghijklmnopqrstuvwxyz", 26);
  lseek(in, 0, SEEK_SET);
  reader = open("in", O_RDONLY);
  writer = open("out", O_WRONLY);
  append = open("out", O_WRONLY | O_APPEND);
  path = open("in", O_PATH);
  dir = open(".", O_RDONLY);
  zero = open("/dev/zero", O_RDONLY);
  null = open("/dev/null", O_WRONLY);
  event = eventfd(0, EFD_NONBLOCK);
  pipe2(p, O_NONBLOCK);
  pipe2(q, O_NONBLOCK);
  sending();
  splicing();
  vectors();
  copying();
  close(q[0]);
  SHOW(splice(in, NULL, q[1], NULL, 5, 0));
  SHOW(tee(p[0], q[1], 5, 0));
  close(p[1]);
  SHOW(splice(p[0], NULL, out, NULL, 5, 0));
  /* Nothing will come, but the other pipe is full: that is looked at all the same. */
  char text[4096] = "";
  int full[2];
  pipe2(full, O_NONBLOCK);
  while (write(full[1], text, sizeof text) > 0) continue;
  while (read(p[0], text, sizeof text) > 0) continue;
  SHOW(splice(p[0], NULL, full[1], NULL, 5, 0));
  SHOW(tee(p[0], full[1], 5, SPLICE_F_NONBLOCK));
  read(full[0], text, sizeof text);
  SHOW(splice(p[0], NULL, full[1], NULL, 5, 0));
  SHOW(tee(p[0], full[1], 5, 0));
  close(full[0]);
  SHOW(tee(p[0], full[1], 5, 0));
  return 0;
}

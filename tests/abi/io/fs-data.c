/* read, write, pread, pwrite, readv, writev, lseek, truncate, fallocate, holes, append, sendfile, copy_file_range.
   covers: read write lseek pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 truncate ftruncate fallocate sendfile copy_file_range
   fsync fdatasync syncfs fadvise64 readahead */
#include "observe.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <signal.h>

static long size(int fd) { struct stat st; fstat(fd, &st); return (long)st.st_size; }

int main(void) {
  char buffer[8192];
  int fd = open("f", O_CREAT | O_RDWR, 0644);
  SHOW(write(fd, "0123456789", 10));
  SHOW(read(fd, buffer, 10));
  SHOW(lseek(fd, 0, SEEK_SET));
  SHOW(read(fd, buffer, 4));
  NOTE("%.4s", buffer);
  SHOW(lseek(fd, 0, SEEK_CUR));
  SHOW(lseek(fd, -3, SEEK_END));
  SHOW(read(fd, buffer, 100));
  SHOW(lseek(fd, -1, SEEK_SET));
  SHOW(lseek(fd, 0, 99));
  SHOW(lseek(fd, 100, SEEK_SET));
  SHOW(read(fd, buffer, 10));
  SHOW(write(fd, "x", 1));
  NOTE("size %ld", size(fd));
  SHOW(pread(fd, buffer, 10, 95));
  SHOW(pread(fd, buffer, 10, -1));
  SHOW(pread(fd, buffer, 10, 1000));
  SHOW(pwrite(fd, "yy", 2, 5));
  SHOW(pwrite(fd, "yy", 2, -1));
  SHOW(pread(fd, buffer, 10, 0));
  NOTE("%.10s", buffer);
  SHOW(read(fd, BAD_POINTER, 10));
  lseek(fd, 0, SEEK_SET);
  SHOW(read(fd, BAD_POINTER, 10));
  SHOW(read(fd, KERNEL_POINTER, 10));
  SHOW(write(fd, BAD_POINTER, 10));
  SHOW(write(fd, KERNEL_POINTER, 0));
  SHOW(read(fd, buffer, 0));
  SHOW(read(fd, read_only_page(), 10));
  SHOW(read(-1, buffer, 1));
  SHOW(write(999, buffer, 1));
  /* partly mapped buffers */
  lseek(fd, 0, SEEK_SET);
  SHOW_AS("read into 4 mapped bytes", read(fd, before_hole(4), 8));
  NOTE("position %ld", (long)lseek(fd, 0, SEEK_CUR));
  char *edge = before_hole(3);
  memcpy(edge, "abc", 3);
  lseek(fd, 0, SEEK_END);
  SHOW_AS("write from 3 mapped bytes", write(fd, edge, 8));
  NOTE("size %ld", size(fd));
  /* vectors */
  struct iovec v[3] = {{"one", 3}, {NULL, 0}, {"two", 3}};
  int g = open("g", O_CREAT | O_RDWR, 0644);
  SHOW(writev(g, v, 3));
  SHOW(writev(g, v, 0));
  SHOW(writev(g, v, -1));
  SHOW(writev(g, v, 1025));
  SHOW(writev(g, BAD_POINTER, 1));
  v[0].iov_len = -1;
  SHOW(writev(g, v, 1));
  char one[4] = "", two[8] = "";
  struct iovec r[2] = {{one, 3}, {two, 7}};
  lseek(g, 0, SEEK_SET);
  SHOW(readv(g, r, 2));
  NOTE("%s %s", one, two);
  SHOW(preadv(g, r, 1, 2));
  SHOW(preadv(g, r, 1, -1));
  SHOW(pwritev(g, r, 1, 6));
  SHOW(preadv2(g, r, 1, -1, 0));
  SHOW(preadv2(g, r, 1, 0, 1 << 20));
  SHOW(pwritev2(g, r, 1, 0, RWF_APPEND));
  NOTE("size %ld", size(g));
  /* append */
  int app = open("g", O_WRONLY | O_APPEND);
  SHOW(lseek(app, 0, SEEK_SET));
  SHOW(write(app, "end", 3));
  NOTE("position %ld size %ld", (long)lseek(app, 0, SEEK_CUR), size(app));
  SHOW(pwrite(app, "zz", 2, 0));
  NOTE("size %ld", size(app));
  /* truncate */
  SHOW(ftruncate(g, 3));
  NOTE("size %ld", size(g));
  SHOW(ftruncate(g, 9000));
  memset(buffer, 'q', sizeof buffer);
  SHOW(pread(g, buffer, 8, 0));
  NOTE("%.3s %d %d", buffer, buffer[3], buffer[7]);
  SHOW(ftruncate(g, -1));
  SHOW(ftruncate(999, 0));
  SHOW(ftruncate(open("g", O_RDONLY), 0));
  SHOW(truncate("missing", 0));
  SHOW(truncate(".", 0));
  SHOW(truncate("g", -5));
  SHOW(truncate("g", 5));
  int p[2];
  pipe(p);
  SHOW(ftruncate(p[1], 0));
  SHOW(lseek(p[0], 0, SEEK_SET));
  SHOW(pread(p[0], buffer, 1, 0));
  SHOW(pwrite(p[1], buffer, 1, 0));
  /* holes and fallocate */
  int h = open("h", O_CREAT | O_RDWR, 0644);
  pwrite(h, "x", 1, 1 << 20);
  struct stat st;
  fstat(h, &st);
  NOTE("blocks of a sparse file %ld", (long)st.st_blocks);
  SHOW(lseek(h, 0, SEEK_DATA));
  SHOW(lseek(h, 0, SEEK_HOLE));
  SHOW(lseek(h, 1 << 20, SEEK_HOLE));
  SHOW(lseek(h, 2 << 20, SEEK_DATA));
  SHOW(lseek(h, -1, SEEK_DATA));
  SHOW(fallocate(h, 0, 0, 8192));
  fstat(h, &st);
  NOTE("blocks %ld size %ld", (long)st.st_blocks, (long)st.st_size);
  SHOW(fallocate(h, FALLOC_FL_KEEP_SIZE, 1 << 20, 16384));
  NOTE("size %ld", size(h));
  SHOW(fallocate(h, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  fstat(h, &st);
  NOTE("blocks after punching %ld", (long)st.st_blocks);
  SHOW(fallocate(h, FALLOC_FL_PUNCH_HOLE, 0, 4096));
  SHOW(fallocate(h, 0, -1, 10));
  SHOW(fallocate(h, 0, 0, 0));
  SHOW(fallocate(h, 0, 0, -1));
  SHOW(fallocate(p[1], 0, 0, 10));
  SHOW(fallocate(open("h", O_RDONLY), 0, 0, 10));
  SHOW(fallocate(open(".", O_RDONLY), 0, 0, 10));
  /* sendfile, copy_file_range */
  int in = open("in", O_CREAT | O_RDWR, 0644), out = open("out", O_CREAT | O_RDWR, 0644);
  write(in, "abcdefghij", 10);
  off_t offset = 2;
  SHOW(sendfile(out, in, &offset, 4));
  NOTE("offset %ld position %ld", (long)offset, (long)lseek(in, 0, SEEK_CUR));
  lseek(in, 0, SEEK_SET);
  SHOW(sendfile(out, in, NULL, 100));
  SHOW(sendfile(out, in, NULL, 100));
  NOTE("size %ld", size(out));
  SHOW(sendfile(out, p[0], NULL, 10));
  SHOW(sendfile(out, 999, NULL, 10));
  SHOW(sendfile(app, in, NULL, 10));
  SHOW(sendfile(p[1], in, &offset, 2));
  SHOW(read(p[0], buffer, 10));
  loff_t from = 0, to = 20;
  SHOW(copy_file_range(in, &from, out, &to, 5, 0));
  NOTE("%ld %ld size %ld", (long)from, (long)to, size(out));
  SHOW(copy_file_range(in, &from, out, &to, 5, 1));
  from = 0; to = 2;
  SHOW(copy_file_range(in, &from, in, &to, 5, 0));
  SHOW(copy_file_range(p[0], NULL, out, NULL, 5, 0));
  SHOW(copy_file_range(open(".", O_RDONLY), NULL, out, NULL, 5, 0));
  /* RLIMIT_FSIZE */
  struct rlimit limit = {100, 100};
  IN_CHILD("limit", {
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_IGN);
    int l = open("l", O_CREAT | O_RDWR, 0644);
    memset(buffer, 'l', 200);
    SHOW(write(l, buffer, 200));
    SHOW(write(l, buffer, 1));
    SHOW(ftruncate(l, 101));
    SHOW(fallocate(l, 0, 0, 101));
  });
  IN_CHILD("limit kills", {
    setrlimit(RLIMIT_FSIZE, &limit);
    pwrite(open("l", O_RDWR), "x", 1, 100);
  });
  SHOW(fsync(fd)); SHOW(fdatasync(fd)); SHOW(fsync(-1)); SHOW(fsync(p[0])); SHOW(syncfs(fd));
  SHOW(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
  SHOW(posix_fadvise(fd, 0, 0, 77));
  SHOW(posix_fadvise(p[0], 0, 0, 0));
  SHOW(readahead(fd, 0, 10));
  SHOW(readahead(-1, 0, 10));
  return 0;
}

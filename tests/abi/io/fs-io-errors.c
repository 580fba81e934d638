/* read(2), write(2) and their relatives, each in every way it can fail: wrong descriptors and modes, bad memory, directories, full file systems,
   limits, sealed files, pipes without a reader, terminals without another end, signals.
   covers: read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek fallocate ftruncate copy_file_range sendfile */
#include "interrupt.h"
#include "terminal.h"
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static char buffer[8192];

/* All relatives with one buffer, at offset `at` where there is one. */
static void reads(int fd, void *memory, size_t size, long at) {
  struct iovec vector = {memory, size};
  SHOW(syscall(SYS_read, fd, memory, size));
  SHOW(syscall(SYS_readv, fd, &vector, 1));
  SHOW(syscall(SYS_pread64, fd, memory, size, at));
  SHOW(syscall(SYS_preadv, fd, &vector, 1, at, 0));
  SHOW(syscall(SYS_preadv2, fd, &vector, 1, at, 0, 0));
}

static void writes(int fd, const void *memory, size_t size, long at) {
  struct iovec vector = {(void *)memory, size};
  SHOW(syscall(SYS_write, fd, memory, size));
  SHOW(syscall(SYS_writev, fd, &vector, 1));
  SHOW(syscall(SYS_pwrite64, fd, memory, size, at));
  SHOW(syscall(SYS_pwritev, fd, &vector, 1, at, 0));
  SHOW(syscall(SYS_pwritev2, fd, &vector, 1, at, 0, 0));
}

/* The vector itself: its count, its memory, lengths that are negative or add up to too much. */
static void vectors(int fd) {
  struct iovec negative = {buffer, -1}, sum[2] = {{buffer, 1L << 62}, {buffer, 1L << 62}}, one = {buffer, 1};
  struct iovec *cut = (struct iovec *)before_hole(8);
  for (int call = 0; call < 2; call++) {
    const long plain = call ? SYS_writev : SYS_readv, at = call ? SYS_pwritev : SYS_preadv, flags = call ? SYS_pwritev2 : SYS_preadv2;
    NOTE(call ? "writing" : "reading");
    SHOW(syscall(plain, fd, &one, -1L));
    SHOW(syscall(plain, fd, &one, 1025));
    SHOW(syscall(plain, fd, &one, 0));
    SHOW(syscall(plain, fd, NULL, 0));
    SHOW(syscall(plain, fd, NULL, 1));
    SHOW(syscall(plain, fd, cut, 1));
    SHOW(syscall(plain, fd, &negative, 1));
    SHOW(syscall(plain, fd, KERNEL_POINTER, 1));
    SHOW(syscall(at, fd, &one, -1L, 0, 0));
    SHOW(syscall(at, fd, &one, 1025, 0, 0));
    SHOW(syscall(at, fd, &negative, 1, 0, 0));
    SHOW(syscall(at, fd, cut, 1, 0, 0));
    SHOW(syscall(flags, fd, &one, 1025, 0, 0, 0));
    SHOW(syscall(flags, fd, &negative, 1, 0, 0, 0));
    SHOW(syscall(flags, fd, cut, 1, 0, 0, 0));
    SHOW(syscall(flags, fd, &one, 1, 0, 0, 1 << 20));
    SHOW(syscall(flags, fd, &one, 1, -2, 0, 0));
    SHOW(syscall(at, fd, &one, 1, -1, 0));
  }
  (void)sum;
}

static void descriptors(void) {
  NOTE("no descriptor");
  reads(-1, buffer, 1, 0);
  writes(-1, buffer, 1, 0);
  SHOW(lseek(-1, 0, SEEK_SET));
  SHOW(lseek(1000, 0, SEEK_CUR));
  NOTE("a path only");
  int path = open("f", O_PATH);
  reads(path, buffer, 1, 0);
  writes(path, buffer, 1, 0);
  SHOW(lseek(path, 0, SEEK_SET));
  close(path);
  NOTE("the other mode");
  int out = open("f", O_WRONLY), in = open("f", O_RDONLY);
  reads(out, buffer, 1, 0);
  writes(in, buffer, 1, 0);
  NOTE("a directory");
  int directory = open("d", O_RDONLY);
  reads(directory, buffer, 1, 0);
  writes(directory, buffer, 1, 0);
  reads(directory, buffer, 0, 0);
  NOTE("negative offset");
  reads(in, buffer, 1, -5);
  writes(out, buffer, 1, -5);
  NOTE("last offset");
  reads(in, buffer, 1, 0x7fffffffffffffff);
  reads(in, buffer, 2, 0x7ffffffffffffffe);
  NOTE("bad memory");
  int both = open("f", O_RDWR);
  reads(both, BAD_POINTER, 1, 0);
  lseek(both, 0, SEEK_SET);
  reads(both, KERNEL_POINTER, 1, 0);
  lseek(both, 0, SEEK_SET);
  reads(both, read_only_page(), 4, 0);
  lseek(both, 0, SEEK_SET);
  reads(both, before_hole(2), 4, 0);
  lseek(both, 0, SEEK_SET);
  reads(both, before_hole(0), 4, 0);
  lseek(both, 0, SEEK_SET);
  reads(both, BAD_POINTER, 0, 0);
  writes(both, BAD_POINTER, 1, 0);
  writes(both, KERNEL_POINTER, 1, 0);
  writes(both, before_hole(0), 4, 0);
  writes(both, BAD_POINTER, 0, 0);
  lseek(both, 0, SEEK_SET);
  writes(both, before_hole(2), 4, 0);
  vectors(both);
  close(both);
  close(in);
  close(out);
  close(directory);
}

static void no_room(void) {
  mkdir("full", 0755);
  SHOW(mount("none", "full", "tmpfs", 0, "size=8k"));
  int fd = open("full/f", O_CREAT | O_RDWR, 0644);
  SHOW(write(fd, buffer, 8192));
  SHOW(lseek(fd, 0, SEEK_END));
  writes(fd, buffer, 1, 8192);
  SHOW(fallocate(fd, 0, 8192, 1));
  SHOW(fallocate(fd, 0, 0, 8192));
  SHOW(ftruncate(fd, 1 << 20));
  int from = open("f", O_RDONLY);
  loff_t start = 0, end = 8192;
  SHOW(syscall(SYS_copy_file_range, fd, &start, fd, &end, 1, 0));
  start = 0;
  SHOW(syscall(SYS_copy_file_range, from, &start, fd, &end, 1, 0));
  lseek(fd, 8192, SEEK_SET);
  SHOW(sendfile(fd, from, NULL, 1));
  close(fd);
  close(from);
  SHOW(umount2("full", 0));
}

static void limited(void) {
  struct rlimit limit = {100, RLIM_INFINITY};
  signal(SIGXFSZ, SIG_IGN);
  int fd = open("limited", O_CREAT | O_RDWR, 0644);
  setrlimit(RLIMIT_FSIZE, &limit);
  SHOW(lseek(fd, 99, SEEK_SET));
  SHOW(write(fd, buffer, 10));
  writes(fd, buffer, 1, 100);
  writes(fd, buffer, 0, 100);
  SHOW(fallocate(fd, 0, 0, 101));
  SHOW(ftruncate(fd, 101));
  int from = open("f", O_RDONLY);
  SHOW(sendfile(fd, from, NULL, 1));
  loff_t start = 0, end = 100;
  SHOW(syscall(SYS_copy_file_range, from, &start, fd, &end, 1, 0));
  limit.rlim_cur = RLIM_INFINITY;
  setrlimit(RLIMIT_FSIZE, &limit);
  SHOW(ftruncate(fd, -1));
  close(from);
  close(fd);
}

static void sealed(void) {
  int fd = memfd_create("sealed", MFD_ALLOW_SEALING);
  SHOW(write(fd, buffer, 10));
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW));
  writes(fd, buffer, 1, 0);
  SHOW(ftruncate(fd, 5));
  SHOW(fallocate(fd, 0, 0, 20));
  close(fd);
}

static void pipes(void) {
  int ends[2];
  struct iovec vector = {buffer, 4096};
  pipe2(ends, 0);
  NOTE("pipe: no offsets");
  reads(ends[0], buffer, 0, 0);
  SHOW(lseek(ends[0], 0, SEEK_CUR));
  SHOW(syscall(SYS_pwrite64, ends[1], buffer, 1, 0));
  SHOW(syscall(SYS_pwritev, ends[1], &vector, 1, 0, 0));
  SHOW(syscall(SYS_pwritev2, ends[1], &vector, 1, 0, 0, 0));
  SHOW(syscall(SYS_preadv2, ends[0], &vector, 1, 0, 0, 0));
  NOTE("pipe: interrupted");
  INTERRUPTED(syscall(SYS_read, ends[0], buffer, 1));
  INTERRUPTED(syscall(SYS_readv, ends[0], &vector, 1));
  fcntl(ends[1], F_SETPIPE_SZ, 4096);
  SHOW(write(ends[1], buffer, 4096));
  INTERRUPTED(syscall(SYS_write, ends[1], buffer, 1));
  INTERRUPTED(syscall(SYS_writev, ends[1], &vector, 1));
  NOTE("pipe: not waiting");
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  SHOW(syscall(SYS_write, ends[1], buffer, 1));
  SHOW(syscall(SYS_writev, ends[1], &vector, 1));
  SHOW(read(ends[0], buffer, 4096));
  SHOW(syscall(SYS_read, ends[0], buffer, 1));
  SHOW(syscall(SYS_readv, ends[0], &vector, 1));
  SHOW(syscall(SYS_read, ends[1], buffer, 1));
  SHOW(syscall(SYS_write, ends[0], buffer, 1));
  NOTE("pipe: nobody reads");
  signal(SIGPIPE, SIG_IGN);
  close(ends[0]);
  SHOW(syscall(SYS_write, ends[1], buffer, 1));
  SHOW(syscall(SYS_writev, ends[1], &vector, 1));
  SHOW(syscall(SYS_write, ends[1], buffer, 0));
  close(ends[1]);
}

static void terminals(void) {
  struct iovec vector = {buffer, 4};
  struct pair pair = open_pair();
  close(pair.slave);
  SHOW(syscall(SYS_read, pair.master, buffer, 4));
  SHOW(syscall(SYS_readv, pair.master, &vector, 1));
  close(pair.master);
  pair = open_pair();
  close(pair.master);
  SHOW(syscall(SYS_write, pair.slave, buffer, 4));
  SHOW(syscall(SYS_writev, pair.slave, &vector, 1));
  SHOW(syscall(SYS_read, pair.slave, buffer, 4));
  close(pair.slave);
}

/* Eight bytes, no less; and a value that does not fit. */
static void counters(void) {
  int fd = syscall(SYS_eventfd2, 0, 04000);
  struct iovec vector = {buffer, 7};
  memset(buffer, 0xff, 8);
  SHOW(syscall(SYS_read, fd, buffer, 7));
  SHOW(syscall(SYS_readv, fd, &vector, 1));
  SHOW(syscall(SYS_read, fd, buffer + 16, 8));
  SHOW(syscall(SYS_write, fd, buffer, 7));
  SHOW(syscall(SYS_writev, fd, &vector, 1));
  SHOW(syscall(SYS_write, fd, buffer, 8));
  SHOW(syscall(SYS_write, fd, BAD_POINTER, 8));
  close(fd);
}

int main(void) {
  int fd = open("f", O_CREAT | O_RDWR, 0644);
  SHOW(write(fd, "0123456789", 10));
  close(fd);
  mkdir("d", 0755);
  descriptors();
  no_room();
  limited();
  sealed();
  pipes();
  terminals();
  counters();
  /* Files of /proc end at 2 GiB less one; between file systems nothing is copied. */
  int proc = open("/proc/self/limits", O_RDONLY), to = open("f", O_RDWR), other = memfd_create("other", 0), ends[2];
  pipe2(ends, 0);
  loff_t far = 3L << 30, start = 0;
  SHOW(sendfile(ends[1], proc, &far, 1));
  SHOW(write(other, "x", 1));
  SHOW(sendfile(ends[1], proc, &far, 1));
  SHOW(syscall(SYS_copy_file_range, proc, &start, to, NULL, 1, 0));
  SHOW(syscall(SYS_copy_file_range, other, &start, to, NULL, 1, 0));
  SHOW(syscall(SYS_copy_file_range, to, &start, other, NULL, 1, 0));
  return 0;
}

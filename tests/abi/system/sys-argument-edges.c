/* Numbers at their edges: offsets, lengths, counts, modes, commands, flags one bit at a time. A line for each argument that is tried.
   covers: lseek read pread64 pwrite64 ftruncate truncate fallocate dup2 dup3 fcntl close close_range poll select mmap mprotect munmap mremap madvise
     msync getrandom epoll_create epoll_create1 eventfd eventfd2 timerfd_create clock_getres getitimer getrusage getrlimit sched_get_priority_max
     readv setxattr write sched_get_priority_min getpriority setpriority umask access faccessat2 chmod mkdir mknod open flock fadvise64 sync_file_range splice tee vmsplice
     epoll_ctl epoll_wait futex rt_sigaction rt_sigprocmask wait4 waitid getgroups setgroups getcwd readlink getdents64 getxattr listxattr pipe2
     signalfd4 memfd_create newfstatat statx unlinkat linkat renameat2 utimensat fchownat copy_file_range sendfile preadv preadv2
     pidfd_open pwritev2 getcpu ioctl mlock2 mlockall personality */
#include "observe.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

static char buffer[8192];
static int file, directory, ends[2], null;
static const long wide[] = {0, 1, 2, 4095, 4096, 4097, INT_MAX, 1L << 31, UINT_MAX, 1L << 32, 1L << 46, LONG_MAX - 4095, LONG_MAX, LONG_MIN, -4096, -2, -1};
static const long narrow[] = {0, 1, 2, 3, 4, 7, 8, 63, 64, 65, 255, 1023, 1024, 1025, 4096, 65535, 65536, INT_MAX, INT_MIN, -2, -1};

static void show(long value, long result) {
  if (result == -1) printf(" %ld:%s", value, errno_name(errno));
  else printf(" %ld=%ld", value, result);
}

/* Descriptors are closed; that there was one is shown as 0. */
static long opened(long fd) {
  if (fd >= 0) close(fd);
  return fd < 0 ? -1 : 0;
}
static long worked(long result) { return result < 0 && result > -4096 ? -1 : 0; }

#define EACH(values, what, call)                                                        \
  do {                                                                                  \
    printf("%s:", what);                                                                \
    for (unsigned i_ = 0; i_ < sizeof values / sizeof values[0]; i_++) {                \
      long v = values[i_];                                                              \
      errno = 0;                                                                        \
      show(v, call);                                                                    \
    }                                                                                   \
    putchar('\n');                                                                      \
  } while (0)
#define RANGE(from, to, what, call)                                                     \
  do {                                                                                  \
    printf("%s:", what);                                                                \
    for (long v = from; v <= to; v++) { errno = 0; show(v, call); }                     \
    putchar('\n');                                                                      \
  } while (0)
#define BITS(what, call)                                                                \
  do {                                                                                  \
    printf("%s:", what);                                                                \
    for (int b_ = 0; b_ < 32; b_++) { long v = (long)(int)(1u << b_); errno = 0; show(v, call); } \
    putchar('\n');                                                                      \
  } while (0)

static void offsets(void) {
  RANGE(-1, 6, "lseek whence", syscall(SYS_lseek, file, 0, v));
  EACH(wide, "lseek SET", syscall(SYS_lseek, file, v, SEEK_SET));
  EACH(wide, "lseek CUR", (lseek(file, 5, SEEK_SET), syscall(SYS_lseek, file, v, SEEK_CUR)));
  EACH(wide, "lseek END", syscall(SYS_lseek, file, v, SEEK_END));
  EACH(wide, "lseek DATA", syscall(SYS_lseek, file, v, SEEK_DATA));
  EACH(wide, "lseek HOLE", syscall(SYS_lseek, file, v, SEEK_HOLE));
  EACH(wide, "lseek directory", syscall(SYS_lseek, directory, v, SEEK_SET) < 0 ? -1 : 0);
  EACH(wide, "lseek /dev/null", syscall(SYS_lseek, null, v, SEEK_SET));
  EACH(wide, "read count", (lseek(file, 0, SEEK_SET), syscall(SYS_read, file, buffer, v)));
  EACH(wide, "pread64 count", syscall(SYS_pread64, file, buffer, v, 3));
  EACH(wide, "pread64 offset", syscall(SYS_pread64, file, buffer, 4, v));
  EACH(wide, "pwrite64 offset", (ftruncate(file, 10), syscall(SYS_pwrite64, file, buffer, 0, v)));
  EACH(wide, "write count to /dev/null", syscall(SYS_write, null, buffer, v & 0xffff));
  struct iovec one = {buffer, 4};
  EACH(wide, "preadv offset", syscall(SYS_preadv, file, &one, 1, v, 0));
  EACH(wide, "preadv high", syscall(SYS_preadv, file, &one, 1, 0, v));
  EACH(wide, "preadv2 offset", (lseek(file, 0, SEEK_SET), syscall(SYS_preadv2, file, &one, 1, v, 0, 0)));
  BITS("preadv2 flags", (lseek(file, 0, SEEK_SET), worked(syscall(SYS_preadv2, file, &one, 1, 0, 0, v & 0x7ffffe1f))));
  EACH(wide, "readv count", (lseek(file, 0, SEEK_SET), syscall(SYS_readv, file, &one, v)));
  EACH(wide, "ftruncate", syscall(SYS_ftruncate, file, v));
  EACH(wide, "truncate", syscall(SYS_truncate, "f", v));
  ftruncate(file, 10);
  /* Alone, or with KEEP_SIZE and PUNCH_HOLE. */
  const long modes[] = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 19, 32, 64, 65, 66, 128, INT_MIN};
  EACH(modes, "fallocate mode", (ftruncate(file, 8192), syscall(SYS_fallocate, file, v, 0, 4096)));
  ftruncate(file, 10);
  const long lengths[] = {0, 1, 4096, 4097, LONG_MAX, LONG_MIN, -1};
  EACH(lengths, "fallocate offset, punch", syscall(SYS_fallocate, file, 3, v, 1));
  EACH(lengths, "fallocate length, punch", syscall(SYS_fallocate, file, 3, 0, v));
  EACH(lengths, "sync_file_range offset", syscall(SYS_sync_file_range, file, v, 1, 0));
  EACH(lengths, "sync_file_range length", syscall(SYS_sync_file_range, file, 1, v, 0));
  RANGE(-1, 9, "sync_file_range flags", syscall(SYS_sync_file_range, file, 0, 1, v));
  RANGE(-1, 9, "fadvise64 advice", syscall(SYS_fadvise64, file, 0, 0, v));
  EACH(lengths, "fadvise64 length", syscall(SYS_fadvise64, file, 0, v, 0));
  loff_t at = 0;
  EACH(wide, "sendfile count", (at = 0, syscall(SYS_sendfile, null, file, &at, v)));
  EACH(wide, "sendfile offset", (at = v, syscall(SYS_sendfile, null, file, &at, 4)));
  int copy = open("copy", O_CREAT | O_RDWR, 0644);
  EACH(wide, "copy_file_range count", (at = 0, syscall(SYS_copy_file_range, file, &at, copy, NULL, v, 0)));
  EACH(wide, "copy_file_range in", (at = v, syscall(SYS_copy_file_range, file, &at, copy, NULL, 4, 0)));
  RANGE(-1, 3, "copy_file_range flags", (at = 0, syscall(SYS_copy_file_range, file, &at, copy, NULL, 1, v)));
  close(copy);
}

/* What has RWF_NOWAIT, and what says that it has not. */
static void not_waiting(const char *what, int fd) {
  struct iovec one = {buffer, 8}, none = {buffer, 0};
  memset(buffer, 1, 8);
  NOTE("not waiting: %s", what);
  SHOW(syscall(SYS_preadv2, fd, &one, 1, -1L, 0, 8));
  SHOW(syscall(SYS_pwritev2, fd, &one, 1, -1L, 0, 8));
  SHOW(syscall(SYS_preadv2, fd, &none, 1, -1L, 0, 8));
  SHOW(syscall(SYS_preadv2, fd, &none, 1, -1L, 0, 1 << 20));
  SHOW(syscall(SYS_preadv, fd, &none, 1, 5L, 0));
  SHOW(worked(syscall(SYS_pread64, fd, buffer, 8, 5L)));
  close(fd);
}

static void descriptors(void) {
  static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
  for (int i = 0; i < 5; i++) not_waiting(devices[i], open(devices[i], O_RDWR));
  not_waiting("eventfd", syscall(SYS_eventfd2, 0, 0));
  not_waiting("file", open("f", O_RDWR));
  not_waiting("file of /proc", open("/proc/self/stat", O_RDONLY));
  not_waiting("directory", open(".", O_RDONLY));
  unsigned ids[2] = {7, 7};
  SHOW(fcntl(file, 17, ids));
  SHOW(fcntl(file, F_SETOWN, getpid()));
  IN_CHILD("owner set by somebody", { setresuid(1000, 1001, 1002); SHOW(fcntl(file, F_SETOWN, getpid())); });
  SHOW(fcntl(file, 17, ids));
  NOTE("%u %u", ids[0], ids[1]);
  SHOW(fcntl(file, F_SETOWN, 0));
  SHOW(fcntl(file, 17, ids));
  NOTE("%u %u", ids[0], ids[1]);
  int block = 0;
  SHOW(ioctl(file, 1, &block));
  SHOW(ioctl(file, 1, NULL));
  IN_CHILD("FIBMAP as somebody", { setresuid(1000, 1000, 1000); SHOW(ioctl(file, 1, NULL)); });
  SHOW(syscall(SYS_flock, -1, 32));
  struct rlimit limit = {64, 64};
  setrlimit(RLIMIT_NOFILE, &limit);
  EACH(narrow, "close", v >= 0 && v < 20 ? 0 : syscall(SYS_close, v));
  EACH(narrow, "dup2 old", v >= 0 && v < 20 ? 0 : syscall(SYS_dup2, v, 30));
  EACH(narrow, "dup2 new", v >= 0 && v < 20 ? 0 : syscall(SYS_dup2, file, v));
  EACH(narrow, "dup3 new", v >= 0 && v < 20 ? 0 : syscall(SYS_dup3, file, v, 0));
  BITS("dup3 flags", opened(syscall(SYS_dup3, file, 40, v)));
  EACH(narrow, "F_DUPFD", opened(syscall(SYS_fcntl, file, F_DUPFD, v)));
  EACH(narrow, "F_SETFD", syscall(SYS_fcntl, file, F_SETFD, v));
  SHOW(fcntl(file, F_GETFD));
  /* Without those for leases, notification and hints. */
  RANGE(-1, 20, "fcntl command, file", worked(syscall(SYS_fcntl, file, v, 0)));
  RANGE(-1, 20, "fcntl command, pipe", worked(syscall(SYS_fcntl, ends[0], v, 0)));
  RANGE(1029, 1034, "fcntl command, file", worked(syscall(SYS_fcntl, file, v, 0)));
  RANGE(1029, 1034, "fcntl command, pipe", worked(syscall(SYS_fcntl, ends[0], v, 0)));
  EACH(narrow, "F_SETPIPE_SZ", v == INT_MAX || v == INT_MIN ? 0 : syscall(SYS_fcntl, ends[0], F_SETPIPE_SZ, v));
  EACH(narrow, "F_SETSIG", syscall(SYS_fcntl, file, 10, v));
  EACH(narrow, "close_range first", syscall(SYS_close_range, v, 40, 4));
  EACH(narrow, "close_range last", syscall(SYS_close_range, 40, v, 4));
  BITS("close_range flags", syscall(SYS_close_range, 50, 60, v));
  BITS("pipe2 flags", ({ int p[2]; long r_ = (v & 0200) ? 0 : syscall(SYS_pipe2, p, v); if (r_ == 0 && !(v & 0200)) { close(p[0]); close(p[1]); } r_; }));
  EACH(narrow, "epoll_create", opened(syscall(SYS_epoll_create, v)));
  BITS("epoll_create1", opened(syscall(SYS_epoll_create1, v)));
  EACH(narrow, "eventfd", opened(syscall(SYS_eventfd, v)));
  BITS("eventfd2 flags", opened(syscall(SYS_eventfd2, 0, v)));
  RANGE(-8, 14, "timerfd_create clock", opened(syscall(SYS_timerfd_create, v, 0)));
  BITS("timerfd_create flags", opened(syscall(SYS_timerfd_create, 1, v)));
  BITS("memfd_create flags, without huge pages", v & 0x1c ? 0 : opened(syscall(SYS_memfd_create, "m", v)));
  unsigned long mask = 1;
  BITS("signalfd4 flags", opened(syscall(SYS_signalfd4, -1, &mask, 8, v)));
  EACH(narrow, "signalfd4 size", opened(syscall(SYS_signalfd4, -1, &mask, v, 0)));
  EACH(narrow, "pidfd_open process", v == 1 || v == 2 || v == 3 || v == 4 || (v > 4 && v < 100000) ? 0 : opened(syscall(SYS_pidfd_open, v, 0)));
  RANGE(-1, 20, "flock", ({ long r_ = syscall(SYS_flock, file, v | LOCK_NB); flock(file, LOCK_UN); r_; }));
  EACH(narrow, "ioctl on a file", syscall(SYS_ioctl, file, v, buffer));
  EACH(narrow, "ioctl on a pipe", syscall(SYS_ioctl, ends[0], v, buffer));
}

static void names(void) {
  struct stat st;
  RANGE(-1, 9, "access", syscall(SYS_access, "f", v));
  BITS("faccessat2 flags", syscall(SYS_faccessat2, AT_FDCWD, "f", 0, v));
  BITS("newfstatat flags", syscall(SYS_newfstatat, AT_FDCWD, "f", &st, v));
  BITS("statx flags", syscall(SYS_statx, AT_FDCWD, "f", v, STATX_BASIC_STATS, buffer));
  BITS("statx mask", syscall(SYS_statx, AT_FDCWD, "f", 0, v, buffer));
  BITS("utimensat flags", syscall(SYS_utimensat, AT_FDCWD, "f", NULL, v));
  BITS("fchownat flags", syscall(SYS_fchownat, AT_FDCWD, "f", -1, -1, v));
  BITS("linkat flags", ({ long r_ = syscall(SYS_linkat, AT_FDCWD, "f", AT_FDCWD, "linked", v); int e_ = errno; unlink("linked"); errno = e_; r_; }));
  BITS("unlinkat flags", syscall(SYS_unlinkat, AT_FDCWD, "missing", v));
  BITS("renameat2 flags", v == 4 ? 0 : syscall(SYS_renameat2, AT_FDCWD, "missing", AT_FDCWD, "x", v));
  printf("chmod:");
  for (int b = 0; b < 32; b++) { chmod("f", 1u << b); stat("f", &st); printf(" %o", st.st_mode); }
  printf("\nmkdir:");
  for (int b = 0; b < 32; b++) { mkdir("d", 1u << b); stat("d", &st); printf(" %o", st.st_mode); rmdir("d"); }
  printf("\numask:");
  for (int b = 0; b < 32; b++) { umask(1u << b); printf(" %o", umask(022)); }
  printf("\nmknod:");
  for (int type = 0; type < 16; type++) {
    errno = 0;
    show(type, mknod("n", type << 12 | 0644, 0x103));
    if (lstat("n", &st) == 0) printf(" is %o", st.st_mode);
    unlink("n");
  }
  putchar('\n');
  chmod("f", 0644);
  BITS("open flags", v == 020000 ? 0 : opened(syscall(SYS_open, "f", v & ~O_DIRECT, 0600)));
  BITS("open modes", ({ long r_ = opened(syscall(SYS_open, "created", O_CREAT | O_WRONLY, v)); stat("created", &st); unlink("created"); r_ < 0 ? r_ : (long)st.st_mode; }));
  EACH(narrow, "readlink size", syscall(SYS_readlink, "link", buffer, v));
  EACH(wide, "getcwd size", worked(v > 0 && v < 4097 && v > 2 ? 0 : syscall(SYS_getcwd, buffer, v)));
  const long sizes[] = {0, 1, 4, 5, 6, 65535, 65536, 65537, INT_MAX, LONG_MAX, -1};
  EACH(sizes, "getxattr size", syscall(SYS_getxattr, "f", "trusted.a", buffer, v));
  EACH(sizes, "listxattr size", syscall(SYS_listxattr, "f", buffer, v));
  EACH(narrow, "getdents64 count", (lseek(directory, 0, SEEK_SET), v > 24 && v < INT_MAX ? 0 : syscall(SYS_getdents64, directory, buffer, v) < 0 ? -1 : 0));
}

static void memory(void) {
  char *pages = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const long lengths[] = {0, -4096, -1}, long_ones[] = {0, LONG_MAX, LONG_MIN, -4096, -1};
  EACH(long_ones, "mmap length", worked(syscall(SYS_mmap, NULL, v, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
  EACH(wide, "mmap offset", worked(syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, file, v)));
  EACH(wide, "mmap fixed address", v >= -4095 && (v <= 0 || v >= 4096) && v <= UINT_MAX + 1L ? 0 : worked(syscall(SYS_mmap, v, 4096, PROT_READ, MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)));
  RANGE(0, 7, "mmap type", worked(syscall(SYS_mmap, NULL, 4096, PROT_READ, MAP_ANONYMOUS | v, -1, 0)));
  EACH(lengths, "mprotect length", syscall(SYS_mprotect, pages, v, PROT_READ | PROT_WRITE));
  BITS("mprotect rights", v & 0x3000000 ? 0 : syscall(SYS_mprotect, pages, 4096, v));
  mprotect(pages, 4 * 4096, PROT_READ | PROT_WRITE);
  EACH(long_ones, "munmap length", syscall(SYS_munmap, pages, v));
  EACH(wide, "munmap address", v == 4096 || (v > 0 && v <= UINT_MAX + 1L && v % 4096 == 0) ? 0 : syscall(SYS_munmap, v, 4096));
  EACH(long_ones, "mremap old length", worked(syscall(SYS_mremap, pages, v, 4096, 0)));
  const long none[] = {0, -1};
  EACH(none, "mremap new length", worked(syscall(SYS_mremap, pages, 4096, v, MREMAP_MAYMOVE)));
  BITS("mremap flags", v == 2 ? 0 : worked(syscall(SYS_mremap, pages, 4096, 4096, v)));
  EACH(long_ones, "madvise length", syscall(SYS_madvise, pages, v, MADV_NORMAL));
  EACH(lengths, "msync length", syscall(SYS_msync, pages, v, MS_ASYNC));
  BITS("msync flags", syscall(SYS_msync, pages, 4096, v));
  BITS("mlockall flags", v == 1 || v == 2 ? 0 : syscall(SYS_mlockall, v));
  BITS("mlock2 flags", syscall(SYS_mlock2, pages, 4096, v));
  munlockall();
}

static void processes(void) {
  struct itimerval timer;
  struct rusage usage;
  struct rlimit limit;
  struct sigaction action = {.sa_handler = SIG_DFL};
  struct timespec time;
  unsigned long mask = 0;
  siginfo_t info;
  unsigned word = 0;
  RANGE(-2, 4, "getitimer", syscall(SYS_getitimer, v, &timer));
  RANGE(-3, 3, "getrusage", syscall(SYS_getrusage, v, &usage));
  RANGE(-1, 17, "getrlimit", syscall(SYS_getrlimit, v, &limit));
  RANGE(-9, 14, "clock_getres", v == 8 || v == 9 ? 0 : syscall(SYS_clock_getres, v, &time));
  RANGE(-2, 6, "sched_get_priority_max", syscall(SYS_sched_get_priority_max, v));
  RANGE(-2, 6, "sched_get_priority_min", syscall(SYS_sched_get_priority_min, v));
  RANGE(-2, 4, "getpriority", syscall(SYS_getpriority, v, 0) < 0 ? -1 : 0);
  EACH(narrow, "setpriority", v < 0 ? 0 : syscall(SYS_setpriority, PRIO_PROCESS, 0, v));
  EACH(narrow, "rt_sigaction signal", v == 32 || v == 33 ? 0 : syscall(SYS_rt_sigaction, v, &action, NULL, 8));
  EACH(narrow, "rt_sigaction size", syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, v));
  RANGE(-1, 4, "rt_sigprocmask how", syscall(SYS_rt_sigprocmask, v, &mask, NULL, 8));
  RANGE(-1, 4, "rt_sigprocmask how without a set", syscall(SYS_rt_sigprocmask, v, NULL, &mask, 8));
  EACH(narrow, "rt_sigprocmask size", syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, v));
  BITS("wait4 options", syscall(SYS_wait4, -1, NULL, v, NULL));
  RANGE(-1, 5, "waitid kind", syscall(SYS_waitid, v, v == 3 ? file : 0, &info, WEXITED | WNOHANG, NULL));
  BITS("waitid options", syscall(SYS_waitid, P_ALL, 0, &info, v, NULL));
  syscall(SYS_setgroups, 0, NULL);
  EACH(narrow, "getgroups size", syscall(SYS_getgroups, v, buffer) < 0 ? -1 : 0);
  EACH(narrow, "setgroups size", v > 1025 && v <= 65536 ? 0 : syscall(SYS_setgroups, v, buffer));
  EACH(narrow, "epoll_wait events", syscall(SYS_epoll_wait, file, buffer, v, 0));
  RANGE(-1, 6, "epoll_ctl operation", syscall(SYS_epoll_ctl, file, v, ends[0], buffer));
  RANGE(0, 15, "futex operation", v == 0 || v == 6 || v == 8 || v == 9 || v >= 11 && v <= 13 ? 0 : syscall(SYS_futex, &word, v, 0, NULL, &word, 0));
  EACH(wide, "getrandom flags", syscall(SYS_getrandom, buffer, 4, v));
  struct rlimit few = {64, 64};
  setrlimit(RLIMIT_NOFILE, &few);
  EACH(narrow, "poll count", v > 3 ? worked(syscall(SYS_poll, BAD_POINTER, v, 0)) : 0);
  EACH(narrow, "select count", v > 0 && v <= 65536 ? 0 : syscall(SYS_select, v, NULL, NULL, NULL, buffer + 4096));
  BITS("splice flags", syscall(SYS_splice, ends[0], NULL, ends[1], NULL, 0, v));
  BITS("tee flags", syscall(SYS_tee, ends[0], ends[1], 0, v));
  struct iovec one = {buffer, 0};
  BITS("vmsplice flags", syscall(SYS_vmsplice, ends[1], &one, 1, v));
  RANGE(-1, 2, "getcpu", syscall(SYS_getcpu, NULL, NULL, v));
  SHOW_OK(syscall(SYS_personality, 0xffffffff));
}

int main(void) {
  file = open("f", O_CREAT | O_RDWR, 0644);
  write(file, "0123456789", 10);
  syscall(SYS_setxattr, "f", "trusted.a", "12345", 5, 0);
  symlink("target", "link");
  directory = open(".", O_RDONLY);
  null = open("/dev/null", O_RDWR);
  pipe2(ends, O_NONBLOCK);
  IN_CHILD("offsets", offsets());
  IN_CHILD("descriptors", descriptors());
  IN_CHILD("names", names());
  IN_CHILD("memory", memory());
  IN_CHILD("processes", processes());
  return 0;
}

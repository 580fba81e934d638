/* Structures that calls read or write, in every kind of memory: none, unmapped, the kernel's, read-only, cut by the end of a mapping in several
   places, at its very end, unaligned. Each line: what became of the call with each.
   covers: stat fstat lstat newfstatat statx statfs fstatfs uname sysinfo times getrusage getrlimit setrlimit prlimit64 gettimeofday time clock_gettime
     clock_getres clock_nanosleep nanosleep getitimer setitimer timer_create timer_settime timer_gettime timerfd_settime timerfd_gettime rt_sigaction
     rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo sigaltstack pipe pipe2 poll ppoll select pselect6 epoll_ctl epoll_wait epoll_pwait2
     getcpu getresuid getresgid getgroups setgroups capget sched_getparam sched_setparam sched_getaffinity sched_setaffinity sched_getattr sched_setattr
     sched_rr_get_interval getrandom readlink readlinkat getcwd getdents getdents64 read pread64 readv write writev utime utimes futimesat utimensat
     sendfile copy_file_range futex get_robust_list wait4 waitid prctl arch_prctl adjtimex ioctl fcntl getxattr setxattr listxattr openat2
     signalfd mincore */
#include "observe.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <utime.h>

enum { PAGE = 4096 };
static int file, directory, ends[2], epoll, timer, timer_fd;
static char scratch[PAGE];
static const sigset_t no_signals;

static long opened(long fd) {
  if (fd >= 0) close(fd);
  return fd < 0 ? -1 : 0;
}

/* A child that has ended, for those who wait. */
static pid_t ended(void) {
  pid_t child = fork();
  if (child == 0) _exit(3);
  siginfo_t info;
  waitid(P_PID, child, &info, WEXITED | WNOWAIT);
  return child;
}

static long pipes(long result, int *p) {
  if (result == 0) { close(p[0]); close(p[1]); }
  return result;
}

static long wait_status(int *p) { pid_t child = ended(); long got = syscall(SYS_wait4, child, p, 0, NULL); int error = errno; waitpid(child, NULL, WNOHANG); errno = error; return got < 0 ? -1 : 0; }
static long wait_usage(void *p) { pid_t child = ended(); long got = syscall(SYS_wait4, child, NULL, 0, p); int error = errno; waitpid(child, NULL, WNOHANG); errno = error; return got < 0 ? -1 : 0; }
static long wait_info(void *p) { pid_t child = ended(); long got = syscall(SYS_waitid, P_PID, child, p, WEXITED, NULL); int error = errno; waitpid(child, NULL, WNOHANG); errno = error; return got < 0 ? -1 : 0; }

/* Name, bytes, what is there for the call to read (nothing if it writes only), and the call. */
#define OUT(CALL)                                                                                  \
  CALL(stat, 144, NULL, syscall(SYS_stat, "f", p))                                                 \
  CALL(lstat, 144, NULL, syscall(SYS_lstat, "f", p))                                               \
  CALL(fstat, 144, NULL, syscall(SYS_fstat, file, p))                                              \
  CALL(newfstatat, 144, NULL, syscall(SYS_newfstatat, AT_FDCWD, "f", p, 0))                        \
  CALL(statx, 256, NULL, syscall(SYS_statx, AT_FDCWD, "f", 0, STATX_BASIC_STATS, p))               \
  CALL(statfs, 120, NULL, syscall(SYS_statfs, ".", p))                                             \
  CALL(fstatfs, 120, NULL, syscall(SYS_fstatfs, file, p))                                          \
  CALL(uname, 390, NULL, syscall(SYS_uname, p))                                                    \
  CALL(sysinfo, 112, NULL, syscall(SYS_sysinfo, p))                                                \
  CALL(times, 32, NULL, syscall(SYS_times, p) < 0 ? -1 : 0)                                        \
  CALL(getrusage, 144, NULL, syscall(SYS_getrusage, RUSAGE_SELF, p))                               \
  CALL(getrlimit, 16, NULL, syscall(SYS_getrlimit, RLIMIT_CORE, p))                                \
  CALL(prlimit64 old, 16, NULL, syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, p))                   \
  CALL(gettimeofday, 16, NULL, syscall(SYS_gettimeofday, p, NULL))                                 \
  CALL(gettimeofday zone, 8, NULL, syscall(SYS_gettimeofday, NULL, p))                             \
  CALL(time, 8, NULL, syscall(SYS_time, p) < 0 ? -1 : 0)                                           \
  CALL(clock_gettime, 16, NULL, syscall(SYS_clock_gettime, CLOCK_MONOTONIC, p))                    \
  CALL(clock_getres, 16, NULL, syscall(SYS_clock_getres, CLOCK_MONOTONIC, p))                      \
  CALL(getitimer, 32, NULL, syscall(SYS_getitimer, ITIMER_REAL, p))                                \
  CALL(setitimer old, 32, NULL, syscall(SYS_setitimer, ITIMER_REAL, scratch, p))                   \
  CALL(timer_gettime, 32, NULL, syscall(SYS_timer_gettime, timer, p))                              \
  CALL(timer_settime old, 32, NULL, syscall(SYS_timer_settime, timer, 0, scratch, p))              \
  CALL(timerfd_gettime, 32, NULL, syscall(SYS_timerfd_gettime, timer_fd, p))                       \
  CALL(timerfd_settime old, 32, NULL, syscall(SYS_timerfd_settime, timer_fd, 0, scratch, p))       \
  CALL(rt_sigaction old, 32, NULL, syscall(SYS_rt_sigaction, SIGUSR1, NULL, p, 8))                 \
  CALL(rt_sigprocmask old, 8, NULL, syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, p, 8))            \
  CALL(rt_sigpending, 8, NULL, syscall(SYS_rt_sigpending, p, 8))                                   \
  CALL(rt_sigpending short, 3, NULL, syscall(SYS_rt_sigpending, p, 3))                             \
  CALL(sigaltstack old, 24, NULL, syscall(SYS_sigaltstack, NULL, p))                               \
  CALL(pipe, 8, NULL, pipes(syscall(SYS_pipe, p), p))                                              \
  CALL(pipe2, 8, NULL, pipes(syscall(SYS_pipe2, p, 0), p))                                         \
  CALL(getcpu, 4, NULL, syscall(SYS_getcpu, p, NULL))                                              \
  CALL(getcpu node, 4, NULL, syscall(SYS_getcpu, NULL, p))                                         \
  CALL(getresuid, 4, NULL, syscall(SYS_getresuid, p, p, p))                                        \
  CALL(getresgid, 4, NULL, syscall(SYS_getresgid, p, p, p))                                        \
  CALL(capget data, 24, NULL, syscall(SYS_capget, &header, p))                                     \
  CALL(sched_getparam, 4, NULL, syscall(SYS_sched_getparam, 0, p))                                 \
  CALL(sched_getattr, 48, NULL, syscall(SYS_sched_getattr, 0, p, 48, 0))                           \
  CALL(sched_rr_get_interval, 16, NULL, syscall(SYS_sched_rr_get_interval, 0, p))                  \
  CALL(getrandom, 40, NULL, syscall(SYS_getrandom, p, 40, 0) == 40 ? 0 : -1)                       \
  CALL(readlink, 6, NULL, syscall(SYS_readlink, "link", p, 6) == 6 ? 0 : -1)                       \
  CALL(readlinkat, 6, NULL, syscall(SYS_readlinkat, AT_FDCWD, "link", p, 600) == 6 ? 0 : -1)       \
  CALL(getdents, 48, NULL, (lseek(directory, 0, 0), opened(syscall(SYS_getdents, directory, p, 48) > 0 ? 1000 : -1)))     \
  CALL(getdents64, 48, NULL, (lseek(directory, 0, 0), opened(syscall(SYS_getdents64, directory, p, 48) > 0 ? 1000 : -1))) \
  CALL(read, 10, NULL, (lseek(file, 0, 0), syscall(SYS_read, file, p, 10) == 10 ? 0 : -1))         \
  CALL(pread64, 10, NULL, syscall(SYS_pread64, file, p, 10, 0) == 10 ? 0 : -1)                     \
  CALL(epoll_wait, 12, NULL, syscall(SYS_epoll_wait, epoll, p, 1, 0) == 1 ? 0 : -1)                \
  CALL(epoll_pwait2, 12, NULL, syscall(SYS_epoll_pwait2, epoll, p, 1, NULL, NULL, 8) == 1 ? 0 : -1) \
  CALL(wait4 status, 4, NULL, wait_status(p))                                                      \
  CALL(wait4 usage, 144, NULL, wait_usage(p))                                                      \
  CALL(waitid, 48, NULL, wait_info(p))                                                             \
  CALL(get_robust_list, 8, NULL, syscall(SYS_get_robust_list, 0, p, p))                            \
  CALL(prctl name, 16, NULL, syscall(SYS_prctl, PR_GET_NAME, p, 0, 0, 0))                          \
  CALL(prctl death signal, 4, NULL, syscall(SYS_prctl, PR_GET_PDEATHSIG, p, 0, 0, 0))              \
  CALL(prctl subreaper, 4, NULL, syscall(SYS_prctl, PR_GET_CHILD_SUBREAPER, p, 0, 0, 0))           \
  CALL(arch_prctl, 8, NULL, syscall(SYS_arch_prctl, 0x1003, p))                                    \
  CALL(ioctl FIONREAD, 4, NULL, syscall(SYS_ioctl, ends[0], FIONREAD, p))                          \
  CALL(fcntl owner, 8, NULL, syscall(SYS_fcntl, file, F_GETOWN_EX, p))                             \
  CALL(listxattr, 10, NULL, syscall(SYS_listxattr, "f", p, 10) == 10 ? 0 : -1)                     \
  CALL(getxattr, 5, NULL, syscall(SYS_getxattr, "f", "trusted.a", p, 5) == 5 ? 0 : -1)             \
  CALL(mincore, 2, NULL, syscall(SYS_mincore, pages, 2 * PAGE, p))                                 \
  CALL(timer_create, 4, NULL, syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, p))

#define IN(CALL)                                                                                   \
  CALL(clock_nanosleep, 16, &moment, syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, p, NULL))    \
  CALL(nanosleep, 16, &moment, syscall(SYS_nanosleep, p, NULL))                                    \
  CALL(setitimer, 32, scratch, syscall(SYS_setitimer, ITIMER_REAL, p, NULL))                       \
  CALL(timer_settime, 32, scratch, syscall(SYS_timer_settime, timer, 0, p, NULL))                  \
  CALL(timerfd_settime, 32, scratch, syscall(SYS_timerfd_settime, timer_fd, 0, p, NULL))           \
  CALL(timer_create event, 64, &none,      syscall(SYS_timer_create, CLOCK_MONOTONIC, p, &timer_id))  \
  CALL(setrlimit, 16, &limit, syscall(SYS_setrlimit, RLIMIT_CORE, p))                              \
  CALL(prlimit64 new, 16, &limit, syscall(SYS_prlimit64, 0, RLIMIT_CORE, p, NULL))                 \
  CALL(rt_sigaction, 32, scratch, syscall(SYS_rt_sigaction, SIGUSR1, p, NULL, 8))                  \
  CALL(rt_sigprocmask, 8, scratch, syscall(SYS_rt_sigprocmask, SIG_BLOCK, p, NULL, 8))             \
  CALL(rt_sigtimedwait set, 8, scratch, syscall(SYS_rt_sigtimedwait, p, NULL, &moment, 8))         \
  CALL(rt_sigtimedwait time, 16, &moment, p ? syscall(SYS_rt_sigtimedwait, &no_signals, NULL, p, 8) : 0) \
  CALL(rt_sigqueueinfo, 128, scratch, syscall(SYS_rt_sigqueueinfo, getpid(), 0, p))                \
  CALL(sigaltstack, 24, &stack, syscall(SYS_sigaltstack, p, NULL))                                 \
  CALL(signalfd, 8, scratch, opened(syscall(SYS_signalfd, -1, p, 8)))                              \
  CALL(ppoll time, 16, &moment, p ? syscall(SYS_ppoll, NULL, 0, p, NULL, 8) : 0)                   \
  CALL(ppoll mask, 8, scratch, syscall(SYS_ppoll, NULL, 0, &moment, p, 8))                         \
  CALL(pselect6 time, 16, &moment, p ? syscall(SYS_pselect6, 0, NULL, NULL, NULL, p, NULL) : 0)    \
  CALL(pselect6 mask, 16, scratch, syscall(SYS_pselect6, 0, NULL, NULL, NULL, &moment, p))         \
  CALL(select time, 16, scratch, p ? syscall(SYS_select, 0, NULL, NULL, NULL, p) : 0)              \
  CALL(select set, 8, scratch, syscall(SYS_select, 64, p, NULL, NULL, scratch + 64))               \
  CALL(poll, 8, &polled, syscall(SYS_poll, p, 1, 0) < 0 ? -1 : 0)                                  \
  CALL(epoll_ctl, 12, scratch, syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_MOD, ends[1], p))           \
  CALL(setgroups, 8, scratch, syscall(SYS_setgroups, 2, p))                                        \
  CALL(getgroups, 8, scratch, syscall(SYS_getgroups, 2, p) < 0 ? -1 : 0)                           \
  CALL(capget header, 8, &header, syscall(SYS_capget, p, scratch + 64))                            \
  CALL(sched_setparam, 4, scratch, syscall(SYS_sched_setparam, 0, p))                              \
  CALL(sched_setaffinity, 8, &cpus, syscall(SYS_sched_setaffinity, 0, 8, p))                       \
  CALL(sched_setattr, 48, &attributes, syscall(SYS_sched_setattr, 0, p, 0))                        \
  CALL(writing, 10, scratch, syscall(SYS_write, ends[1], p, 10) == 10 && read(ends[0], scratch, 10) == 10 ? 0 : -1) \
  CALL(readv vector, 16, &vector, syscall(SYS_readv, file, p, 1) < 0 ? -1 : 0)                     \
  CALL(writev vector, 16, &vector, syscall(SYS_writev, file, p, 1) < 0 ? -1 : 0)                   \
  CALL(utime, 16, scratch, p ? syscall(SYS_utime, "f", p) : 0)                                     \
  CALL(utimes, 32, scratch, p ? syscall(SYS_utimes, "f", p) : 0)                                   \
  CALL(futimesat, 32, scratch, p ? syscall(SYS_futimesat, AT_FDCWD, "f", p) : 0)                   \
  CALL(utimensat, 32, scratch, p ? syscall(SYS_utimensat, AT_FDCWD, "f", p, 0) : 0)                \
  CALL(openat2, 24, scratch, opened(syscall(SYS_openat2, AT_FDCWD, "f", p, 24)))                   \
  CALL(setxattr, 5, "abcde", syscall(SYS_setxattr, "f", "trusted.a", p, 5, 0))                     \
  CALL(sendfile offset, 8, scratch, p ? opened(syscall(SYS_sendfile, sink, file, p, 1) < 0 ? -1 : 1000) : 0) \
  CALL(copy_file_range in, 8, scratch, p ? opened(syscall(SYS_copy_file_range, file, p, copy, NULL, 1, 0) < 0 ? -1 : 1000) : 0) \
  CALL(copy_file_range out, 8, scratch, p ? opened(syscall(SYS_copy_file_range, file, NULL, copy, p, 1, 0) < 0 ? -1 : 1000) : 0) \
  CALL(futex, 4, scratch, syscall(SYS_futex, p, 1, 1, NULL, NULL, 0))                              \
  CALL(futex wait, 4, scratch, syscall(SYS_futex, p, 0, 5, &moment, NULL, 0))                      \
  CALL(adjtimex, 208, scratch, syscall(SYS_adjtimex, p) < 0 ? -1 : 0)                              \
  CALL(fcntl lock, 32, &lock, syscall(SYS_fcntl, file, F_GETLK, p))                                \
  CALL(fcntl set lock, 32, &lock, syscall(SYS_fcntl, file, F_SETLK, p))                            \
  CALL(prctl set name, 3, "ab", syscall(SYS_prctl, PR_SET_NAME, p, 0, 0, 0))                      

static struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
static struct timespec moment = {0, 1000};
static struct rlimit limit = {0, 0};
static stack_t stack = {.ss_flags = SS_DISABLE};
static struct pollfd polled = {-1, POLLIN, 0};
static unsigned long cpus = 1;
static struct { unsigned size, policy; unsigned long rest[5]; } attributes = {48, 0, {0}};
static struct iovec vector = {scratch, 0};
static struct flock lock = {.l_type = F_RDLCK};
static struct sigevent none = {.sigev_notify = SIGEV_NONE};
static char *pages;
static int timer_id, sink, copy;

#define DEFINE(name, size, source, call) {#name, size, source, ({ long do_(void *p) { return call; } do_; })},
struct call { const char *name; size_t size; const void *source; long (*make)(void *); };

/* Cuts at these places show which part is read or written first, and that all of it is needed. */
static void try_call(const struct call *call) {
  static const char *const kinds[] = {"NULL", "unmapped", "kernel", "read-only", "nothing mapped", "half mapped", "all but a byte", "at the end", "unaligned"};
  /* The second mapping last: nothing may come to lie in its hole. */
  char *reading = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *edge = before_hole(0);
  char *places[] = {NULL, BAD_POINTER, KERNEL_POINTER, reading, edge, edge - call->size / 2, edge - call->size + 1, edge - call->size, edge - PAGE + 1};
  if (call->source) memcpy(reading, call->source, call->size);
  mprotect(reading, PAGE, PROT_READ);
  printf("%s:", call->name);
  for (int i = 0; i < 9; i++) {
    size_t room = places[i] > edge - PAGE && places[i] <= edge ? (size_t)(edge - places[i]) : 0;
    if (call->source) memcpy(edge - room, call->source, room < call->size ? room : call->size);
    errno = 0;
    long result = call->make(places[i]);
    printf(" %s %s%s", kinds[i], result == -1 ? (errno ? errno_name(errno) : "partly") : "works", i < 8 ? "," : "\n");
  }
  munmap(edge - PAGE, PAGE);
  munmap(reading, PAGE);
}

int main(void) {
  const struct call calls[] = {OUT(DEFINE) IN(DEFINE)};
  file = open("f", O_CREAT | O_RDWR, 0644);
  write(file, "0123456789", 10);
  directory = open(".", O_RDONLY);
  copy = open("copy", O_CREAT | O_RDWR, 0644);
  sink = open("sink", O_CREAT | O_RDWR, 0644);
  symlink("target", "link");
  syscall(SYS_setxattr, "f", "trusted.a", "12345", 5, 0);
  pipe(ends);
  epoll = epoll_create1(0);
  struct epoll_event event = {EPOLLOUT, {0}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &event);
  syscall(SYS_timer_create, CLOCK_MONOTONIC, &none, &timer);
  timer_fd = syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0);
  pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    /* The event stays as it was made, whatever epoll_ctl did. */
    epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &event);
    try_call(&calls[i]);
  }
  return 0;
}

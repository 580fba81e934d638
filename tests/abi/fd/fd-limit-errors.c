/* EMFILE: every call that makes a descriptor, when no more may be had.
   covers: open openat openat2 creat dup fcntl pipe pipe2 epoll_create epoll_create1 eventfd eventfd2 signalfd signalfd4 timerfd_create memfd_create
     pidfd_open dup2 dup3 */
#include "observe.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

static void all(void) {
  const struct open_how how = {.flags = O_RDONLY};
  const unsigned long mask = 1;
  int ends[2] = {-7, -7};
  SHOW(syscall(SYS_open, "f", O_RDONLY));
  SHOW(syscall(SYS_open, "missing", O_RDONLY));
  SHOW(syscall(SYS_openat, AT_FDCWD, "f", O_RDONLY));
  SHOW(syscall(SYS_openat, AT_FDCWD, "new", O_CREAT | O_WRONLY, 0644));
  SHOW(syscall(SYS_openat2, AT_FDCWD, "f", &how, sizeof how));
  SHOW(syscall(SYS_creat, "new", 0644));
  SHOW(access("new", F_OK));
  SHOW(syscall(SYS_dup, 0));
  SHOW(syscall(SYS_dup2, 0, 1000));
  SHOW(syscall(SYS_dup3, 0, 1000, 0));
  SHOW(syscall(SYS_dup2, 0, -1));
  SHOW(syscall(SYS_fcntl, 0, F_DUPFD, 0));
  SHOW(syscall(SYS_fcntl, 0, F_DUPFD_CLOEXEC, 3));
  SHOW(syscall(SYS_fcntl, 0, F_DUPFD, 1000));
  SHOW(syscall(SYS_pipe, ends));
  SHOW(syscall(SYS_pipe2, ends, 0));
  SHOW(syscall(SYS_pipe2, BAD_POINTER, 0));
  NOTE("ends %d %d", ends[0], ends[1]);
  SHOW(syscall(SYS_epoll_create, 1));
  SHOW(syscall(SYS_epoll_create1, 0));
  SHOW(syscall(SYS_eventfd, 0));
  SHOW(syscall(SYS_eventfd2, 0, 0));
  SHOW(syscall(SYS_signalfd, -1, &mask, 8));
  SHOW(syscall(SYS_signalfd4, -1, &mask, 8, 0));
  SHOW(syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0));
  SHOW(syscall(SYS_memfd_create, "m", 0));
  SHOW(syscall(SYS_pidfd_open, getpid(), 0));
}

int main(void) {
  close(open("f", O_CREAT | O_WRONLY, 0644));
  struct rlimit limit = {3, 100};
  setrlimit(RLIMIT_NOFILE, &limit);
  NOTE("none left");
  all();
  SHOW(close(0));
  /* One left: two ends do not fit, and the one is given back. */
  NOTE("one left");
  int ends[2];
  dup(1);
  limit.rlim_cur = 4;
  setrlimit(RLIMIT_NOFILE, &limit);
  SHOW(syscall(SYS_pipe, ends));
  SHOW(syscall(SYS_pipe2, ends, 0));
  SHOW(syscall(SYS_dup, 1));
  return 0;
}

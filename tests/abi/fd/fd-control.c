/* fcntl(2), ioctl(2), dup(2), close_range(2): owners and signals of asynchronous input, pipe sizes, generic ioctls, limits, flags.
   covers: fcntl ioctl dup dup2 dup3 close close_range pipe2 */
#include "observe.h"
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static void asynchronous(void) {
  int p[2];
  pipe(p);
  SHOW(fcntl(p[0], F_GETOWN));
  SHOW(fcntl(p[0], F_SETOWN, getpid()));
  NOTE("owner %d", fcntl(p[0], F_GETOWN) == getpid());
  SHOW(fcntl(p[0], F_SETFL, O_ASYNC | O_NONBLOCK));
  SHOW(fcntl(p[1], F_SETFL, O_DIRECT));
  SHOW(fcntl(p[1], F_GETFL));
  SHOW(fcntl(p[1], F_SETFL, 0));
  SHOW(fcntl(open("/dev/null", O_RDWR), F_SETFL, O_DIRECT));
  printf("flags %o\n", fcntl(p[0], F_GETFL));
  SHOW(fcntl(p[0], F_SETSIG, SIGRTMIN) );
  NOTE("signal %d", fcntl(p[0], F_GETSIG) == SIGRTMIN);
  SHOW(fcntl(p[0], F_SETSIG, 65));
  SHOW(fcntl(p[0], F_SETSIG, -1));
  SHOW(fcntl(p[0], F_SETSIG, 0));
  struct f_owner_ex owner = {F_OWNER_TID, gettid()};
  SHOW(fcntl(p[0], F_SETOWN_EX, &owner));
  memset(&owner, 0, sizeof owner);
  SHOW(fcntl(p[0], F_GETOWN_EX, &owner));
  NOTE("type %d, own %d", owner.type, owner.pid == gettid());
  owner.type = 9;
  SHOW(fcntl(p[0], F_SETOWN_EX, &owner));
  owner = (struct f_owner_ex){F_OWNER_PGRP, getpgrp()};
  SHOW(fcntl(p[0], F_SETOWN_EX, &owner));
  NOTE("group %d", fcntl(p[0], F_GETOWN) == -getpgrp());
  owner = (struct f_owner_ex){F_OWNER_PID, 4000000};
  SHOW(fcntl(p[0], F_SETOWN_EX, &owner));
  SHOW(fcntl(p[0], F_SETOWN_EX, BAD_POINTER));
  SHOW(fcntl(p[0], F_GETOWN_EX, BAD_POINTER));
  SHOW(fcntl(p[0], F_SETOWN, 0));
  SHOW(fcntl(p[0], F_GETOWN));
  int on = 1;
  SHOW(ioctl(p[0], FIOASYNC, &on));
  SHOW(ioctl(p[0], FIONBIO, &on));
  printf("flags %o\n", fcntl(p[0], F_GETFL));
  on = 0;
  SHOW(ioctl(p[0], FIOASYNC, &on));
  SHOW(ioctl(p[0], FIONBIO, &on));
  printf("flags %o\n", fcntl(p[0], F_GETFL));
  SHOW(ioctl(p[0], FIONBIO, BAD_POINTER));
}

static void generic(void) {
  int fd = open("f", O_CREAT | O_RDWR, 0644), path = open("f", O_PATH), dir = open(".", O_RDONLY), event = eventfd(0, 0), value = 5;
  write(fd, "12345", 5);
  lseek(fd, 2, SEEK_SET);
  SHOW(ioctl(fd, FIOCLEX));
  SHOW(fcntl(fd, F_GETFD));
  SHOW(ioctl(fd, FIONCLEX));
  SHOW(fcntl(fd, F_GETFD));
  SHOW(ioctl(fd, FIONREAD, &value));
  NOTE("  %d", value);
  SHOW(ioctl(fd, FIONREAD, BAD_POINTER));
  SHOW(ioctl(fd, FIOQSIZE, &value));
  SHOW(ioctl(dir, FIONREAD, &value));
  SHOW(ioctl(event, FIONREAD, &value));
  SHOW(ioctl(fd, 0x12345678, 0));
  SHOW(ioctl(fd, TCGETS, &value));
  SHOW(ioctl(event, TCGETS, &value));
  SHOW(ioctl(path, FIOCLEX));
  SHOW(ioctl(999, FIOCLEX));
  SHOW(ioctl(open("/dev/null", O_RDWR), TCGETS, &value));
  SHOW(ioctl(open("/dev/zero", O_RDWR), FIONREAD, &value));
  /* commands of fcntl */
  SHOW(fcntl(path, F_DUPFD, 100));
  SHOW(fcntl(path, F_SETFD, FD_CLOEXEC));
  SHOW(fcntl(path, F_GETFL) & O_PATH);
  SHOW(fcntl(path, F_GETLK, BAD_POINTER));
  SHOW(fcntl(path, F_SETOWN, 0));
  SHOW(fcntl(fd, F_GETLK, BAD_POINTER));
  SHOW(fcntl(fd, F_GETPIPE_SZ));
  SHOW(fcntl(fd, F_SETFL, O_APPEND | O_DIRECTORY | O_SYNC | O_NOATIME));
  printf("flags %o\n", fcntl(fd, F_GETFL));
  SHOW(fcntl(fd, F_SETFL, 0));
  SHOW(fcntl(999, F_GETFD));
  SHOW(fcntl(999, 12345));
  SHOW(fcntl(-1, F_DUPFD, 0));
  IN_CHILD("somebody", {
    int theirs = open("f", O_RDONLY);
    setresuid(1000, 1000, 1000);
    SHOW(fcntl(theirs, F_SETFL, O_NOATIME));
  });
}

static void copies(void) {
  struct rlimit limit;
  int p[2], fd = open("f", O_RDWR);
  SHOW(dup(-1));
  SHOW(dup2(-1, -1));
  SHOW(dup2(999, 999));
  SHOW(dup2(fd, fd) == fd);
  SHOW(dup2(fd, 1 << 30));
  SHOW(dup3(fd, fd, O_CLOEXEC));
  SHOW(dup3(fd, 200, O_CLOEXEC | O_NONBLOCK));
  SHOW(dup3(-1, -1, 0));
  SHOW(dup3(fd, -1, 0));
  SHOW(dup3(fd, 200, O_CLOEXEC));
  SHOW(fcntl(200, F_GETFD));
  SHOW(dup2(200, 201));
  SHOW(fcntl(201, F_GETFD));
  /* dup2 closes what was there */
  pipe2(p, O_CLOEXEC);
  SHOW(fcntl(p[0], F_GETFD) + fcntl(p[1], F_GETFD));
  dup2(fd, p[1]);
  char byte;
  SHOW(read(p[0], &byte, 1));
  getrlimit(RLIMIT_NOFILE, &limit);
  struct rlimit low = {250, limit.rlim_max};
  setrlimit(RLIMIT_NOFILE, &low);
  SHOW(dup2(fd, 249));
  SHOW(dup2(fd, 250));
  SHOW(dup3(fd, 250, 0));
  SHOW(fcntl(fd, F_DUPFD, 249));
  SHOW(fcntl(fd, F_DUPFD, 250));
  SHOW(fcntl(fd, F_DUPFD_CLOEXEC, -5));
  SHOW(close_range(220, 240, CLOSE_RANGE_CLOEXEC));
  dup2(fd, 220);
  dup2(fd, 230);
  SHOW(close_range(215, 225, CLOSE_RANGE_CLOEXEC));
  SHOW(fcntl(220, F_GETFD));
  SHOW(fcntl(230, F_GETFD));
  IN_CHILD("shared table", {
    SHOW(close_range(230, 230, CLOSE_RANGE_UNSHARE));
    SHOW(fcntl(230, F_GETFD));
  });
  SHOW(fcntl(230, F_GETFD));
  SHOW(close_range(5, 4, 0));
  SHOW(close_range(200, 249, 1));
  SHOW(close_range(200, ~0U, 0));
  SHOW(fcntl(201, F_GETFD));
  SHOW(fcntl(249, F_GETFD));
  SHOW(close_range(1 << 20, ~0U, 0));
  setrlimit(RLIMIT_NOFILE, &limit);
}

static void pipes(void) {
  int p[2];
  SHOW(syscall(SYS_pipe2, p, O_CLOEXEC | O_NONBLOCK | O_DIRECT));
  printf("%o %o\n", fcntl(p[0], F_GETFL), fcntl(p[1], F_GETFL));
  SHOW(syscall(SYS_pipe2, p, O_APPEND));
  SHOW(syscall(SYS_pipe2, BAD_POINTER, 0));
  SHOW(syscall(SYS_pipe2, read_only_page(), 0));
  pipe(p);
  for (int size = 0; size < 3; size++) SHOW(fcntl(p[1], F_SETPIPE_SZ, 4096 << size));
  SHOW(fcntl(p[1], F_SETPIPE_SZ, 0));
  SHOW(fcntl(p[1], F_SETPIPE_SZ, 4097));
  SHOW(fcntl(p[1], F_SETPIPE_SZ, 1 << 20));
  SHOW(fcntl(p[1], F_SETPIPE_SZ, 0x80000001));
  IN_CHILD("somebody", {
    setresuid(1000, 1000, 1000);
    SHOW(fcntl(p[1], F_SETPIPE_SZ, 2 << 20));
  });
}

int main(void) {
  asynchronous();
  generic();
  copies();
  pipes();
  return 0;
}

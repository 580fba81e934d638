/* Pipes, FIFOs, eventfds, epoll, poll, select, splice and their kin: readiness and partial results, all without waiting for long. */
#pragma once
#include "differ.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

static char bytes[70000];
/* What vmsplice hands over: never written again, since pipes refer to the pages themselves. */
static const char constant_bytes[70000] __attribute__((aligned(4096))) = "constant";
/* Mostly one that is open. */
static int some_fd(void) {
  int fd = 3;
  for (int i = 0; i < 5; i++) {
    fd = chance(95) ? 3 + (int)below(14) : 18 + (int)below(20);
    if (fd >= 3 && fcntl(fd, F_GETFD) >= 0) break;
  }
  return fd;
}
static int non_blocking(void) { return chance(85) ? O_NONBLOCK : 0; }
static unsigned byte_count(void) { return PICK(((unsigned[]){0, 1, 2, 7, 8, 9, 100, 4095, 4096, 4097, 8192, 60000, 65536, 70000})); }

static void prepare_descriptors(void) {
  mkfifo("fifo", 0600);
  mknod("null", S_IFCHR | 0666, makedev(1, 3)); mknod("full", S_IFCHR | 0666, makedev(1, 7));
  int fd = open("file", O_CREAT | O_RDWR, 0644);
  ftruncate(fd, 10000);
}

static void step_make(void) {
  int ends[2] = {-1, -1};
  static const char *const devices[] = {"null", "full", "fifo", "file"};
  switch (below(9)) {
    case 7: case 8: { const char *name = PICK(devices); int flags = PICK(((int[]){O_RDONLY, O_WRONLY, O_RDWR})) | O_NONBLOCK; if (!strcmp(name, "full")) flags = O_WRONLY; /* may be spliced from since 6.5 */ say("open %s %#o", name, flags); result(or_errno(open(name, flags))); break; }
    case 0: case 1: case 2: { int flags = non_blocking() | (chance(15) ? O_DIRECT : 0) | (chance(20) ? O_CLOEXEC : 0); say("pipe2 %#o", flags); long got = SYS(SYS_pipe2, ends, flags); say(" [%d %d]", ends[0], ends[1]); result(got); break; }
    case 3: { unsigned start = chance(90) ? below(4) : 0xffffffff; int flags = EFD_NONBLOCK | (chance(30) ? EFD_SEMAPHORE : 0); say("eventfd2 %u %#x", start, flags); result(SYS(SYS_eventfd2, start, flags)); break; }
    case 4: say("epoll_create1"); result(SYS(SYS_epoll_create1, 0)); break;
    case 5: { int flags = PICK(((int[]){O_RDONLY, O_WRONLY, O_RDWR})) | O_NONBLOCK; say("open fifo %#o", flags); result(or_errno(open("fifo", flags))); break; }
    default: {
      int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
      struct itimerspec past = {{0, 0}, {0, chance(50) ? 1 : 0}};
      timerfd_settime(fd, TFD_TIMER_ABSTIME, &past, NULL);
      usleep(2000); /* until it has certainly expired */
      say("timerfd");
      result(fd);
    }
  }
}

static void step_transfer(void) {
  int fd = some_fd();
  unsigned count = byte_count();
  memset(bytes, 'a' + step_number % 26, sizeof bytes);
  if (chance(20)) { uint64_t value = PICK(((uint64_t[]){0, 1, 2, 1000, ~0ull - 1, ~0ull})); say("write %d number %llx", fd, (unsigned long long)value); result(SYS(SYS_write, fd, &value, 8)); return; }
  switch (below(5)) {
    case 0: case 1: say("write %d %u", fd, count); result(SYS(SYS_write, fd, bytes, count)); break;
    case 2: case 3: { say("read %d %u", fd, count); long got = SYS(SYS_read, fd, bytes, count); if (got > 0) say(" [%x]", hash(bytes, got)); result(got); break; }
    default: {
      if (count == 0) count = 1; /* of nothing: by the file's operations, not by its kind */
      struct iovec parts[2] = {{bytes, count / 2}, {bytes + count / 2, count - count / 2}};
      int is_write = below(2);
      say("%s %d %u", is_write ? "writev" : "readv", fd, count);
      result(SYS(is_write ? SYS_writev : SYS_readv, fd, parts, 2));
    }
  }
}

static void step_splice(void) {
  int from = some_fd(), into = some_fd(), flags = SPLICE_F_NONBLOCK | (chance(10) ? 1 << below(6) : 0);
  unsigned count = byte_count();
  long offset = below(3) * 4000;
  switch (below(4)) {
    case 0: case 1: { int has = chance(70) ? 0 : below(4); say("splice %d %d %u %#x has %d", from, into, count, flags, has); result(SYS(SYS_splice, from, has & 1 ? &offset : NULL, into, has & 2 ? &offset : NULL, count, flags)); break; }
    case 2: say("tee %d %d %u %#x", from, into, count, flags); result(SYS(SYS_tee, from, into, count, flags)); break;
    default: {
      if (count > 60000) count = 8192; /* Linux merges no further pages into a slot, which shows when the pipe gets full */
      struct iovec part = {(void *)constant_bytes, count};
      say("vmsplice %d %u %#x", into, count, flags);
      result(SYS(SYS_vmsplice, into, &part, 1, flags));
    }
  }
}

static void step_poll(void) {
  switch (below(3)) {
    case 0: {
      struct pollfd list[6];
      say("poll");
      for (int i = 0; i < 6; i++) { list[i] = (struct pollfd){some_fd(), PICK(((short[]){0, POLLIN, POLLOUT, POLLIN | POLLOUT, 0x7fff, POLLPRI, POLLRDHUP})), 0}; }
      long got = SYS(SYS_poll, list, 6, 0);
      for (int i = 0; i < 6; i++) say(" %d:%x/%x", list[i].fd, list[i].events, list[i].revents);
      result(got);
      break;
    }
    case 1: {
      unsigned long sets[3] = {next() & next() & 0x7fff & ~7, next() & 0x7fff & ~7 & next(), next() & next() & 0x7fff & ~7};
      struct timespec none = {0, 0};
      int most = below(18);
      say("pselect %d %lx %lx %lx", most, sets[0], sets[1], sets[2]);
      long got = SYS(SYS_pselect6, most, &sets[0], &sets[1], &sets[2], &none, NULL);
      say(" -> %lx %lx %lx", sets[0], sets[1], sets[2]);
      result(got);
      break;
    }
    default: {
      struct pollfd one = {some_fd(), POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
      long got = SYS(SYS_poll, &one, 1, 0);
      say("state %d %x", one.fd, one.revents);
      result(got);
    }
  }
}

static void step_epoll(void) {
  int set = some_fd(), fd = some_fd();
  if (chance(65)) {
    static const unsigned long more[] = {EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE, EPOLLWAKEUP, EPOLLRDHUP, EPOLLPRI};
    struct epoll_event event = {(below(2) ? EPOLLIN : 0) | (below(2) ? EPOLLOUT : 0) | SOME(more, 2), {.u32 = fd}};
    int operation = chance(95) ? 1 + below(3) : 4 * below(2);
    say("epoll_ctl %d %d %d %x", set, operation, fd, event.events);
    result(SYS(SYS_epoll_ctl, set, operation, fd, &event));
    return;
  }
  struct epoll_event events[8];
  int most = chance(90) ? 8 : below(3) - 1;
  say("epoll_wait %d %d", set, most);
  long got = SYS(SYS_epoll_pwait, set, events, most, 0, NULL, 8);
  /* Ready ones come in the order they became so. */
  for (long i = 0; i < got; i++) say(" %u:%x", events[i].data.u32, events[i].events);
  result(got);
}

static void step_control(void) {
  int fd = some_fd(), value = 0;
  switch (below(8)) {
    case 0: case 1: say("close %d", fd); result(SYS(SYS_close, fd)); break;
    case 2: { int to = some_fd(); if (to < 3) to = 20; say("dup2 %d %d", fd, to); result(SYS(SYS_dup2, fd, to)); break; }
    case 3: { unsigned size = PICK(((unsigned[]){0, 1, 4096, 5000, 65536, 131072, 1 << 20, 1 << 21, 0x80000000})); say("F_SETPIPE_SZ %d %u", fd, size); result(SYS(SYS_fcntl, fd, F_SETPIPE_SZ, size)); break; }
    case 4: say("F_GETPIPE_SZ %d", fd); result(SYS(SYS_fcntl, fd, F_GETPIPE_SZ)); break;
    case 5: { long got = SYS(SYS_ioctl, fd, FIONREAD, &value); say("FIONREAD %d [%d]", fd, value); result(got); break; }
    case 6: { value = 1; unsigned long command = PICK(((unsigned long[]){FIONBIO, FIOCLEX, FIONCLEX, FIOQSIZE, TCGETS, 0x1234})); say("ioctl %d %lx", fd, command); result(SYS(SYS_ioctl, fd, command, bytes)); break; }
    default: say("F_GETFL %d", fd); result(SYS(SYS_fcntl, fd, F_GETFL));
  }
}

static void step_descriptors(void) {
  memset(bytes, 0, 64);
  switch (below(16)) {
    case 0: case 1: case 2: step_make(); break;
    case 3: case 4: case 5: case 6: case 7: step_transfer(); break;
    case 8: case 9: step_splice(); break;
    case 10: case 11: step_poll(); break;
    case 12: case 13: step_epoll(); break;
    default: step_control();
  }
}

static const struct subject descriptors = {"descriptors", prepare_descriptors, step_descriptors};

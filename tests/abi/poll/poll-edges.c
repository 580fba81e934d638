/* poll(2), select(2), epoll(7): boundary values, signal masks, bad memory, events of ends that close, wake-ups of several waiters.
   covers: poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2 */
#include "observe.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

static void on_signal(int number) { (void)number; }
static int events_of(int fd, int wanted) {
  struct pollfd entry = {fd, wanted, -1};
  poll(&entry, 1, 0);
  return (unsigned short)entry.revents;
}

static void polling(void) {
  int p[2];
  pipe(p);
  struct pollfd *edge = (void *)before_hole(sizeof(struct pollfd)), *frozen;
  *edge = (struct pollfd){p[1], POLLOUT, 0};
  SHOW(poll(edge, 1, 0));
  SHOW(poll(edge, 2, 0));
  frozen = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *frozen = (struct pollfd){p[1], POLLOUT, 0};
  mprotect(frozen, 4096, PROT_READ);
  SHOW(poll(frozen, 1, 0));
  SHOW(poll(NULL, 1, 0));
  SHOW(poll(NULL, 0, 0));
  SHOW(poll(edge, -1, 0));
  NOTE("all of a pipe: %x %x", events_of(p[0], 0xffff & ~POLLIN), events_of(p[1], 0x3fff));
  NOTE("nothing asked: %x %x", events_of(p[0], 0), events_of(p[1], 0));
  NOTE("files: %x %x %x", events_of(open("f", O_CREAT | O_RDWR, 0600), 0x3ff), events_of(open(".", O_RDONLY), 0x3ff), events_of(open("/dev/null", O_RDWR), 0x3ff));
  close(p[0]);
  NOTE("no reader: %x %x", events_of(p[1], POLLOUT), events_of(p[1], 0));
  pipe(p);
  close(p[1]);
  NOTE("no writer: %x %x", events_of(p[0], POLLIN), events_of(p[0], POLLRDHUP));
  struct pollfd same[3] = {{p[0], POLLIN, 0}, {p[0], 0, 0}, {-5, POLLIN, 9}};
  SHOW(poll(same, 3, 0));
  NOTE("  %x %x %x", same[0].revents, same[1].revents, same[2].revents);
  struct rlimit files = {64, 64}, old;
  getrlimit(RLIMIT_NOFILE, &old);
  files.rlim_max = old.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  static struct pollfd many[100];
  for (int i = 0; i < 100; i++) many[i].fd = -1;
  SHOW(poll(many, 64, 0));
  SHOW(poll(many, 65, 0));
  setrlimit(RLIMIT_NOFILE, &old);
  struct timespec none = {0, 0}, wrong = {0, -1};
  SHOW(syscall(SYS_ppoll, many, 1, &none, NULL, 0));
  SHOW(syscall(SYS_ppoll, many, 1, &none, BAD_POINTER, 8));
  SHOW(syscall(SYS_ppoll, many, 1, &none, NULL, 7));
  SHOW(syscall(SYS_ppoll, many, 1, &wrong, NULL, 8));
  SHOW(syscall(SYS_ppoll, many, 1, read_only_page(), NULL, 8));
}

static void selecting(void) {
  int p[2];
  pipe(p);
  unsigned long bits[64];
  struct timeval none = {0, 0};
  memset(bits, 0xff, sizeof bits);
  SHOW(syscall(SYS_select, 3, NULL, bits, NULL, &none));
  NOTE("  %lx", bits[0]);
  memset(bits, 0xff, sizeof bits);
  SHOW(syscall(SYS_select, 1000, bits, NULL, NULL, &none));
  memset(bits, 0, sizeof bits);
  SHOW(syscall(SYS_select, 1 << 30, bits, NULL, NULL, &none));
  dup2(p[1], 63);
  bits[0] = 1UL << 63;
  SHOW(syscall(SYS_select, 64, NULL, bits, NULL, &none));
  bits[0] = 1UL << 63;
  SHOW(syscall(SYS_select, 63, NULL, bits, NULL, &none));
  NOTE("  %lx", bits[0]);
  dup2(p[1], 64);
  bits[0] = 0;
  bits[1] = 1;
  SHOW(syscall(SYS_select, 65, NULL, bits, NULL, &none));
  NOTE("  %lx %lx", bits[0], bits[1]);
  unsigned long *edge = (void *)before_hole(8);
  *edge = 0;
  SHOW(syscall(SYS_select, 64, edge, NULL, NULL, &none));
  SHOW(syscall(SYS_select, 65, edge, NULL, NULL, &none));
  SHOW(syscall(SYS_select, 1, NULL, NULL, read_only_page(), &none));
  close(p[1]);
  close(63);
  close(64);
  bits[0] = 1UL << p[0];
  SHOW(syscall(SYS_select, p[0] + 1, bits, NULL, NULL, &none));
  bits[0] = 1UL << p[0];
  SHOW(syscall(SYS_select, p[0] + 1, NULL, NULL, bits, &none));
  struct { const sigset_t *set; size_t size; } mask = {NULL, 8};
  struct timespec zero = {0, 0}, wrong = {-1, 0};
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &mask));
  mask.set = BAD_POINTER;
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &mask));
  sigset_t set;
  sigemptyset(&set);
  mask.set = &set;
  mask.size = 4;
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &mask));
  mask.size = 8;
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &mask));
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, BAD_POINTER));
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &wrong, NULL));
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, BAD_POINTER, NULL));
  SHOW(syscall(SYS_pselect6, -1, NULL, NULL, NULL, &zero, NULL));
}

static void masks(void) {
  int p[2], ep = epoll_create1(0);
  struct epoll_event got[4];
  struct timespec second = {1, 0}, zero = {0, 0}, wrong = {0, 1000000000};
  sigset_t blocked, open_set;
  pipe(p);
  sigemptyset(&open_set);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  raise(SIGUSR1);
  SHOW(epoll_pwait(ep, got, 4, 0, &blocked));
  SHOW(epoll_pwait(ep, got, 4, 1000, &open_set));
  raise(SIGUSR1);
  SHOW(syscall(SYS_epoll_pwait2, ep, got, 4, &second, &open_set, 8));
  raise(SIGUSR1);
  fd_set none;
  FD_ZERO(&none);
  SHOW(pselect(0, &none, NULL, NULL, &second, &open_set));
  SHOW(syscall(SYS_epoll_pwait2, ep, got, 4, &zero, NULL, 0));
  SHOW(syscall(SYS_epoll_pwait2, ep, got, 4, &wrong, NULL, 0));
  SHOW(syscall(SYS_epoll_pwait2, ep, got, 4, BAD_POINTER, NULL, 0));
  SHOW(syscall(SYS_epoll_pwait2, ep, got, 4, &zero, &open_set, 4));
  SHOW(syscall(SYS_epoll_pwait, ep, got, 4, 0, BAD_POINTER, 8));
  SHOW(syscall(SYS_epoll_pwait, ep, got, 4, 0, &open_set, 4));
  SHOW(epoll_wait(ep, got, -1, 0));
  SHOW(epoll_wait(ep, got, 0x7fffffff, 0));
  SHOW(epoll_wait(999, got, 1, 0));
  SHOW(epoll_wait(ep, got, 1, 0));
}

static void sets(void) {
  struct epoll_event event = {EPOLLIN, {.u64 = 0x1234567890abcdef}}, got[10];
  SHOW(epoll_create(-1));
  SHOW(epoll_create1(EPOLL_CLOEXEC | 1));
  int ep = epoll_create(1), p[2], q[2];
  SHOW(fcntl(ep, F_GETFD));
  SHOW(fcntl(epoll_create1(EPOLL_CLOEXEC), F_GETFD));
  pipe(p);
  pipe(q);
  SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
  SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], NULL));
  SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], NULL));
  SHOW(epoll_ctl(ep, 0, p[0], &event));
  SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, 999, &event));
  SHOW(epoll_ctl(999, EPOLL_CTL_DEL, p[0], &event));
  SHOW(epoll_ctl(p[0], EPOLL_CTL_DEL, p[0], &event));
  SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &event));
  write(p[1], "x", 1);
  SHOW(epoll_wait(ep, got, 10, 0));
  NOTE("  %x %lx", got[0].events, (unsigned long)got[0].data.u64);
  struct epoll_event *edge = (void *)before_hole(12);
  SHOW(epoll_wait(ep, edge, 10, 0));
  SHOW(epoll_wait(ep, (void *)((char *)edge + 1), 1, 0));
  /* several ready: all are reported in turn when there is room for fewer */
  event.data.u64 = 2;
  event.events = EPOLLOUT;
  epoll_ctl(ep, EPOLL_CTL_ADD, q[1], &event);
  int seen = 0;
  for (int i = 0; i < 4; i++) if (epoll_wait(ep, got, 1, 0) == 1) seen |= got[0].data.u64 == 2 ? 1 : 2;
  NOTE("both were seen: %d", seen);
  /* the description counts, not the number */
  int copy = dup(p[0]);
  SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, copy, &event));
  SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, copy, &event));
  close(q[0]);
  SHOW(epoll_wait(ep, got, 10, 0));
  for (int i = 0; i < 1; i++) NOTE("  %x", got[i].events);
  event.events = 0;
  epoll_ctl(ep, EPOLL_CTL_MOD, q[1], &event);
  SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
  SHOW(epoll_wait(ep, got, 10, 0));
  NOTE("  %x", got[0].events);
  SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], (&(struct epoll_event){EPOLLIN | EPOLLEXCLUSIVE | EPOLLET | EPOLLWAKEUP, {0}})));
  SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], (&(struct epoll_event){EPOLLIN | EPOLLEXCLUSIVE, {0}})));
  int inner = epoll_create1(0);
  SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, inner, (&(struct epoll_event){EPOLLIN | EPOLLEXCLUSIVE, {0}})));
  SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, inner, (&(struct epoll_event){EPOLLIN, {0}})));
  SHOW(epoll_ctl(inner, EPOLL_CTL_ADD, ep, (&(struct epoll_event){EPOLLIN, {0}})));
}

static void counters(void) {
  unsigned long value = 0;
  SHOW(fcntl(eventfd(0, EFD_CLOEXEC), F_GETFD));
  SHOW(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE | 2));
  int fd = eventfd(0xffffffff, EFD_NONBLOCK);
  NOTE("%x", events_of(fd, POLLIN | POLLOUT));
  SHOW(read(fd, &value, 8));
  NOTE("%lx %x", value, events_of(fd, POLLIN | POLLOUT));
  value = 0xfffffffffffffffe;
  SHOW(write(fd, &value, 8));
  NOTE("%x", events_of(fd, POLLIN | POLLOUT));
  value = 0;
  SHOW(write(fd, &value, 8));
  value = 1;
  SHOW(write(fd, &value, 8));
  SHOW(read(fd, &value, 16));
  SHOW(read(fd, &value, 7));
  SHOW(read(fd, BAD_POINTER, 8));
  SHOW(write(fd, BAD_POINTER, 8));
}

int main(void) {
  polling();
  selecting();
  masks();
  sets();
  counters();
  return 0;
}

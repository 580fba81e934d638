/* poll, ppoll, select, pselect, epoll: readiness, time-outs, signals, edge, one-shot, nesting, errors.
   covers: poll ppoll pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 */
#include "observe.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

static void on_alarm(int n) { (void)n; }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void later(int ms, int fd, const char *text) { if (fork() == 0) { usleep(ms * 1000); write(fd, text, strlen(text)); _exit(0); } }
static void show_events(const char *what, int count, struct epoll_event *e) {
  observe(what, count, 1);
  for (int i = 0; i < count; i++) printf("  %x %d\n", e[i].events, e[i].data.fd);
}
#define WAIT(ep, max, ms) (errno = 0, show_events("wait " #ep, epoll_wait(ep, e, max, ms), e))
static int control(int ep, int op, int fd, unsigned events, int tag) { struct epoll_event event = {events, {.fd = tag}}; return epoll_ctl(ep, op, fd, &event); }

int main(void) {
  int p[2], q[2];
  char c[10];
  pipe(p); pipe(q);
  struct pollfd fds[4] = {{p[0], POLLIN, 7}, {p[1], POLLOUT, 7}, {-1, POLLIN, 7}, {999, POLLIN, 7}};
  SHOW(poll(fds, 4, 0)); for (int i = 0; i < 4; i++) NOTE("%x", fds[i].revents);
  SHOW(poll(fds, 1, 0)); double t = now(); SHOW(poll(fds, 1, 50)); NOTE("waited %d", now() - t >= 0.05 && now() - t < 5); SHOW(poll(NULL, 0, 10)); SHOW(poll(BAD_POINTER, 1, 0)); SHOW(poll(fds, 1 << 30, 0));
  later(50, p[1], "x"); SHOW(poll(fds, 1, -1)); NOTE("%x", fds[0].revents); SHOW(read(p[0], c, 10)); wait(NULL);
  int file = open("f", O_CREAT | O_RDWR, 0600), dir = open(".", O_RDONLY), path = open("f", O_PATH); struct pollfd g[3] = {{file, POLLIN | POLLOUT | POLLPRI, 0}, {dir, POLLIN, 0}, {path, POLLIN, 0}}; SHOW(poll(g, 3, 0)); NOTE("%x %x %x", g[0].revents, g[1].revents, g[2].revents);
  struct sigaction act = {.sa_handler = on_alarm, .sa_flags = SA_RESTART}; sigaction(SIGALRM, &act, NULL); alarm(1); SHOW(poll(fds, 1, -1)); alarm(1); SHOW(select(0, NULL, NULL, NULL, NULL));
  struct timespec ts = {0, 30000000}, bad = {0, 1000000000}, neg = {-1, 0}; SHOW(ppoll(fds, 1, &ts, NULL)); SHOW(syscall(SYS_ppoll, fds, 1, &bad, NULL, 8)); SHOW(syscall(SYS_ppoll, fds, 1, &neg, NULL, 8)); ts.tv_nsec = 30000000; sigset_t set; sigemptyset(&set); SHOW(syscall(SYS_ppoll, fds, 1, &ts, &set, 4)); SHOW(syscall(SYS_ppoll, fds, 1, BAD_POINTER, NULL, 8));
  ts = (struct timespec){0, 30000000}; syscall(SYS_ppoll, fds, 1, &ts, NULL, 8); NOTE("left %ld %ld", ts.tv_sec, ts.tv_nsec); ts = (struct timespec){100, 0}; write(p[1], "x", 1); SHOW(syscall(SYS_ppoll, fds, 1, &ts, NULL, 8)); NOTE("left %d", ts.tv_sec >= 95 && ts.tv_sec < 100); read(p[0], c, 10);
  /* the mask applies only while waiting */
  sigset_t block; sigemptyset(&block); sigaddset(&block, SIGALRM); sigprocmask(SIG_BLOCK, &block, NULL); raise(SIGALRM); SHOW(poll(fds, 1, 10)); SHOW(ppoll(fds, 1, NULL, &set)); sigprocmask(SIG_BLOCK, NULL, &set); NOTE("still blocked %d", sigismember(&set, SIGALRM)); SHOW(ppoll(fds, 1, &(struct timespec){0, 1000}, &block)); sigprocmask(SIG_UNBLOCK, &block, NULL);
  /* select */
  fd_set r, w, x; FD_ZERO(&r); FD_ZERO(&w); FD_ZERO(&x); FD_SET(p[0], &r); FD_SET(p[1], &w); struct timeval tv = {0, 20000}; SHOW(select(p[1] + 1, &r, &w, &x, &tv)); NOTE("%d %d", FD_ISSET(p[0], &r), FD_ISSET(p[1], &w)); FD_SET(p[0], &r); SHOW(select(p[0] + 1, &r, NULL, NULL, &tv)); NOTE("left %ld %ld set %d", tv.tv_sec, tv.tv_usec, FD_ISSET(p[0], &r)); SHOW(select(-1, NULL, NULL, NULL, NULL)); tv.tv_sec = -1; SHOW(select(0, NULL, NULL, NULL, &tv)); FD_ZERO(&r); FD_SET(60, &r); tv = (struct timeval){0, 0}; SHOW(select(61, &r, NULL, NULL, &tv)); SHOW(syscall(SYS_select, 10, BAD_POINTER, NULL, NULL, &tv)); later(50, p[1], "y"); FD_ZERO(&r); FD_SET(p[0], &r); SHOW(select(p[0] + 1, &r, NULL, NULL, NULL)); read(p[0], c, 10); wait(NULL); ts = (struct timespec){0, 1000000}; SHOW(pselect(0, NULL, NULL, NULL, &ts, NULL));
  /* epoll */
  struct epoll_event e[8]; SHOW(epoll_create(0)); SHOW(epoll_create1(7)); int ep = epoll_create1(EPOLL_CLOEXEC); SHOW(fcntl(ep, F_GETFD)); SHOW(control(ep, EPOLL_CTL_ADD, p[0], EPOLLIN, 1)); SHOW(control(ep, EPOLL_CTL_ADD, p[0], EPOLLIN, 1)); SHOW(control(ep, EPOLL_CTL_MOD, q[0], EPOLLIN, 1)); SHOW(control(ep, EPOLL_CTL_DEL, q[0], 0, 0)); SHOW(control(ep, EPOLL_CTL_ADD, ep, EPOLLIN, 1)); SHOW(control(ep, EPOLL_CTL_ADD, file, EPOLLIN, 1)); SHOW(control(ep, EPOLL_CTL_ADD, dir, EPOLLIN, 1)); SHOW(control(ep, EPOLL_CTL_ADD, path, EPOLLIN, 1)); SHOW(control(ep, EPOLL_CTL_ADD, 999, EPOLLIN, 1)); SHOW(control(p[0], EPOLL_CTL_ADD, q[0], EPOLLIN, 1)); SHOW(control(999, EPOLL_CTL_ADD, q[0], EPOLLIN, 1)); SHOW(control(ep, 9, q[0], EPOLLIN, 1)); SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, q[0], BAD_POINTER)); SHOW(epoll_wait(ep, e, 0, 0)); SHOW(epoll_wait(p[0], e, 1, 0));
  WAIT(ep, 8, 0); WAIT(ep, 8, 20); write(p[1], "abc", 3); WAIT(ep, 8, 0); WAIT(ep, 8, 0); SHOW(epoll_wait(ep, BAD_POINTER, 8, 0)); WAIT(ep, 8, 0); read(p[0], c, 10); WAIT(ep, 8, 0);
  SHOW(control(ep, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLET, 2)); write(p[1], "a", 1); WAIT(ep, 8, 0); WAIT(ep, 8, 0); write(p[1], "b", 1); WAIT(ep, 8, 0); read(p[0], c, 1); WAIT(ep, 8, 0); read(p[0], c, 10);
  SHOW(control(ep, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 3)); write(p[1], "a", 1); WAIT(ep, 8, 0); WAIT(ep, 8, 0); SHOW(control(ep, EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 4)); WAIT(ep, 8, 0); read(p[0], c, 10);
  SHOW(control(ep, EPOLL_CTL_MOD, p[0], EPOLLIN, 5)); SHOW(control(ep, EPOLL_CTL_ADD, p[1], EPOLLOUT, 6)); write(p[1], "z", 1); WAIT(ep, 1, 0); WAIT(ep, 1, 0); SHOW(control(ep, EPOLL_CTL_DEL, p[1], 0, 0)); SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL)); WAIT(ep, 8, 0); read(p[0], c, 10);
  control(ep, EPOLL_CTL_ADD, q[0], EPOLLIN, 7); close(q[1]); WAIT(ep, 8, 0); int copy = dup(q[0]); close(q[0]); WAIT(ep, 8, 0); close(copy); WAIT(ep, 8, 0);
  int v = eventfd(0, EFD_NONBLOCK); control(ep, EPOLL_CTL_ADD, v, EPOLLIN | EPOLLOUT | EPOLLET, 8); WAIT(ep, 8, 0); eventfd_write(v, 1); WAIT(ep, 8, 0); eventfd_write(v, 1); WAIT(ep, 8, 0); WAIT(ep, 8, 0); control(ep, EPOLL_CTL_DEL, v, 0, 0);
  SHOW(control(ep, EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLEXCLUSIVE, 9)); SHOW(control(ep, EPOLL_CTL_MOD, p[0], EPOLLIN, 9)); control(ep, EPOLL_CTL_DEL, p[0], 0, 0); SHOW(control(ep, EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT, 9));
  /* nesting */
  int outer = epoll_create1(0), chain[8]; control(ep, EPOLL_CTL_ADD, p[0], EPOLLIN, 10); SHOW(control(outer, EPOLL_CTL_ADD, ep, EPOLLIN, 11)); SHOW(control(ep, EPOLL_CTL_ADD, outer, EPOLLIN, 12)); WAIT(outer, 8, 0); write(p[1], "n", 1); WAIT(outer, 8, 0); fds[0].fd = outer; SHOW(poll(fds, 1, 0)); NOTE("%x", fds[0].revents); read(p[0], c, 1); WAIT(outer, 8, 0);
  for (int i = 0; i < 8; i++) { chain[i] = epoll_create1(0); if (i) observe("chain", control(chain[i], EPOLL_CTL_ADD, chain[i - 1], EPOLLIN, i), 1); }
  later(50, p[1], "k"); WAIT(outer, 8, -1); wait(NULL); read(p[0], c, 10); alarm(1); SHOW(epoll_wait(ep, e, 8, -1)); ts = (struct timespec){0, 5000000}; SHOW(syscall(SYS_epoll_pwait2, ep, e, 8, &ts, NULL, 0)); SHOW(syscall(SYS_epoll_pwait, ep, e, 8, 0, &set, 3)); SHOW(read(ep, c, 1)); SHOW(write(ep, c, 1)); SHOW(lseek(ep, 0, 0));
  return 0;
}

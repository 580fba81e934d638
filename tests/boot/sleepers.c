/* Threads that sleep in a system call while nothing but their kernel stack holds what the call needs when it goes on: the descriptor has
 * been closed meanwhile. Run under `gcstress`, where every allocation collects and poisons what was freed, a reference that the
 * collector does not find on a sleeping stack shows as a wrong result, an oops or a hang.
 * Usage: sleepers NAME...; prints "NAME ok", or what was wrong. The same program passes on Linux. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define FIFO "/tmp/sleepers-fifo"

/* What the sleeper works on, and what came of it. */
static int fd, other;
static char bytes[4096];
static ssize_t result;
static int failure;
static pid_t sleeper;

static void check(int is_right, const char *what) {
  if (is_right) return;
  printf("%s: %s\n", what, strerror(errno));
  exit(1);
}

static void nap(long milliseconds) {
  struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
  nanosleep(&time, 0);
}

/* Waits until the sleeper sleeps: the state in its stat file is S. */
static void await_sleep(void) {
  char name[64], text[256];
  while (!__atomic_load_n(&sleeper, __ATOMIC_ACQUIRE)) nap(1);
  snprintf(name, sizeof name, "/proc/self/task/%d/stat", sleeper);
  for (;;) {
    int file = open(name, O_RDONLY);
    check(file >= 0, name);
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    check(length > 0, "read of stat");
    text[length] = 0;
    char *state = strrchr(text, ')');
    if (state && state[2] == 'S') return;
    nap(1);
  }
}

/* Allocates kernel objects, so that what is not held is collected, poisoned and used again. */
static void disturb(void) {
  for (int i = 0; i < 8; i++) {
    int ends[2], file = open("/dev/null", O_RDONLY);
    check(file >= 0 && pipe(ends) == 0, "disturb");
    close(file);
    close(ends[0]);
    close(ends[1]);
  }
}

static void *read_fd(void *unused) { result = read(fd, bytes, sizeof bytes); return unused; }
static void *readv_fd(void *unused) {
  struct iovec parts[2] = { { bytes, 1 }, { bytes + 1, sizeof bytes - 1 } };
  result = readv(fd, parts, 2);
  return unused;
}
static void *write_fd(void *unused) { result = write(fd, bytes, sizeof bytes); return unused; }
static void *poll_fd(void *unused) {
  struct pollfd one = { .fd = fd, .events = POLLIN };
  result = poll(&one, 1, -1);
  return unused;
}
static void *epoll_fd(void *unused) { struct epoll_event event; result = epoll_wait(fd, &event, 1, -1); return unused; }
static void *open_fifo(void *unused) { result = open(FIFO, O_RDONLY); return unused; }
static void *splice_fd(void *unused) { result = splice(fd, 0, other, 0, 5, 0); return unused; }

static void *(*body)(void *);
static void *sleeper_main(void *unused) {
  __atomic_store_n(&sleeper, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
  body(unused);
  failure = errno;
  return 0;
}

static pthread_t thread;
/* Lets a thread fall asleep in `what`. */
static void start(void *(*what)(void *)) {
  body = what;
  check(pthread_create(&thread, 0, sleeper_main, 0) == 0, "pthread_create");
  await_sleep();
}
/* Closes what the sleeper works on, and lets the collector go over it. */
static void lose(void) {
  check(close(fd) == 0, "close");
  disturb();
}
/* Waits for the sleeper and compares. */
static void finish(ssize_t expected) {
  pthread_join(thread, 0);
  if (result == expected) return;
  printf("got %zd (%s), not %zd\n", result, strerror(failure), expected);
  exit(1);
}

static int make_pipe(void) {
  int ends[2];
  check(pipe(ends) == 0, "pipe");
  fd = ends[0];
  return ends[1];
}

static void run_read(void) { int end = make_pipe(); start(read_fd); lose(); check(write(end, "hello", 5) == 5, "write"); finish(5); check(memcmp(bytes, "hello", 5) == 0, "bytes"); }
static void run_readv(void) { int end = make_pipe(); start(readv_fd); lose(); check(write(end, "hello", 5) == 5, "write"); finish(5); check(memcmp(bytes, "hello", 5) == 0, "bytes"); }
static void run_poll(void) { int end = make_pipe(); start(poll_fd); lose(); check(write(end, "hello", 5) == 5, "write"); finish(1); }
static void run_write(void) {
  int ends[2];
  static char drain[65536];
  check(pipe(ends) == 0, "pipe");
  fd = ends[1];
  fcntl(fd, F_SETPIPE_SZ, 4096);
  check(write(fd, drain, 4096) == 4096, "fill");
  start(write_fd);
  lose();
  check(read(ends[0], drain, 4096) == 4096, "drain");
  finish(sizeof bytes);
}
static void run_epoll(void) {
  int end = make_pipe(), source = fd;
  struct epoll_event event = { .events = EPOLLIN };
  fd = epoll_create1(0);
  check(fd >= 0 && epoll_ctl(fd, EPOLL_CTL_ADD, source, &event) == 0, "epoll");
  start(epoll_fd);
  lose();
  check(write(end, "x", 1) == 1, "write");
  finish(1);
}
static void run_fifo(void) {
  unlink(FIFO);
  check(mkfifo(FIFO, 0600) == 0, "mkfifo");
  start(open_fifo);
  disturb();
  int end = open(FIFO, O_WRONLY);
  check(end >= 0 && write(end, "hello", 5) == 5, "write");
  pthread_join(thread, 0);
  check(result >= 0 && read((int)result, bytes, 10) == 5 && memcmp(bytes, "hello", 5) == 0, "read");
  unlink(FIFO);
}
static void run_splice(void) {
  int end = make_pipe(), ends[2];
  check(pipe(ends) == 0, "pipe");
  other = ends[1];
  start(splice_fd);
  check(close(other) == 0, "close");
  lose();
  check(write(end, "hello", 5) == 5, "write");
  finish(5);
  check(read(ends[0], bytes, 10) == 5 && memcmp(bytes, "hello", 5) == 0, "bytes");
}
static void run_timer(void) {
  struct itimerspec when = { .it_value = { .tv_nsec = 400000000 } };
  fd = timerfd_create(CLOCK_MONOTONIC, 0);
  check(fd >= 0 && timerfd_settime(fd, 0, &when, 0) == 0, "timerfd");
  start(read_fd);
  lose();
  finish(8);
}
static void run_signal(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, 0);
  fd = signalfd(-1, &set, 0);
  check(fd >= 0, "signalfd");
  start(read_fd);
  lose();
  kill(getpid(), SIGUSR1);
  finish(sizeof(struct signalfd_siginfo));
}
static void run_terminal(void) {
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  check(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0, "ptmx");
  fd = open(ptsname(master), O_RDWR | O_NOCTTY);
  check(fd >= 0, "pts");
  start(read_fd);
  lose();
  check(write(master, "hello\n", 6) == 6, "write");
  finish(6);
}

static const struct { const char *name; void (*run)(void); } cases[] = {
  { "read", run_read }, { "readv", run_readv }, { "write", run_write }, { "poll", run_poll }, { "epoll", run_epoll }, { "fifo", run_fifo },
  { "splice", run_splice }, { "timer", run_timer }, { "signal", run_signal }, { "terminal", run_terminal },
};

int main(int argc, char **argv) {
  setvbuf(stdout, 0, _IOLBF, 0);
  for (int i = 1; i < argc; i++) {
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
      if (strcmp(cases[c].name, argv[i])) continue;
      sleeper = 0;
      cases[c].run();
      printf("%s ok\n", argv[i]);
    }
  }
  return 0;
}

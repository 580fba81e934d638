/* pipe(7), fifo(7), eventfd(2), splice, tee: capacity, atomicity, ends, signals.
   covers: pipe2 eventfd2 splice tee vmsplice */
#include "observe.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static char buffer[1 << 20];
static int sigpipes;
static void on_pipe(int n) { (void)n; sigpipes++; }
static void on_alarm(int n) { (void)n; }
static int events(int fd) { struct pollfd p = {fd, POLLIN | POLLOUT | POLLPRI, 0}; poll(&p, 1, 0); return p.revents; }

/* A pipe opened once more by /proc/self/fd: nobody is waited for. */
static void opened_again(void) {
  int p[2];
  char name[40];
  pipe(p);
  write(p[1], "left over", 9);
  close(p[1]);
  snprintf(name, sizeof name, "/proc/self/fd/%d", p[0]);
  int again = open(name, O_RDONLY);
  NOTE("reader without writers: %d events %x", again >= 0, events(again));
  SHOW(read(again, buffer, 4)); SHOW(read(p[0], buffer, 100)); SHOW(read(again, buffer, 100));
  int writer = open(name, O_WRONLY);
  SHOW(write(writer, "more", 4)); NOTE("%x %x", events(p[0]), events(again)); close(writer); SHOW(read(again, buffer, 100)); close(again); close(p[0]);
  pipe(p);
  close(p[0]);
  snprintf(name, sizeof name, "/proc/self/fd/%d", p[1]);
  writer = open(name, O_WRONLY);
  NOTE("writer without readers: %d events %x", writer >= 0, events(writer));
  int both = open(name, O_RDWR | O_NONBLOCK);
  SHOW(write(writer, "x", 1)); SHOW(read(both, buffer, 10)); SHOW(read(both, buffer, 10)); NOTE("%x", events(both));
  SHOW(open(name, 3));
  close(both); close(writer); close(p[1]);
}

int main(void) {
  int p[2], n;
  uint64_t value;
  SHOW(pipe2(p, 1)); SHOW(pipe(BAD_POINTER)); SHOW(pipe2(p, O_NONBLOCK | O_CLOEXEC));
  printf("%o %o %d\n", fcntl(p[0], F_GETFL), fcntl(p[1], F_GETFL), fcntl(p[0], F_GETFD));
  NOTE("empty %x %x", events(p[0]), events(p[1]));
  SHOW(read(p[0], buffer, 10)); SHOW(read(p[0], buffer, 0)); SHOW(write(p[1], buffer, 0)); SHOW(read(p[1], buffer, 1)); SHOW(write(p[0], buffer, 1));
  SHOW(write(p[1], "abc", 3)); SHOW(ioctl(p[0], FIONREAD, &n)); NOTE("%d", n); NOTE("filled %x", events(p[0]));
  SHOW(read(p[0], buffer, 2)); SHOW(read(p[0], buffer, 10)); SHOW(read(p[0], BAD_POINTER, 10));
  SHOW(fcntl(p[0], F_GETPIPE_SZ)); SHOW(write(p[1], buffer, sizeof buffer)); NOTE("full %x", events(p[1])); SHOW(write(p[1], buffer, 1));
  SHOW(read(p[0], buffer, 4095)); SHOW(write(p[1], buffer, 4096)); NOTE("%x", events(p[1])); SHOW(read(p[0], buffer, 1)); NOTE("%x", events(p[1])); SHOW(write(p[1], buffer, 4097)); SHOW(ioctl(p[0], FIONREAD, &n)); NOTE("%d", n);
  SHOW(fcntl(p[0], F_SETPIPE_SZ, 4096)); SHOW(fcntl(p[0], F_SETPIPE_SZ, 100000)); SHOW(fcntl(p[0], F_SETPIPE_SZ, -1)); SHOW(read(p[0], buffer, sizeof buffer)); SHOW(fcntl(p[0], F_SETPIPE_SZ, 1)); SHOW(write(p[1], buffer, 10000));
  SHOW(read(p[0], buffer, sizeof buffer)); for (n = 0; n < 5; n++) write(p[1], "12345", 5); SHOW(read(p[0], buffer, 100)); SHOW(fcntl(open(".", O_RDONLY), F_GETPIPE_SZ));
  struct iovec v[2] = {{"ab", 2}, {"cd", 2}}; SHOW(writev(p[1], v, 2)); SHOW(write(p[1], BAD_POINTER, 5)); SHOW(read(p[0], buffer, 100));
  SHOW(lseek(p[0], 0, SEEK_CUR)); SHOW(fsync(p[0]));
  /* ends */
  signal(SIGPIPE, on_pipe);
  write(p[1], "last", 4); close(p[1]); NOTE("%x", events(p[0])); SHOW(read(p[0], buffer, 10)); SHOW(read(p[0], buffer, 10)); NOTE("%x", events(p[0])); close(p[0]);
  pipe(p); close(p[0]); NOTE("%x", events(p[1])); SHOW(write(p[1], "x", 1)); SHOW(write(p[1], "x", 0)); NOTE("signals %d", sigpipes); close(p[1]);
  opened_again();
  IN_CHILD("killed", { signal(SIGPIPE, SIG_DFL); pipe(p); close(p[0]); write(p[1], "x", 1); });
  /* blocking */
  pipe(p);
  if (fork() == 0) { usleep(100000); write(p[1], "later", 5); _exit(0); }
  SHOW(read(p[0], buffer, 10)); wait(NULL);
  if (fork() == 0) { close(p[1]); int total = 0, got; usleep(100000); while ((got = read(p[0], buffer, 65536)) > 0) total += got; _exit(total == 300000 ? 0 : 1); }
  close(p[0]); SHOW(write(p[1], buffer, 300000)); close(p[1]); wait(&n); show_status("reader", n);
  struct sigaction act = {.sa_handler = on_alarm}; sigaction(SIGALRM, &act, NULL); pipe(p); alarm(1); SHOW(read(p[0], buffer, 1)); alarm(1); SHOW(write(p[1], buffer, 100000));
  act.sa_flags = SA_RESTART; sigaction(SIGALRM, &act, NULL); pipe(p);
  if (fork() == 0) { sleep(2); write(p[1], "after", 5); _exit(0); }
  alarm(1); SHOW(read(p[0], buffer, 10)); wait(NULL);
  /* packets */
  pipe2(p, O_DIRECT | O_NONBLOCK); SHOW(write(p[1], "one", 3)); SHOW(write(p[1], "two", 3)); SHOW(read(p[0], buffer, 2)); SHOW(read(p[0], buffer, 10)); SHOW(read(p[0], buffer, 10)); NOTE("%.3s", buffer);
  /* FIFOs */
  mkfifo("fifo", 0600); SHOW(open("fifo", O_WRONLY | O_NONBLOCK)); int r = open("fifo", O_RDONLY | O_NONBLOCK); NOTE("%x", events(r)); SHOW(read(r, buffer, 1)); int w = open("fifo", O_WRONLY | O_NONBLOCK); SHOW(w > 0); SHOW(read(r, buffer, 1)); NOTE("%x", events(r)); SHOW(write(w, "hi", 2)); close(w); NOTE("%x", events(r)); SHOW(read(r, buffer, 10)); NOTE("%x", events(r)); close(r);
  int rw = open("fifo", O_RDWR); SHOW(write(rw, "self", 4)); SHOW(read(rw, buffer, 10)); NOTE("%x", events(rw)); close(rw);
  if (fork() == 0) { int f = open("fifo", O_WRONLY); write(f, "met", 3); _exit(0); }
  r = open("fifo", O_RDONLY); SHOW(read(r, buffer, 10)); SHOW(read(r, buffer, 10)); wait(NULL); close(r);
  sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL); alarm(1); SHOW(open("fifo", O_RDONLY));
  /* eventfd */
  int e = eventfd(3, EFD_NONBLOCK); SHOW(read(e, &value, 8)); NOTE("%lu", (unsigned long)value); SHOW(read(e, &value, 8)); SHOW(read(e, &value, 4)); value = 5; SHOW(write(e, &value, 8)); SHOW(write(e, &value, 4)); value = -1; SHOW(write(e, &value, 8)); value = -2 - 5; SHOW(write(e, &value, 8)); NOTE("%x", events(e)); value = 1; SHOW(write(e, &value, 8)); SHOW(read(e, &value, 8)); NOTE("%lx %x", (unsigned long)value, events(e)); SHOW(pread(e, &value, 8, 0)); SHOW(lseek(e, 0, 0));
  e = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK); SHOW(read(e, &value, 8)); NOTE("%lu", (unsigned long)value); SHOW(read(e, &value, 8)); SHOW(read(e, &value, 8)); SHOW(eventfd(0, 77));
  /* splice and tee */
  int q[2], f = open("data", O_CREAT | O_RDWR, 0600); pipe2(p, O_NONBLOCK); pipe2(q, O_NONBLOCK); write(f, "0123456789", 10); loff_t off = 2;
  SHOW(splice(f, &off, p[1], NULL, 4, 0)); NOTE("%ld", (long)off); SHOW(tee(p[0], q[1], 100, 0)); SHOW(read(q[0], buffer, 100)); NOTE("%.4s", buffer); SHOW(splice(p[0], NULL, q[1], NULL, 2, 0)); SHOW(read(q[0], buffer, 100)); off = 20; SHOW(splice(p[0], NULL, f, &off, 100, 0)); NOTE("%ld", (long)off); SHOW(splice(p[0], NULL, f, NULL, 100, SPLICE_F_NONBLOCK)); SHOW(splice(f, NULL, f, NULL, 1, 0)); SHOW(splice(p[0], &off, f, NULL, 1, 0)); SHOW(splice(p[0], NULL, p[1], NULL, 1, 0)); SHOW(splice(999, NULL, p[1], NULL, 1, 0)); SHOW(splice(f, NULL, p[1], NULL, 1, 99)); SHOW(tee(f, p[1], 1, 0)); SHOW(tee(p[0], p[1], 1, 0)); SHOW(splice(p[0], NULL, q[1], NULL, 0, 0)); SHOW(vmsplice(p[1], v, 2, 0)); SHOW(read(p[0], buffer, 100)); SHOW(vmsplice(f, v, 2, 0)); close(p[1]); SHOW(splice(p[0], NULL, q[1], NULL, 5, 0));
  return 0;
}

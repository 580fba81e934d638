/*
 * An /init for Linux that keeps docs/inside/exec-protocol.md, so that the same program can be run by `typix exec` on a Linux kernel and on
 * Typix and the results compared. Test tool only; compiled statically by tests/harness/linux-reference.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/reboot.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int open_raw(const char *path, int minor) {
  struct termios modes;
  mknod(path, S_IFCHR | 0600, makedev(4, minor));
  int fd = open(path, O_RDWR | O_NOCTTY);
  if (fd >= 0 && tcgetattr(fd, &modes) == 0) {
    cfmakeraw(&modes);
    tcsetattr(fd, TCSANOW, &modes);
  }
  return fd;
}

/* Port to pipe, undoing the escape. */
static void feed_input(int port, int out) {
  unsigned char chunk[256];
  int escaped = 0;
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    ssize_t count = read(port, chunk, sizeof chunk);
    if (count <= 0) _exit(0);
    for (ssize_t i = 0; i < count; i++) {
      if (!escaped && chunk[i] == 0xff) { escaped = 1; continue; }
      if (escaped && chunk[i] == 0) _exit(0);
      escaped = 0;
      if (write(out, &chunk[i], 1) != 1) { for (;;) pause(); }
    }
  }
}

static void drain_output(int in, int port) {
  char chunk[4096];
  ssize_t count;
  while ((count = read(in, chunk, sizeof chunk)) > 0)
    for (ssize_t done = 0; done < count;) {
      ssize_t step = write(port, chunk + done, count - done);
      if (step > 0) done += step;
    }
  tcdrain(port);
  _exit(0);
}

static pid_t helper(void (*work)(int, int), int from, int to) {
  pid_t pid = fork();
  if (pid == 0) {
    for (int fd = 3; fd < 64; fd++) if (fd != from && fd != to) close(fd);
    work(from, to);
  }
  return pid;
}

static void run_program(char *spec, int in, int out, int err, int report) {
  char *program = spec, *directory = program + strlen(program) + 1, *at = directory + strlen(directory) + 1;
  char **lists[2];
  for (int which = 0; which < 2; which++) {
    int count = atoi(at);
    at += strlen(at) + 1;
    lists[which] = calloc(count + 1, sizeof(char *));
    for (int i = 0; i < count; i++) { lists[which][i] = at; at += strlen(at) + 1; }
  }
  setsid();
  dup2(in, 0); dup2(out, 1); dup2(err, 2);
  if (chdir(directory) == 0) {
    fcntl(report, F_SETFD, FD_CLOEXEC);
    for (int fd = 3; fd < 64; fd++) if (fd != report) close(fd);
    execve(program, lists[0], lists[1]);
  }
  int error = errno;
  write(report, &error, sizeof error);
  _exit(127);
}

int main(void) {
  static char spec[1 << 20];
  mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
  mkdir("/dev/pts", 0755);
  mkdir("/dev/shm", 01777);
  mount("devpts", "/dev/pts", "devpts", 0, "mode=620,ptmxmode=666");
  mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777");
  mount("proc", "/proc", "proc", 0, 0);
  symlink("/proc/self/fd", "/dev/fd");
  mount("sysfs", "/sys", "sysfs", 0, 0);
  int com1 = open_raw("/dev/ttyS0", 64), com2 = open_raw("/dev/ttyS1", 65), com3 = open_raw("/dev/ttyS2", 66);
  int fd = open("/typix-exec", O_RDONLY);
  if (read(fd, spec, sizeof spec) <= 0) dprintf(com2, "cannot read /typix-exec\n");
  close(fd);
  unlink("/typix-exec");
  dprintf(com2, "\ntypix-exec: ready\n");
  int in[2], out[2], err[2], report[2], error = 0, status = 0;
  pipe(in); pipe(out); pipe(err); pipe(report);
  pid_t feeder = helper(feed_input, com1, in[1]);
  pid_t drains[2] = {helper(drain_output, out[0], com1), 0};
  close(out[0]);
  close(in[1]);
  drains[1] = helper(drain_output, err[0], com3);
  close(err[0]);
  pid_t program = fork();
  if (program == 0) run_program(spec, in[0], out[1], err[1], report[1]);
  close(in[0]); close(out[1]); close(err[1]); close(report[1]);
  int failed = read(report[0], &error, sizeof error) == sizeof error;
  while (waitpid(program, &status, 0) < 0 && errno == EINTR) {}
  kill(feeder, SIGKILL);
  for (int i = 0; i < 2; i++) waitpid(drains[i], 0, 0);
  if (failed) dprintf(com2, "\ntypix-exit: error %d\n", error);
  else dprintf(com2, "\ntypix-exit: %d\n", status);
  tcdrain(com2);
  sync();
  reboot(RB_POWER_OFF);
  for (;;) pause();
}

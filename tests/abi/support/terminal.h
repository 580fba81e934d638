/* Pseudo-terminals for ABI tests. */
#ifndef TERMINAL_H
#define TERMINAL_H
#include "observe.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>

struct pair {
  int master;
  int slave;
};

/* Makes /dev/pts usable where nobody has mounted it yet. */
__attribute__((unused)) static void need_devpts(void) {
  struct stat status;
  if (stat("/dev/pts/ptmx", &status) == 0) return;
  mkdir("/dev/pts", 0755);
  mount("devpts", "/dev/pts", "devpts", 0, "mode=620,ptmxmode=666");
}

__attribute__((unused)) static struct pair open_pair(void) {
  struct pair pair;
  need_devpts();
  pair.master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  unlockpt(pair.master);
  pair.slave = open(ptsname(pair.master), O_RDWR | O_NOCTTY);
  return pair;
}

__attribute__((unused)) static void set_flags(int fd, tcflag_t in, tcflag_t out, tcflag_t local) {
  struct termios settings;
  tcgetattr(fd, &settings);
  settings.c_iflag = in;
  settings.c_oflag = out;
  settings.c_lflag = local;
  tcsetattr(fd, TCSANOW, &settings);
}

__attribute__((unused)) static void set_minimum(int fd, int minimum, int time) {
  struct termios settings;
  tcgetattr(fd, &settings);
  settings.c_cc[VMIN] = minimum;
  settings.c_cc[VTIME] = time;
  tcsetattr(fd, TCSANOW, &settings);
}

/* Reads once and prints what came, control characters escaped. */
__attribute__((unused)) static void show_read(const char *what, int fd, int size) {
  unsigned char bytes[8192];
  errno = 0;
  int count = read(fd, bytes, size);
  if (count < 0) {
    printf("%s: -1 %s\n", what, errno_name(errno));
    return;
  }
  printf("%s: %d \"", what, count);
  for (int i = 0; i < count && i < 100; i++) {
    if (bytes[i] < 32 || bytes[i] >= 127 || bytes[i] == '\\') printf("\\x%02x", bytes[i]);
    else putchar(bytes[i]);
  }
  printf("\"\n");
}

__attribute__((unused)) static void show_poll(const char *what, int fd, int timeout) {
  struct pollfd entry = { fd, POLLIN | POLLOUT | POLLPRI, 0 };
  int count = poll(&entry, 1, timeout);
  printf("%s: %d events %#x\n", what, count, entry.revents);
}

static const struct timespec moment = { 0, 30 * 1000 * 1000 };
__attribute__((unused)) static void pause_a_moment(void) { nanosleep(&moment, NULL); }
#endif

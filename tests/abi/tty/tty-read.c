/* Canonical and raw reads: VMIN and VTIME in all four cases, non-blocking, end of file, short buffers (termios(3)).
   covers: ioctl read */
#include "../support/terminal.h"
#include <sys/time.h>

static long elapsed_ms(const struct timeval *since) {
  struct timeval now;
  gettimeofday(&now, NULL);
  return (now.tv_sec - since->tv_sec) * 1000 + (now.tv_usec - since->tv_usec) / 1000;
}

/* A child types `text` after a moment, byte by byte. */
static void type_later(int master, const char *text, int between_ms) {
  if (fork() != 0) return;
  struct timespec gap = { 0, between_ms * 1000000L };
  pause_a_moment();
  for (; *text; text++) {
    write(master, text, 1);
    if (between_ms) nanosleep(&gap, NULL);
  }
  _exit(0);
}

static void canonical(struct pair pair) {
  write(pair.master, "one\ntwo\n", 8);
  show_read("first line", pair.slave, 100);
  show_read("second line, part", pair.slave, 2);
  show_read("second line, rest", pair.slave, 100);
  write(pair.master, "abc\004", 4);
  show_read("text before ^D", pair.slave, 100);
  write(pair.master, "\004", 1);
  show_read("end of file", pair.slave, 100);
  write(pair.master, "abc\004rest\n", 9);
  show_read("exact fit before ^D", pair.slave, 3);
  show_read("what follows", pair.slave, 100);
  type_later(pair.master, "later\n", 1);
  show_read("a line that comes later", pair.slave, 100);
  fcntl(pair.slave, F_SETFL, O_RDWR | O_NONBLOCK);
  show_read("non-blocking, nothing", pair.slave, 100);
  write(pair.master, "part", 4);
  show_read("non-blocking, part of a line", pair.slave, 100);
  set_flags(pair.slave, 0, 0, 0);
  show_read("the part, in raw mode", pair.slave, 100);
  fcntl(pair.slave, F_SETFL, O_RDWR);
  wait(NULL);
}

static void raw(struct pair pair) {
  struct timeval start;
  set_flags(pair.slave, 0, 0, 0);
  set_minimum(pair.slave, 0, 0);
  show_read("min 0 time 0, nothing", pair.slave, 100);
  write(pair.master, "ab", 2);
  show_read("min 0 time 0, two bytes", pair.slave, 100);
  set_minimum(pair.slave, 0, 1);
  gettimeofday(&start, NULL);
  show_read("min 0 time 1, nothing", pair.slave, 100);
  NOTE("waited a tenth of a second: %d", elapsed_ms(&start) >= 90);
  type_later(pair.master, "x", 0);
  show_read("min 0 time 1, one byte later", pair.slave, 100);
  set_minimum(pair.slave, 3, 0);
  type_later(pair.master, "xyz", 5);
  show_read("min 3 time 0", pair.slave, 100);
  type_later(pair.master, "xyz", 5);
  show_read("min 3 time 0, room for two", pair.slave, 2);
  show_read("min 3 time 0, room for one", pair.slave, 1);
  set_minimum(pair.slave, 3, 2);
  type_later(pair.master, "xy", 0);
  show_read("min 3 time 2, two bytes", pair.slave, 100);
  fcntl(pair.slave, F_SETFL, O_RDWR | O_NONBLOCK);
  set_minimum(pair.slave, 3, 0);
  write(pair.master, "pq", 2);
  show_poll("two of three", pair.slave, 0);
  show_read("non-blocking, two of three", pair.slave, 100);
  show_read("non-blocking, nothing", pair.slave, 100);
  set_minimum(pair.slave, 0, 0);
  show_read("non-blocking, min 0", pair.slave, 100);
  fcntl(pair.slave, F_SETFL, O_RDWR);
  while (wait(NULL) > 0) continue;
}

static void long_line(struct pair pair) {
  static char text[6000];
  memset(text, 'x', sizeof text);
  set_flags(pair.slave, ICRNL, 0, ICANON);
  SHOW_AS("write 4094", write(pair.master, text, 4094));
  SHOW_AS("write 10 more", write(pair.master, "0123456789", 10));
  SHOW_AS("write the end", write(pair.master, "\n", 1));
  static char bytes[8192];
  int count = read(pair.slave, bytes, sizeof bytes);
  NOTE("read %d, ends with %02x %02x", count, bytes[count - 2], bytes[count - 1]);
}

static void refused(struct pair pair) {
  char *volatile nowhere = (char *)1;
  char byte;
  SHOW(read(pair.slave, &byte, 0));
  SHOW(write(pair.slave, &byte, 0));
  write(pair.master, "line\n", 5);
  SHOW(read(pair.slave, nowhere, 10));
  SHOW(write(pair.slave, nowhere, 10));
  SHOW(lseek(pair.slave, 0, SEEK_SET));
  SHOW(pread(pair.slave, &byte, 1, 0));
  SHOW(ftruncate(pair.slave, 0));
  SHOW(ioctl(pair.slave, 0x5499, 0));
}

int main(void) {
  struct pair pair = open_pair();
  canonical(pair);
  raw(pair);
  long_line(pair);
  refused(pair);
  return 0;
}

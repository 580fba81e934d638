/* tcdrain(3) on a serial line whose output is stopped (tcflow(3)): waits, can be interrupted, and ends when all was sent. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static void woken(int number) { (void)number; }

int main(void) {
  struct timespec from, to;
  struct sigaction interrupt = {.sa_handler = woken};
  int line = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
  if (line < 0) return 1;
  tcflow(line, TCOOFF);
  if (write(line, "waits", 5) != 5) return 2;
  sigaction(SIGALRM, &interrupt, NULL);
  alarm(1);
  int result = tcdrain(line);
  printf("stopped: %d %s\n", result, result < 0 ? strerrorname_np(errno) : "");
  clock_gettime(CLOCK_MONOTONIC, &from);
  if (fork() == 0) {
    sleep(1);
    tcflow(line, TCOON);
    _exit(0);
  }
  result = tcdrain(line);
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf("resumed: %d after %s\n", result, (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000 >= 900 ? "a second" : "no time");
  result = tcdrain(line);
  printf("empty: %d\n", result);
  return 0;
}

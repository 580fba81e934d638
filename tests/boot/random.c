/* What getrandom(2) and random(4) do before and after the generator is seeded. Modes:
 *   now    one line for each way to ask without waiting
 *   wait   waits for the seed and says how long, in milliseconds, that took
 *   alarm  waits with an alarm set: interrupted
 *   give   vouches for 256 bits (RNDADDENTROPY), as root
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static void say(const char *what, ssize_t result) {
  if (result < 0) printf("%s %s\n", what, strerrorname_np(errno));
  else printf("%s %zd\n", what, result);
}
static void woken(int number) { (void)number; }

int main(int argc, char **argv) {
  unsigned char bytes[600];
  const char *mode = argc > 1 ? argv[1] : "now";
  if (!strcmp(mode, "now")) {
    int random = open("/dev/random", O_RDONLY | O_NONBLOCK), urandom = open("/dev/urandom", O_RDONLY);
    struct pollfd polled = {random, POLLIN | POLLOUT, 0};
    int bits = -1;
    say("nonblock", getrandom(bytes, 16, GRND_NONBLOCK));
    say("insecure", getrandom(bytes, sizeof bytes, GRND_INSECURE));
    say("random", read(random, bytes, 16));
    say("urandom", read(urandom, bytes, sizeof bytes));
    poll(&polled, 1, 0);
    printf("poll%s%s\n", polled.revents & POLLIN ? " in" : "", polled.revents & POLLOUT ? " out" : "");
    ioctl(random, RNDGETENTCNT, &bits);
    printf("ready %d\n", bits == 256);
    say("reseed", ioctl(random, RNDRESEEDCRNG));
  } else if (!strcmp(mode, "wait")) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    ssize_t got = getrandom(bytes, 16, 0);
    clock_gettime(CLOCK_MONOTONIC, &to);
    say("got", got);
    printf("waited %ld\n", (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000);
  } else if (!strcmp(mode, "alarm")) {
    struct sigaction action = {.sa_handler = woken};
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    say("interrupted", getrandom(bytes, 16, 0));
  } else if (!strcmp(mode, "give")) {
    struct { struct rand_pool_info info; char bytes[33]; } given = {{256, 33}, "thirty-two bytes of someone's own"};
    int urandom = open("/dev/urandom", O_WRONLY);
    say("give", ioctl(urandom, RNDADDENTROPY, &given));
    given.info.entropy_count = -1;
    say("negative", ioctl(urandom, RNDADDENTROPY, &given));
  }
  return 0;
}

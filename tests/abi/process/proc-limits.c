/* getrlimit(2), setrlimit(2), prlimit(2) and their enforcement.
   covers: getrlimit setrlimit prlimit64 */
#include "observe.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static void show_limit(const char *what, int resource) {
  struct rlimit limit;
  getrlimit(resource, &limit);
  NOTE("%s: %ld %ld", what, (long)limit.rlim_cur, (long)limit.rlim_max);
}
static void set(int resource, long soft, long hard) {
  struct rlimit limit = {soft, hard};
  SHOW_AS("setrlimit", setrlimit(resource, &limit));
}
static void on_signal(int number) { NOTE("signal %s", sigabbrev_np(number)); }

int main(void) {
  struct rlimit limit, old;
  SHOW(getrlimit(16, &limit));
  SHOW(getrlimit(-1, &limit));
  SHOW(getrlimit(RLIMIT_NOFILE, BAD_POINTER));
  SHOW(setrlimit(RLIMIT_NOFILE, BAD_POINTER));
  set(RLIMIT_NOFILE, 20, 10);
  set(RLIMIT_NOFILE, 20, 100);
  show_limit("files", RLIMIT_NOFILE);
  IN_CHILD("inherited", {
    int last = -1;
    for (int i = 0; i < 40; i++) { int fd = dup(0); if (fd >= 0) last = fd; }
    NOTE("highest %d", last);
    SHOW(dup(0));
    SHOW(dup2(0, 19));
    SHOW(dup2(0, 20));
    SHOW(fcntl(0, F_DUPFD, 20));
    int pipes[2];
    SHOW(pipe(pipes));
  });
  limit.rlim_cur = 30;
  limit.rlim_max = 90;
  SHOW(prlimit(0, RLIMIT_NOFILE, &limit, &old));
  NOTE("old %ld %ld", (long)old.rlim_cur, (long)old.rlim_max);
  SHOW(prlimit(getpid(), RLIMIT_NOFILE, NULL, &old));
  NOTE("now %ld %ld", (long)old.rlim_cur, (long)old.rlim_max);
  SHOW(prlimit(999999, RLIMIT_NOFILE, NULL, &old));
  IN_CHILD("cannot raise", {
    if (setresuid(1000, 1000, 1000) == 0) {
      set(RLIMIT_NOFILE, 30, 91);
      set(RLIMIT_NOFILE, 90, 90);
      set(RLIMIT_NOFILE, 5, 5);
      set(RLIMIT_NOFILE, 5, 6);
    }
  });
  IN_CHILD("processes", {
    set(RLIMIT_NPROC, 0, 0);
    if (setresuid(4321, 4321, 4321) == 0) SHOW(fork());
  });
  IN_CHILD("file size", {
    signal(SIGXFSZ, on_signal);
    set(RLIMIT_FSIZE, 10, 10);
    int fd = open("limit-file", O_CREAT | O_RDWR | O_TRUNC, 0600);
    SHOW(write(fd, "12345678", 8));
    SHOW(write(fd, "12345678", 8));
    SHOW(write(fd, "12345678", 8));
    SHOW(ftruncate(fd, 11));
    unlink("limit-file");
  });
  IN_CHILD("cpu time", {
    limit.rlim_cur = 1;
    limit.rlim_max = 2;
    setrlimit(RLIMIT_CPU, &limit);
    for (;;) ;
  });
  set(RLIMIT_CORE, 0, 0);
  IN_CHILD("no core", abort());
  return 0;
}

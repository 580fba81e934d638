/* What a signal does to calls that sleep, with and without SA_RESTART (signal(7)).
   covers: rt_sigaction restart_syscall nanosleep clock_nanosleep wait4 waitid futex rt_sigtimedwait pause rt_sigsuspend */
#include "observe.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

static volatile int hits;
static int pipes[2], full[2];
static void hit(int number) { (void)number; hits++; }
static void alarm_in(int ms) { struct itimerspec value = {{0, 0}, {0, ms * 1000000}}; static timer_t id; static int made; if (!made++) timer_create(CLOCK_MONOTONIC, &(struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM}, &id); timer_settime(id, 0, &value, NULL); }

#define INTERRUPTED(call)                                                 \
  do {                                                                    \
    hits = 0;                                                             \
    alarm_in(30);                                                         \
    long result_ = (long)(call);                                          \
    NOTE("%s: %ld %s, handler ran %d", #call, result_ < 0 ? -1 : result_, result_ < 0 ? errno_name(errno) : "", hits); \
  } while (0)

static long long since(struct timespec *from) { struct timespec to; clock_gettime(CLOCK_MONOTONIC, &to); return (to.tv_sec - from->tv_sec) * 1000ll + (to.tv_nsec - from->tv_nsec) / 1000000; }

int main(void) {
  char byte, block[4096];
  struct timespec brief = {0, 120000000}, rest, from;
  static int word;
  sigset_t none, usr;
  sigemptyset(&none);
  sigemptyset(&usr);
  sigaddset(&usr, SIGUSR1);
  pipe(pipes);
  pipe2(full, O_NONBLOCK);
  while (write(full[1], block, sizeof block) > 0) ;
  fcntl(full[1], F_SETFL, 0);
  int event = eventfd(0, 0), epoll = epoll_create1(0), timer = timerfd_create(CLOCK_MONOTONIC, 0);
  int lock = open("lock-file", O_CREAT | O_RDWR, 0600), lock2 = open("lock-file", O_RDWR);
  flock(lock, LOCK_EX);
  struct pollfd item = {pipes[0], POLLIN, 0};
  fd_set set;
  struct timeval tv = {0, 120000};
  for (int round = 0; round < 2; round++) {
    struct sigaction act;
    memset(&act, 0, sizeof act);
    act.sa_handler = hit;
    act.sa_flags = round ? SA_RESTART : 0;
    sigaction(SIGALRM, &act, NULL);
    NOTE("-- %s", round ? "SA_RESTART" : "no flags");
    /* never restarted */
    INTERRUPTED(pause());
    INTERRUPTED(sigsuspend(&none));
    INTERRUPTED(sigtimedwait(&usr, NULL, &brief));
    INTERRUPTED(nanosleep(&brief, &rest));
    NOTE("rest %d", rest.tv_sec == 0 && rest.tv_nsec > 0 && rest.tv_nsec < 120000000);
    INTERRUPTED(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &brief, NULL));
    clock_gettime(CLOCK_MONOTONIC, &from);
    from.tv_sec++;
    INTERRUPTED(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &from, &rest));
    INTERRUPTED(poll(&item, 1, 120));
    INTERRUPTED(ppoll(&item, 1, &brief, &none));
    FD_ZERO(&set);
    FD_SET(pipes[0], &set);
    INTERRUPTED(select(pipes[0] + 1, &set, NULL, NULL, &tv));
    tv.tv_usec = 120000;
    FD_SET(pipes[0], &set);
    INTERRUPTED(pselect(pipes[0] + 1, &set, NULL, NULL, &brief, &none));
    INTERRUPTED(epoll_wait(epoll, &(struct epoll_event){0}, 1, 120));
    INTERRUPTED(epoll_pwait(epoll, &(struct epoll_event){0}, 1, 120, &none));
    /* restarted: something else ends them after the handler */
    pid_t pid = fork();
    if (pid == 0) { usleep(100000); write(pipes[1], "x", 1); write(event, &(long){5}, 8); flock(lock, LOCK_UN); _exit(4); }
    INTERRUPTED(read(pipes[0], &byte, 1));
    if (!round) read(pipes[0], &byte, 1);
    waitpid(pid, NULL, 0);
    read(event, block, 8);
    flock(lock, LOCK_EX);
    pid = fork();
    if (pid == 0) { usleep(100000); write(event, &(long){5}, 8); _exit(4); }
    INTERRUPTED(read(event, block, 8));
    if (!round) read(event, block, 8);
    int status = 0;
    waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0) { usleep(100000); _exit(4); }
    INTERRUPTED(waitpid(pid, &status, 0) > 0 ? 1 : -1);
    if (!round) waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0) { usleep(100000); _exit(4); }
    siginfo_t info;
    INTERRUPTED(waitid(P_PID, pid, &info, WEXITED));
    if (!round) waitpid(pid, &status, 0);
    pid = fork();
    if (pid == 0) { usleep(100000); for (int i = 0; i < 16; i++) read(full[0], block, sizeof block); _exit(4); }
    INTERRUPTED(write(full[1], block, 4096));
    waitpid(pid, &status, 0);
    fcntl(full[1], F_SETFL, O_NONBLOCK);
    while (write(full[1], block, sizeof block) > 0) ;
    fcntl(full[1], F_SETFL, 0);
    pid = fork();
    if (pid == 0) { usleep(100000); flock(lock, LOCK_UN); _exit(0); }
    INTERRUPTED(flock(lock2, LOCK_EX));
    waitpid(pid, &status, 0);
    flock(lock2, LOCK_UN);
    flock(lock, LOCK_EX);
    timerfd_settime(timer, 0, &(struct itimerspec){{0, 0}, {0, 100000000}}, NULL);
    INTERRUPTED(read(timer, block, 8));
    INTERRUPTED(syscall(SYS_futex, &word, FUTEX_WAIT, 0, &brief, NULL, 0));
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    INTERRUPTED(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &until, NULL, 1));
  }
  /* a restarted sleep keeps its end: signals that are ignored or stop the process do not lengthen it */
  pid_t pid = fork();
  if (pid == 0) {
    signal(SIGUSR1, SIG_IGN);
    clock_gettime(CLOCK_MONOTONIC, &from);
    brief.tv_nsec = 200000000;
    SHOW(nanosleep(&brief, NULL));
    NOTE("time kept: %d", since(&from) >= 200 && since(&from) < 1500);
    clock_gettime(CLOCK_MONOTONIC, &from);
    SHOW(poll(NULL, 0, 200));
    NOTE("time kept: %d", since(&from) >= 200 && since(&from) < 1500);
    clock_gettime(CLOCK_MONOTONIC, &from);
    SHOW(syscall(SYS_futex, &word, FUTEX_WAIT, 0, &brief, NULL, 0));
    NOTE("time kept: %d", since(&from) >= 200 && since(&from) < 1500);
    _exit(0);
  }
  for (int i = 0; i < 4; i++) {
    usleep(40000);
    kill(pid, SIGUSR1);
    kill(pid, SIGSTOP);
    waitpid(pid, NULL, WUNTRACED);
    usleep(10000);
    kill(pid, SIGCONT);
  }
  waitpid(pid, NULL, 0);
  SHOW(syscall(SYS_restart_syscall));
  unlink("lock-file");
  return 0;
}

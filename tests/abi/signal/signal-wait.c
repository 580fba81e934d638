/* sigsuspend(2), sigtimedwait(2), rt_sigqueueinfo(2), signalfd(2), interrupted calls and SA_RESTART.
   covers: rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo rt_sigsuspend pause signalfd4 restart_syscall */
#include "observe.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>

static volatile int hits;
static void hit(int number) { (void)number; hits++; }

static void set_handler(int number, int flags) {
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_handler = hit;
  act.sa_flags = flags;
  sigaction(number, &act, NULL);
}
static pid_t later(pid_t target, int number, int ms, int times) {
  pid_t pid = fork();
  if (pid == 0) {
    for (int i = 0; i < times; i++) { usleep(ms * 1000); kill(target, number); }
    _exit(0);
  }
  return pid;
}

int main(void) {
  sigset_t set, none;
  int status;
  siginfo_t info;
  struct timespec short_time = {0, 20000000}, bad = {0, 1000000000}, zero = {0, 0};
  sigemptyset(&none);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  SHOW(sigtimedwait(&set, &info, &short_time));
  SHOW(sigtimedwait(&set, &info, &zero));
  SHOW(sigtimedwait(&set, &info, &bad));
  SHOW(syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, 4));
  SHOW(syscall(SYS_rt_sigtimedwait, BAD_POINTER, NULL, NULL, 8));
  raise(SIGUSR1);
  SHOW(sigwaitinfo(&set, &info));
  NOTE("code %d", info.si_code);
  for (int i = 0; i < 3; i++) {
    union sigval value = {.sival_ptr = (void *)(0x1000l * i)};
    SHOW(sigqueue(getpid(), SIGRTMIN + 1, value));
  }
  for (int i = 0; i < 3; i++) {
    SHOW(sigtimedwait(&set, &info, &zero) - SIGRTMIN);
    NOTE("code %d value %p pid %d", info.si_code, info.si_value.sival_ptr, info.si_pid == getpid());
  }
  pid_t pid = later(getpid(), SIGUSR1, 20, 1);
  SHOW(sigwaitinfo(&set, &info));
  NOTE("from the child: %d", info.si_pid == pid);
  waitpid(pid, &status, 0);

  /* signals passed by hand */
  memset(&info, 0, sizeof info);
  info.si_code = 0;
  info.si_signo = SIGUSR1;
  SHOW(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info));
  info.si_code = SI_TKILL;
  SHOW(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info));
  info.si_code = -77;
  info.si_value.sival_int = 99;
  SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &info));
  SHOW(sigtimedwait(&set, &info, &zero));
  NOTE("code %d value %d", info.si_code, info.si_value.sival_int);
  SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), 65, &info));
  SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, BAD_POINTER));
  SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &info));
  SHOW(sigtimedwait(&set, &info, &zero));
  SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, SIGUSR1, &info));

  /* sigsuspend and pause */
  set_handler(SIGUSR1, 0);
  raise(SIGUSR1);
  hits = 0;
  SHOW(sigsuspend(&none));
  NOTE("hits %d", hits);
  sigprocmask(SIG_BLOCK, NULL, &set);
  NOTE("mask is back: %d", sigismember(&set, SIGUSR1));
  sigprocmask(SIG_SETMASK, &none, NULL);
  pid = later(getpid(), SIGUSR1, 20, 1);
  SHOW(pause());
  waitpid(pid, &status, 0);

  /* interrupted calls */
  int pipes[2];
  char byte;
  pipe(pipes);
  set_handler(SIGUSR1, 0);
  pid = later(getpid(), SIGUSR1, 20, 1);
  SHOW(read(pipes[0], &byte, 1));
  waitpid(pid, &status, 0);
  set_handler(SIGUSR1, SA_RESTART);
  pid = fork();
  if (pid == 0) { usleep(20000); kill(getppid(), SIGUSR1); usleep(20000); write(pipes[1], "r", 1); _exit(0); }
  SHOW(read(pipes[0], &byte, 1));
  waitpid(pid, &status, 0);
  pid = later(getpid(), SIGUSR1, 20, 1);
  struct pollfd item = {pipes[0], POLLIN, 0};
  SHOW(poll(&item, 1, 2000));
  waitpid(pid, &status, 0);
  pid = later(getpid(), SIGUSR1, 20, 1);
  struct timespec second = {1, 0}, rest = {9, 9};
  SHOW(nanosleep(&second, &rest));
  NOTE("rest below a second: %d", rest.tv_sec == 0 && rest.tv_nsec > 0);
  waitpid(pid, &status, 0);
  pid = later(getpid(), SIGUSR1, 20, 1);
  pid_t sleeper = fork();
  if (sleeper == 0) { usleep(80000); _exit(1); }
  SHOW_OK(waitpid(sleeper, &status, 0));
  waitpid(pid, &status, 0);
  set_handler(SIGUSR1, 0);
  sleeper = fork();
  if (sleeper == 0) { usleep(80000); _exit(1); }
  pid = later(getpid(), SIGUSR1, 20, 1);
  SHOW(waitpid(sleeper, &status, 0));
  waitpid(pid, &status, 0);
  waitpid(sleeper, &status, 0);
  /* a stop does not interrupt */
  sleeper = fork();
  if (sleeper == 0) {
    struct timespec time = {0, 100000000};
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    SHOW(nanosleep(&time, NULL));
    clock_gettime(CLOCK_MONOTONIC, &to);
    NOTE("slept long enough: %d", (to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec >= 100000000);
    SHOW(read(pipes[0], &byte, 1));
    _exit(0);
  }
  usleep(20000);
  kill(sleeper, SIGSTOP);
  waitpid(sleeper, &status, WUNTRACED);
  usleep(20000);
  kill(sleeper, SIGCONT);
  usleep(150000);
  kill(sleeper, SIGSTOP);
  waitpid(sleeper, &status, WUNTRACED);
  kill(sleeper, SIGCONT);
  write(pipes[1], "z", 1);
  waitpid(sleeper, &status, 0);
  show_status("stopped and continued", status);

  /* signalfd */
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  sigaddset(&set, SIGCHLD);
  sigprocmask(SIG_BLOCK, &set, NULL);
  SHOW(signalfd(-1, &set, 0x1));
  SHOW(syscall(SYS_signalfd4, -1, &set, 4, 0));
  SHOW(signalfd(0, &set, 0) == -1 ? -1 : 0);
  int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  struct signalfd_siginfo record[3];
  SHOW(read(fd, record, sizeof record));
  SHOW(read(fd, record, 10));
  item.fd = fd;
  SHOW(poll(&item, 1, 0));
  raise(SIGUSR2);
  SHOW(poll(&item, 1, 0));
  SHOW(read(fd, record, sizeof record));
  NOTE("signal %u code %d self %d", record[0].ssi_signo, record[0].ssi_code, record[0].ssi_pid == (unsigned)getpid());
  pid = fork();
  if (pid == 0) _exit(6);
  SHOW(poll(&item, 1, 2000));
  SHOW(read(fd, record, sizeof record));
  NOTE("signal %u code %d status %d child %d", record[0].ssi_signo, record[0].ssi_code, record[0].ssi_status, record[0].ssi_pid == (unsigned)pid);
  sigdelset(&set, SIGUSR2);
  SHOW(signalfd(fd, &set, 0) == fd);
  raise(SIGUSR2);
  SHOW(read(fd, record, sizeof record));
  SHOW(close(fd));
  return 0;
}

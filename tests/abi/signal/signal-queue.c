/* Queues of signals: order, RLIMIT_SIGPENDING, siginfo of every kind of sender, signals of threads and processes.
   covers: rt_sigqueueinfo rt_tgsigqueueinfo rt_sigpending rt_sigtimedwait kill tgkill tkill pidfd_send_signal pidfd_open signalfd */
#include "observe.h"
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>

#define RAW(call, ...) SHOW_AS(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
static sigset_t all;
static struct timespec zero;
static void drain(const char *what) {
  siginfo_t info;
  int number;
  while ((number = sigtimedwait(&all, &info, &zero)) > 0)
    NOTE("%s: signal %d code %d errno %d self %d value %d", what, number, info.si_code, info.si_errno, info.si_pid == getpid(), info.si_code == SI_QUEUE || info.si_code == SI_MESGQ ? info.si_value.sival_int : 0);
}
static void queue(int number, int value) { sigqueue(getpid(), number, (union sigval){.sival_int = value}); }
static void *waits(void *argument) {
  siginfo_t info;
  long number = sigwaitinfo(argument, &info);
  return (void *)number;
}
static volatile pid_t thread_tid;
static void *shows(void *argument) {
  (void)argument;
  thread_tid = syscall(SYS_gettid);
  while (!sigpending(&(sigset_t){{0}})) {
    sigset_t set;
    sigpending(&set);
    if (sigismember(&set, SIGUSR2)) break;
    usleep(1000);
  }
  sigset_t set;
  sigpending(&set);
  NOTE("thread sees USR1 %d USR2 %d TERM %d", sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2), sigismember(&set, SIGTERM));
  siginfo_t info;
  SHOW(sigtimedwait(&all, &info, &zero));
  return NULL;
}

int main(void) {
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  sigdelset(&all, SIGCHLD);
  queue(SIGRTMIN + 3, 1);
  queue(SIGRTMIN + 1, 2);
  queue(SIGRTMIN + 3, 3);
  queue(SIGTERM, 4);
  queue(SIGTERM, 5);
  queue(SIGHUP, 6);
  kill(getpid(), SIGRTMIN + 1);
  syscall(SYS_tkill, getpid(), SIGRTMIN + 1);
  syscall(SYS_tgkill, getpid(), getpid(), SIGINT);
  drain("order");
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_code = SI_MESGQ;
  info.si_value.sival_int = 7;
  info.si_pid = 77;
  info.si_errno = 5;
  RAW(rt_sigqueueinfo, getpid(), SIGUSR1, &info);
  RAW(rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR2, &info);
  drain("by hand");
  RAW(rt_tgsigqueueinfo, getpid(), getppid(), SIGUSR2, &info);
  RAW(rt_tgsigqueueinfo, -1, getpid(), SIGUSR2, &info);
  RAW(rt_tgsigqueueinfo, getpid(), getpid(), 65, &info);
  RAW(rt_tgsigqueueinfo, getpid(), getpid(), 0, &info);
  RAW(rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR2, 0x10);
  RAW(rt_sigqueueinfo, 999999, SIGUSR2, &info);
  RAW(rt_sigqueueinfo, getpid(), 0, &info);
  RAW(rt_sigqueueinfo, -1, SIGUSR2, &info);
  info.si_code = SI_TKILL;
  RAW(rt_tgsigqueueinfo, getppid(), getppid(), SIGUSR2, &info);
  info.si_code = SI_USER;
  RAW(rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR2, &info);
  drain("own thread, as if by kill");
  RAW(rt_sigpending, &info, 9);
  RAW(rt_sigpending, 0x10, 8);
  RAW(rt_sigpending, 0x10, 0);

  int fd = syscall(SYS_pidfd_open, getpid(), 0);
  memset(&info, 0, sizeof info);
  RAW(pidfd_send_signal, fd, SIGUSR1, 0, 0);
  drain("pidfd");
  info.si_signo = SIGUSR1;
  info.si_code = SI_QUEUE;
  info.si_value.sival_int = 12;
  RAW(pidfd_send_signal, fd, SIGUSR1, &info, 0);
  drain("pidfd");
  RAW(pidfd_send_signal, fd, SIGUSR2, &info, 0);
  RAW(pidfd_send_signal, fd, SIGUSR1, 0, 0x100);
  RAW(pidfd_send_signal, fd, 65, 0, 0);
  RAW(pidfd_send_signal, fd, SIGUSR1, 0x10, 0);
  RAW(pidfd_send_signal, 0, SIGUSR1, 0, 0);
  RAW(pidfd_send_signal, 99, SIGUSR1, 0, 0);

  /* the limit of a user */
  IN_CHILD("limit", {
    if (setresuid(4322, 4322, 4322) != 0) _exit(9);
    struct rlimit limit = {3, 3};
    setrlimit(RLIMIT_SIGPENDING, &limit);
    for (int i = 0; i < 5; i++) SHOW(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i}));
    SHOW(sigqueue(getpid(), SIGTERM, (union sigval){.sival_int = 9}));
    SHOW(kill(getpid(), SIGRTMIN + 2));
    SHOW(kill(getpid(), SIGHUP));
    SHOW(raise(SIGRTMIN + 3));
    drain("over the limit");
    SHOW(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 10}));
    drain("again");
  });

  /* process and thread */
  pthread_t thread;
  sigset_t usr;
  sigemptyset(&usr);
  sigaddset(&usr, SIGUSR1);
  pthread_create(&thread, NULL, waits, &usr);
  usleep(20000);
  kill(getpid(), SIGUSR1);
  void *result;
  pthread_join(thread, &result);
  NOTE("the thread got %ld", (long)result);
  pthread_create(&thread, NULL, shows, NULL);
  while (!thread_tid) usleep(1000);
  syscall(SYS_tkill, getpid(), SIGUSR1);
  kill(getpid(), SIGTERM);
  syscall(SYS_tgkill, getpid(), thread_tid, SIGUSR2);
  pthread_join(thread, NULL);
  drain("rest");

  /* SIGCHLD */
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigtimedwait(&child, &info, &zero);
  pid_t pid = fork();
  if (pid == 0) _exit(77);
  SHOW(sigwaitinfo(&child, &info));
  NOTE("code %d status %d child %d uid %d", info.si_code, info.si_status, info.si_pid == pid, info.si_uid);
  wait(NULL);
  pid = fork();
  if (pid == 0) { sigset_t none; sigemptyset(&none); sigprocmask(SIG_SETMASK, &none, NULL); pause(); _exit(1); }
  usleep(20000);
  kill(pid, SIGSTOP);
  SHOW(sigwaitinfo(&child, &info));
  NOTE("code %d status %d", info.si_code, info.si_status);
  kill(pid, SIGCONT);
  SHOW(sigwaitinfo(&child, &info));
  NOTE("code %d status %d", info.si_code, info.si_status);
  kill(pid, SIGTERM);
  SHOW(sigwaitinfo(&child, &info));
  NOTE("code %d status %d", info.si_code, info.si_status);
  wait(NULL);

  /* signalfd(2) of old, and records */
  RAW(signalfd, -1, &usr, 4);
  RAW(signalfd, -1, 0x10, 8);
  RAW(signalfd, 99, &usr, 8);
  fd = syscall(SYS_signalfd, -1, &usr, 8);
  queue(SIGUSR1, 33);
  struct signalfd_siginfo record;
  SHOW(read(fd, &record, sizeof record));
  NOTE("signo %u code %d int %d self %d uid %u", record.ssi_signo, record.ssi_code, record.ssi_int, record.ssi_pid == (unsigned)getpid(), record.ssi_uid);
  SHOW(read(fd, &record, 127) < 0 && errno == EINVAL);
  SHOW(write(fd, &record, 8));
  SHOW(lseek(fd, 0, SEEK_SET));
  pid = fork();
  if (pid == 0) { usleep(30000); kill(getppid(), SIGUSR1); _exit(0); }
  SHOW(read(fd, &record, sizeof record));
  NOTE("from the child %d", record.ssi_pid == (unsigned)pid);
  raise(SIGUSR1);
  SHOW(syscall(SYS_read, fd, BAD_POINTER, sizeof record));
  drain("after a bad read");

  /* Behind the 48 bytes that count: looked at only where the code is not known. */
  static const int codes[] = {0, -1, -6, -7, -8, -59, -60, -61, 1, 2, 3, 5, 6, 7, 9, 12, 15, 16, 0x80, 0x81, 0x7fffffff};
  const int numbers[] = {0, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGCHLD, SIGSYS, SIGIO, SIGUSR1, SIGRTMIN};
  for (unsigned j = 0; j < sizeof numbers / sizeof numbers[0]; j++) {
    printf("signal %d:", j);
    for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++) {
      unsigned char bytes[128] = {0};
      memcpy(bytes + 8, &codes[i], 4);
      bytes[127] = 1;
      signal(numbers[j] ? numbers[j] : SIGUSR1, SIG_IGN);
      printf(" %d %s", codes[i], syscall(SYS_rt_sigqueueinfo, getpid(), numbers[j], bytes) < 0 ? errno_name(errno) : "known");
    }
    printf("\n");
  }
  return 0;
}

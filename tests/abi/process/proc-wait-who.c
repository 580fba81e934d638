/* Whom wait4(2) and waitid(2) wait for: groups, threads, pidfds, order, several waiters, statuses that cannot be stored.
   covers: wait4 waitid pidfd_open clone */
#include "observe.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define PIDFD_NONBLOCK O_NONBLOCK
static pid_t child(int code, int delay_ms) {
  pid_t pid = fork();
  if (pid == 0) { usleep(delay_ms * 1000); _exit(code); }
  return pid;
}
static pid_t theirs;
static void *other(void *argument) {
  int status = 0;
  pid_t pid = waitpid(theirs, &status, __WNOTHREAD);
  NOTE("a thread that is not the parent: %s", pid < 0 ? errno_name(errno) : "got it");
  pid = child(21, 0);
  *(pid_t *)argument = pid;
  SHOW(waitpid(pid, &status, __WNOTHREAD) == pid);
  show_status("own child", status);
  pid = child(22, 0);
  usleep(50000);
  *(pid_t *)argument = pid;
  return NULL;
}

int main(void) {
  int status = 0;
  siginfo_t info;
  struct rusage usage;
  pid_t a = child(1, 0), b = child(2, 0);
  setpgid(b, b);
  SHOW(waitpid(-b, &status, 0) == b);
  show_status("its group", status);
  SHOW(waitpid(0, &status, 0) == a);
  show_status("own group", status);
  SHOW(waitpid(0, &status, 0));
  a = child(3, 30);
  SHOW(waitid(P_PGID, getpgrp(), &info, WEXITED));
  NOTE("status %d", info.si_status);
  SHOW(waitid(P_PGID, 999999, &info, WEXITED));
  SHOW(waitid(P_PIDFD, -1, &info, WEXITED));
  SHOW(waitid(P_PIDFD, 0, &info, WEXITED));
  SHOW(waitid(P_PIDFD, 99, &info, WEXITED));
  SHOW(waitid(P_PIDFD, syscall(SYS_pidfd_open, getpid(), 0), &info, WEXITED));
  SHOW(waitid(P_PID, -1, &info, WEXITED));
  SHOW(waitid(-1, 0, &info, WEXITED));
  a = child(4, 60);
  int fd = syscall(SYS_pidfd_open, a, PIDFD_NONBLOCK);
  SHOW(waitid(P_PIDFD, fd, &info, WEXITED));
  SHOW(waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG));
  usleep(150000);
  SHOW(waitid(P_PIDFD, fd, &info, WEXITED | WNOWAIT));
  SHOW(waitid(P_PIDFD, fd, &info, WEXITED));
  NOTE("status %d", info.si_status);
  SHOW(waitid(P_PIDFD, fd, &info, WEXITED));

  /* the oldest ended child first */
  pid_t pids[3];
  for (int i = 0; i < 3; i++) { pids[i] = child(10 + i, 0); waitid(P_PID, pids[i], &info, WEXITED | WNOWAIT); }
  for (int i = 0; i < 3; i++) { pid_t pid = wait(&status); NOTE("child %d status %d", pid == pids[i], WEXITSTATUS(status)); }

  /* results that cannot be stored: the child is gone all the same */
  a = child(5, 0);
  SHOW(syscall(SYS_wait4, a, &status, 0, BAD_POINTER));
  SHOW(waitpid(a, &status, 0));
  a = child(6, 0);
  SHOW(syscall(SYS_waitid, P_PID, a, BAD_POINTER, WEXITED, NULL));
  SHOW(waitpid(a, &status, 0));
  a = child(7, 0);
  SHOW(syscall(SYS_waitid, P_PID, a, NULL, WEXITED, &usage));
  a = child(8, 0);
  SHOW_OK(syscall(SYS_wait4, a, NULL, 0, NULL));
  SHOW(syscall(SYS_wait4, -1, &status, WEXITED, NULL));
  SHOW(syscall(SYS_wait4, -1, &status, WNOWAIT, NULL));
  SHOW(syscall(SYS_wait4, -1, &status, WNOHANG | WUNTRACED | WCONTINUED | __WALL | __WNOTHREAD, NULL));
  SHOW(waitid(P_ALL, 0, &info, WNOHANG));
  SHOW(waitid(P_ALL, 0, &info, WNOHANG | WEXITED | WSTOPPED | WCONTINUED));

  pthread_t thread;
  theirs = child(20, 100);
  pid_t left = 0;
  pthread_create(&thread, NULL, other, &left);
  pthread_join(thread, NULL);
  SHOW(waitpid(theirs, &status, 0) == theirs);
  show_status("own", status);
  SHOW(waitpid(left, &status, 0) == left);
  show_status("of the thread that ended", status);

  /* signals in the status */
  const int numbers[] = {SIGHUP, SIGKILL, SIGPIPE, SIGALRM, SIGTERM, SIGRTMIN, SIGRTMAX};
  for (int i = 0; i < 7; i++) {
    a = fork();
    if (a == 0) { pause(); _exit(0); }
    kill(a, numbers[i]);
    waitid(P_PID, a, &info, WEXITED | WNOWAIT);
    waitpid(a, &status, 0);
    NOTE("signal %d: code %d status %d word %#x", numbers[i], info.si_code, info.si_status, status);
  }
  return 0;
}

/* Job-control stops (signal(7), waitpid(2)): which signals stop and continue, what is pending, who hears of it.
   covers: kill wait4 waitid rt_sigaction setpgid setsid */
#include "observe.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

static volatile int hits;
static void hit(int number) { (void)number; hits++; }
static void *sleeps(void *argument) { pause(); return argument; }
static void wait_for(pid_t pid, const char *what) {
  int status = 0;
  pid_t got = waitpid(pid, &status, WUNTRACED | WCONTINUED);
  if (got == pid) show_status(what, status);
  else NOTE("%s: none", what);
}
static pid_t sleeper(int number, int ignores) {
  int ready[2];
  char byte;
  pipe(ready);
  pid_t pid = fork();
  if (pid == 0) {
    if (ignores) signal(number, SIG_IGN);
    write(ready[1], "x", 1);
    for (;;) pause();
  }
  read(ready[0], &byte, 1);
  close(ready[0]);
  close(ready[1]);
  return pid;
}

static int run(void) {
  int status;
  pid_t pid;
  const int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
  setpgid(0, 0);
  struct sigaction act;
  memset(&act, 0, sizeof act);
  for (int i = 0; i < 4; i++) {
    pid = sleeper(0, 0);
    kill(pid, stops[i]);
    wait_for(pid, "stop");
    kill(pid, stops[i]);
    SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
    kill(pid, SIGCONT);
    wait_for(pid, "continue");
    kill(pid, SIGCONT);
    SHOW(waitpid(pid, &status, WCONTINUED | WNOHANG));
    kill(pid, SIGKILL);
    wait_for(pid, "end");
  }
  pid = sleeper(SIGTSTP, 1);
  kill(pid, SIGTSTP);
  usleep(20000);
  SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
  kill(pid, SIGSTOP);
  wait_for(pid, "stopped");
  /* what a stopped process gets waits, but SIGKILL does not */
  kill(pid, SIGTERM);
  usleep(20000);
  SHOW(waitpid(pid, &status, WNOHANG));
  kill(pid, SIGCONT);
  /* that it goes on is seen only by who looks before it ends */
  waitpid(pid, &status, 0);
  show_status("goes on and ends", status);
  pid = sleeper(0, 0);
  kill(pid, SIGSTOP);
  wait_for(pid, "stopped");
  kill(pid, SIGKILL);
  wait_for(pid, "killed while stopped");

  /* SIGCONT takes pending stops away, a stop takes a pending SIGCONT away */
  sigset_t set, pending;
  sigfillset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  raise(SIGTSTP);
  raise(SIGTTIN);
  sigpending(&pending);
  NOTE("stops pending %d %d", sigismember(&pending, SIGTSTP), sigismember(&pending, SIGTTIN));
  signal(SIGCONT, hit);
  raise(SIGCONT);
  sigpending(&pending);
  NOTE("after SIGCONT: stops %d %d cont %d", sigismember(&pending, SIGTSTP), sigismember(&pending, SIGTTIN), sigismember(&pending, SIGCONT));
  signal(SIGTTOU, SIG_IGN);
  raise(SIGTTOU);
  sigpending(&pending);
  NOTE("after an ignored SIGTTOU: cont %d ttou %d", sigismember(&pending, SIGCONT), sigismember(&pending, SIGTTOU));
  signal(SIGTTOU, SIG_IGN); /* takes the pending one away */
  signal(SIGTTOU, SIG_DFL);
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  NOTE("handler of SIGCONT ran %d", hits);

  /* SIGCONT goes on even when blocked or ignored; its handler runs afterwards */
  IN_CHILD("continued although ignored", {
    pid = fork();
    if (pid == 0) { signal(SIGCONT, SIG_IGN); raise(SIGSTOP); usleep(100000); _exit(5); }
    wait_for(pid, "stop");
    kill(pid, SIGCONT);
    wait_for(pid, "next");
    wait_for(pid, "then");
  });
  IN_CHILD("continued although blocked", {
    pid = fork();
    if (pid == 0) { sigfillset(&set); sigprocmask(SIG_SETMASK, &set, NULL); raise(SIGSTOP); usleep(100000); sigpending(&pending); _exit(sigismember(&pending, SIGCONT)); }
    wait_for(pid, "stop");
    kill(pid, SIGCONT);
    wait_for(pid, "next");
    wait_for(pid, "then");
  });

  /* all threads stop */
  IN_CHILD("threads", {
    pid = fork();
    if (pid == 0) { pthread_t thread; for (int i = 0; i < 3; i++) pthread_create(&thread, NULL, sleeps, NULL); for (;;) pause(); }
    usleep(50000);
    kill(pid, SIGSTOP);
    wait_for(pid, "stop");
    syscall(SYS_tgkill, pid, pid, SIGCONT);
    wait_for(pid, "continue");
    kill(pid, SIGTERM);
    wait_for(pid, "end");
  });

  /* the parent hears of it, unless it does not want to */
  act.sa_handler = hit;
  sigaction(SIGCHLD, &act, NULL);
  hits = 0;
  pid = sleeper(0, 0);
  kill(pid, SIGSTOP);
  while (hits < 1) usleep(1000);
  kill(pid, SIGCONT);
  while (hits < 2) usleep(1000);
  NOTE("two signals");
  wait_for(pid, "latest change");
  act.sa_flags = SA_NOCLDSTOP;
  sigaction(SIGCHLD, &act, NULL);
  kill(pid, SIGSTOP);
  wait_for(pid, "change");
  kill(pid, SIGCONT);
  wait_for(pid, "change");
  NOTE("signals %d", hits);
  kill(pid, SIGKILL);
  while (hits < 3) usleep(1000);
  wait_for(pid, "end");
  siginfo_t info;
  pid = sleeper(0, 0);
  kill(pid, SIGTSTP);
  SHOW(waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT));
  SHOW(waitid(P_PID, pid, &info, WSTOPPED));
  NOTE("code %d status %d", info.si_code, info.si_status);
  memset(&info, 0xff, sizeof info);
  SHOW(waitid(P_PID, pid, &info, WSTOPPED | WNOHANG));
  NOTE("pid %d signo %d", info.si_pid, info.si_signo);
  kill(pid, SIGCONT);
  SHOW(waitid(P_PID, pid, &info, WCONTINUED | WNOWAIT));
  SHOW(waitid(P_PID, pid, &info, WCONTINUED));
  NOTE("code %d status %d", info.si_code, info.si_status);
  kill(pid, SIGKILL);
  wait_for(pid, "end");

  /* the orphaned group of a session leader's child that ends: SIGHUP and SIGCONT */
  IN_CHILD("orphans", {
    int pipes[2];
    char byte = 0;
    pipe(pipes);
    setsid();
    pid = fork();
    if (pid == 0) {
      setpgid(0, 0);
      pid_t grandchild = fork();
      if (grandchild == 0) {
        signal(SIGHUP, hit);
        hits = 0;
        raise(SIGSTOP);
        byte = 'a' + hits;
        write(pipes[1], &byte, 1);
        _exit(0);
      }
      waitpid(grandchild, &status, WUNTRACED);
      _exit(0);
    }
    waitpid(pid, &status, 0);
    read(pipes[0], &byte, 1);
    NOTE("went on, after %d handlers", byte - 'a');
  });
  return 0;
}

/* Stops other than SIGSTOP do nothing to an orphaned group: the test runs in a group whose parent is in this one. */
int main(void) {
  int status;
  pid_t pid = fork();
  if (pid == 0) { setpgid(0, 0); _exit(run()); }
  waitpid(pid, &status, 0);
  show_status("test", status);
  return 0;
}

/* Reparenting, PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG.
   covers: prctl getppid */
#include "observe.h"
#include <signal.h>
#include <sys/prctl.h>

static void on_signal(int number) { (void)number; }

int main(void) {
  int status, pipes[2], value;
  char byte;
  SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
  SHOW(prctl(PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0));
  NOTE("subreaper %d", value);
  pipe(pipes);
  pid_t self = getpid();
  pid_t middle = fork();
  if (middle == 0) {
    SHOW(prctl(PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0));
    NOTE("child subreaper %d", value);
    if (fork() == 0) {
      while (getppid() != self) usleep(1000);
      write(pipes[1], "x", 1);
      _exit(17);
    }
    _exit(0);
  }
  waitpid(middle, &status, 0);
  show_status("middle", status);
  read(pipes[0], &byte, 1);
  NOTE("grandchild sees the reaper as parent");
  pid_t orphan = wait(&status);
  NOTE("orphan is not the middle child: %d", orphan != middle);
  show_status("orphan", status);
  SHOW(wait(&status));

  SHOW(prctl(PR_SET_PDEATHSIG, 65, 0, 0, 0));
  middle = fork();
  if (middle == 0) {
    pid_t grandchild = fork();
    if (grandchild == 0) {
      int number = 0;
      sigset_t set;
      sigemptyset(&set);
      sigaddset(&set, SIGUSR1);
      sigprocmask(SIG_BLOCK, &set, NULL);
      prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0);
      prctl(PR_GET_PDEATHSIG, &number, 0, 0, 0);
      NOTE("death signal %d", number);
      write(pipes[1], "x", 1);
      SHOW(sigwaitinfo(&set, NULL));
      _exit(0);
    }
    read(pipes[0], &byte, 1);
    _exit(0);
  }
  waitpid(middle, &status, 0);
  wait(&status);
  show_status("told of its parent's death", status);
  (void)on_signal;
  return 0;
}

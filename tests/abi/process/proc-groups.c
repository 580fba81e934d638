/* setpgid(2), getpgid(2), setsid(2), getsid(2).
   covers: setpgid getpgid getpgrp setsid getsid */
#include "observe.h"
#include <signal.h>

int main(void) {
  int status, go[2], done[2];
  char byte;
  NOTE("group of 0 is own group: %d", getpgid(0) == getpgrp());
  SHOW(getpgid(999999));
  SHOW(getsid(999999));
  SHOW(getpgid(-1));
  SHOW(setpgid(0, -1));
  SHOW(setpgid(999999, 0));
  SHOW(setpgid(1, 0));
  IN_CHILD("own group", {
    SHOW(setpgid(0, 0));
    NOTE("leads its group: %d", getpgrp() == getpid());
    SHOW(setpgid(0, 0));
    SHOW(setsid());
  });
  IN_CHILD("session", {
    pid_t session = setsid();
    NOTE("session id is pid: %d", session == getpid() && getsid(0) == getpid() && getpgrp() == getpid());
    SHOW(setsid());
    SHOW(setpgid(0, 0));
    SHOW(setpgid(0, getppid()));
  });
  IN_CHILD("foreign group", {
    SHOW(setpgid(0, 1));
    SHOW(setpgid(0, 999999));
  });
  pipe(go);
  pipe(done);
  pid_t a = fork();
  if (a == 0) { read(go[0], &byte, 1); _exit(0); }
  pid_t b = fork();
  if (b == 0) { read(go[0], &byte, 1); _exit(0); }
  SHOW(setpgid(a, a));
  SHOW(setpgid(b, a));
  NOTE("same group: %d", getpgid(a) == a && getpgid(b) == a);
  SHOW(kill(-a, 0));
  SHOW(kill(-a, SIGTERM));
  SHOW_OK(waitpid(-a, &status, 0));
  show_status("group member", status);
  SHOW_OK(waitpid(-a, &status, 0));
  show_status("group member", status);
  SHOW(waitpid(-a, &status, 0));
  SHOW(kill(-a, 0));
  pid_t c = fork();
  if (c == 0) {
    execl("/proc/self/exe", "self", "child", NULL);
    write(done[1], "x", 1);
    read(go[0], &byte, 1);
    _exit(0);
  }
  kill(c, SIGKILL);
  waitpid(c, &status, 0);
  /* an orphaned group is not stopped by SIGTSTP */
  IN_CHILD("orphaned group", {
    setsid();
    pid_t d = fork();
    if (d == 0) { setpgid(0, 0); raise(SIGTSTP); _exit(21); }
    waitpid(d, &status, WUNTRACED);
    show_status("in a session of its own", status);
    if (WIFSTOPPED(status)) { kill(d, SIGCONT); waitpid(d, &status, 0); show_status("then", status); }
    raise(SIGTSTP);
    NOTE("leader goes on");
  });
  return 0;
}

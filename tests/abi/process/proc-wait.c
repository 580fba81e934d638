/* wait4(2), waitid(2): what is reported about which child, options, SIGCHLD rules.
   covers: wait4 waitid fork exit_group */
#include "observe.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static pid_t child(int code) {
  pid_t pid = fork();
  if (pid == 0) _exit(code);
  return pid;
}

static pid_t sleeper(void) {
  pid_t pid = fork();
  if (pid == 0) { pause(); _exit(9); }
  return pid;
}

static void show_info(const char *what, siginfo_t *info, pid_t pid) {
  NOTE("%s: signo %d code %d status %d pid %s", what, info->si_signo, info->si_code, info->si_status,
       info->si_pid == pid ? "child" : info->si_pid == 0 ? "0" : "other");
}

int main(void) {
  int status;
  SHOW(wait4(-1, &status, 0, NULL));
  SHOW(waitpid(-1, &status, WNOHANG));
  SHOW(waitpid(999999, &status, 0));
  SHOW(syscall(SYS_wait4, -1, &status, 0x40, NULL));
  SHOW(waitpid((pid_t)0x80000000, &status, 0));

  pid_t pid = child(7);
  NOTE("waited for the child: %d", waitpid(pid, &status, 0) == pid);
  show_status("exit", status);
  NOTE("status word %#x", status);
  SHOW(waitpid(pid, &status, 0));
  pid = child(300);
  waitpid(pid, &status, 0);
  show_status("exit 300", status);

  pid = sleeper();
  SHOW(waitpid(pid, &status, WNOHANG));
  SHOW(kill(pid, SIGTERM));
  waitpid(pid, &status, 0);
  show_status("terminated", status);
  NOTE("status word %#x", status);

  pid = sleeper();
  kill(pid, SIGSTOP);
  NOTE("stop reported: %d", waitpid(pid, &status, WUNTRACED) == pid);
  show_status("stopped", status);
  NOTE("status word %#x", status);
  SHOW(waitpid(pid, &status, WUNTRACED | WNOHANG));
  kill(pid, SIGCONT);
  NOTE("continue reported: %d", waitpid(pid, &status, WCONTINUED) == pid);
  show_status("continued", status);
  NOTE("status word %#x", status);
  SHOW(waitpid(pid, &status, WCONTINUED | WNOHANG));
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  show_status("killed", status);

  siginfo_t info;
  SHOW(waitid(P_ALL, 0, &info, 0));
  SHOW(waitid(P_ALL, 0, &info, WEXITED));
  SHOW(waitid(P_ALL, 0, &info, WEXITED | 0x100));
  SHOW(waitid(77, 0, &info, WEXITED));
  SHOW(waitid(P_PID, 0, &info, WEXITED));
  SHOW(waitid(P_PGID, -5, &info, WEXITED));
  pid = child(5);
  memset(&info, 0, sizeof info);
  SHOW(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
  show_info("nowait", &info, pid);
  memset(&info, 0xff, sizeof info);
  SHOW(waitid(P_PID, pid, &info, WEXITED));
  show_info("exited", &info, pid);
  pid = sleeper();
  memset(&info, 0xff, sizeof info);
  SHOW(waitid(P_ALL, 0, &info, WEXITED | WNOHANG));
  show_info("nothing", &info, pid);
  kill(pid, SIGSTOP);
  SHOW(waitid(P_PGID, 0, &info, WSTOPPED));
  show_info("stopped", &info, pid);
  kill(pid, SIGCONT);
  SHOW(waitid(P_PID, pid, &info, WCONTINUED));
  show_info("continued", &info, pid);
  kill(pid, SIGQUIT);
  SHOW(waitid(P_PID, pid, &info, WEXITED));
  NOTE("code killed or dumped: %d status %d", info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED, info.si_status);

  struct rusage usage;
  memset(&usage, 0xff, sizeof usage);
  pid = child(0);
  SHOW_OK(wait4(pid, &status, 0, &usage));
  NOTE("faults counted: %d, blocks %ld", usage.ru_minflt > 0, usage.ru_nswap);
  pid = child(1);
  SHOW(syscall(SYS_wait4, pid, BAD_POINTER, 0, NULL));
  SHOW(waitpid(pid, &status, 0));

  /* a clone child: another exit signal */
  pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
  if (pid == 0) _exit(3);
  SHOW(waitpid(pid, &status, 0));
  SHOW_OK(waitpid(pid, &status, __WCLONE));
  show_status("clone child", status);
  pid = syscall(SYS_clone, 0, 0, 0, 0, 0);
  if (pid == 0) _exit(4);
  SHOW_OK(waitpid(pid, &status, __WALL));
  show_status("clone child", status);

  /* SIGCHLD ignored: children go by themselves */
  signal(SIGCHLD, SIG_IGN);
  pid = child(0);
  SHOW(waitpid(pid, &status, 0));
  signal(SIGCHLD, SIG_DFL);
  struct sigaction act = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
  sigaction(SIGCHLD, &act, NULL);
  pid = child(0);
  SHOW(waitpid(-1, &status, 0));
  return 0;
}

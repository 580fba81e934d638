/* sigaction(2), sigprocmask(2), kill(2): errors, flags, order, masks.
   covers: rt_sigaction rt_sigprocmask rt_sigpending rt_sigreturn kill tkill tgkill */
#include "observe.h"
#include <signal.h>
#include <sys/syscall.h>

static int order[16], count;
static void record(int number) { if (count < 16) order[count++] = number; }
static void nested(int number) {
  record(number);
  sigset_t set;
  sigprocmask(SIG_BLOCK, NULL, &set);
  NOTE("in handler of %d: USR1 %d USR2 %d HUP %d", number, sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2), sigismember(&set, SIGHUP));
}
static void with_info(int number, siginfo_t *info, void *context) {
  (void)context;
  NOTE("signal %d code %d self %d uid %d", number, info->si_code, info->si_pid == getpid(), info->si_uid == getuid());
}
static void show_order(const char *what) {
  printf("%s:", what);
  for (int i = 0; i < count; i++) printf(" %d", order[i]);
  printf("\n");
  count = 0;
}
struct kernel_action { void *handler; unsigned long flags; void *restorer; unsigned long mask; };

int main(void) {
  struct sigaction act, old;
  memset(&act, 0, sizeof act);
  act.sa_handler = record;
  SHOW(sigaction(0, &act, NULL));
  SHOW(sigaction(65, &act, NULL));
  SHOW(sigaction(SIGKILL, &act, NULL));
  SHOW(sigaction(SIGSTOP, &act, NULL));
  SHOW(sigaction(SIGKILL, NULL, &old));
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, BAD_POINTER, NULL, 8));
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, BAD_POINTER, 8));
  struct kernel_action raw = {SIG_DFL, 0xffffffff & ~0x400ul, 0, ~0ul}, got;
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, &raw, NULL, 8));
  SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &got, 8));
  NOTE("flags %#lx mask %#lx", got.flags, got.mask);
  SHOW(kill(getpid(), 65));
  SHOW(kill(getpid(), -1));
  SHOW(kill(999999, 0));
  SHOW(kill(getpid(), 0));
  SHOW(syscall(SYS_tkill, 0, SIGUSR1));
  SHOW(syscall(SYS_tkill, -1, SIGUSR1));
  SHOW(syscall(SYS_tgkill, getpid(), 999999, SIGUSR1));
  SHOW(syscall(SYS_tgkill, 1, getpid(), SIGUSR1));
  SHOW(syscall(SYS_tgkill, getpid(), getpid(), 0));

  /* masks */
  sigset_t set, before;
  sigfillset(&set);
  SHOW(sigprocmask(SIG_SETMASK, &set, NULL));
  unsigned long mask = 0;
  SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8));
  NOTE("KILL and STOP not blocked: %d", (mask & 0x40100) == 0);
  SHOW(syscall(SYS_rt_sigprocmask, 77, &mask, NULL, 8));
  SHOW(syscall(SYS_rt_sigprocmask, 77, NULL, NULL, 8));
  SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 4));
  SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD_POINTER, NULL, 8));
  for (int number = 1; number < 65; number++) if (number != SIGKILL && number != SIGSTOP && number != SIGCHLD) signal(number, record);
  raise(SIGTERM);
  raise(SIGUSR2);
  raise(SIGHUP);
  raise(SIGSEGV);
  raise(SIGUSR2);
  kill(getpid(), SIGRTMIN + 2);
  kill(getpid(), SIGRTMIN + 2);
  kill(getpid(), SIGRTMIN);
  syscall(SYS_tkill, getpid(), SIGRTMIN + 1);
  SHOW(sigpending(&set));
  for (int number = 1; number < 65; number++) if (sigismember(&set, number)) printf("pending %d\n", number);
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  show_order("order of handlers");

  /* masks during handlers */
  act.sa_handler = nested;
  sigemptyset(&act.sa_mask);
  sigaddset(&act.sa_mask, SIGHUP);
  act.sa_flags = 0;
  sigaction(SIGUSR1, &act, NULL);
  raise(SIGUSR1);
  act.sa_flags = SA_NODEFER;
  sigaction(SIGUSR1, &act, NULL);
  raise(SIGUSR1);
  act.sa_flags = SA_RESETHAND;
  sigaction(SIGUSR1, &act, NULL);
  raise(SIGUSR1);
  sigaction(SIGUSR1, NULL, &old);
  NOTE("reset: %d flags %#x", old.sa_handler == SIG_DFL, old.sa_flags & ~0x04000000);
  sigprocmask(SIG_BLOCK, NULL, &before);
  NOTE("mask restored: %d", !sigismember(&before, SIGUSR1) && !sigismember(&before, SIGHUP));
  act.sa_sigaction = with_info;
  act.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &act, NULL);
  kill(getpid(), SIGUSR1);
  raise(SIGUSR1);
  union sigval value = {.sival_int = 5};
  SHOW(sigqueue(getpid(), SIGUSR1, value));

  /* ignored signals do not stay pending */
  sigfillset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  signal(SIGUSR1, record);
  raise(SIGUSR1);
  signal(SIGUSR1, SIG_IGN);
  sigpending(&set);
  NOTE("pending after ignoring: %d", sigismember(&set, SIGUSR1));
  raise(SIGUSR1);
  sigpending(&set);
  NOTE("blocked and ignored stays pending: %d", sigismember(&set, SIGUSR1));
  raise(SIGURG);
  signal(SIGURG, SIG_DFL);
  sigpending(&set);
  NOTE("ignored by default: %d", sigismember(&set, SIGURG));
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  for (int number = 1; number < 65; number++) if (number != SIGKILL && number != SIGSTOP && number != 32 && number != 33) signal(number, SIG_DFL);
  for (int number = 1; number < 65; number++) {
    if (number >= 32 && number < 34) continue;
    int status;
    pid_t pid = fork();
    if (pid == 0) { raise(number); _exit(0); }
    waitpid(pid, &status, WUNTRACED);
    char name[32];
    snprintf(name, sizeof name, "default of %d", number);
    if (WIFSIGNALED(status)) NOTE("%s: killed by %d", name, WTERMSIG(status));
    else show_status(name, status);
    if (WIFSTOPPED(status)) { kill(pid, SIGKILL); waitpid(pid, &status, 0); }
  }
  return 0;
}

/* What execve(2) keeps and what it resets: signals, timers, ids, limits, threads, close-on-exec, robust lists, names.
   covers: execve execveat prctl set_robust_list get_robust_list sigaltstack timer_create alarm umask setrlimit */
#include "observe.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

static char self[4096];
static void handler(int number) { (void)number; }

static int report(void) {
  struct rlimit limit;
  struct sigaction act;
  sigset_t pending, blocked;
  void *head;
  size_t size;
  int number = -1;
  getrlimit(RLIMIT_NOFILE, &limit);
  sigpending(&pending);
  sigprocmask(SIG_BLOCK, NULL, &blocked);
  NOTE("files %ld umask %o nice %d", (long)limit.rlim_cur, umask(0), getpriority(PRIO_PROCESS, 0));
  NOTE("pending USR1 %d RT %d, blocked USR1 %d", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGRTMIN + 2), sigismember(&blocked, SIGUSR1));
  sigaction(SIGUSR2, NULL, &act);
  NOTE("handler %s", act.sa_handler == SIG_DFL ? "default" : act.sa_handler == SIG_IGN ? "ignored" : "kept");
  sigaction(SIGHUP, NULL, &act);
  NOTE("handler %s flags %#x", act.sa_handler == SIG_DFL ? "default" : act.sa_handler == SIG_IGN ? "ignored" : "kept", act.sa_flags & ~0x04000000);
  NOTE("alarm left %d", alarm(0) > 0);
  NOTE("timer gone %d", syscall(SYS_timer_getoverrun, 0) < 0);
  prctl(PR_GET_PDEATHSIG, &number);
  NOTE("death signal %d, keepcaps %d, no new privileges %d, dumpable %d, slack %d, subreaper %d", number, prctl(PR_GET_KEEPCAPS), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
       prctl(PR_GET_DUMPABLE), prctl(PR_GET_TIMERSLACK), (prctl(PR_GET_CHILD_SUBREAPER, &number), number));
  NOTE("persona %#x", personality(0xffffffff) & ADDR_NO_RANDOMIZE);
  NOTE("threads: pid is tid %d", getpid() == (pid_t)syscall(SYS_gettid));
  NOTE("fds %d %d %d", fcntl(50, F_GETFD), fcntl(51, F_GETFD), fcntl(52, F_GETFD));
  NOTE("uid %d %d gid %d", getuid(), geteuid(), getgid());
  syscall(SYS_get_robust_list, 0, &head, &size);
  NOTE("scheduler %d", sched_getscheduler(0));
  char name[16];
  prctl(PR_GET_NAME, name);
  NOTE("name %s", name);
  return 31;
}

static void *executes(void *argument) {
  (void)argument;
  char *arguments[] = {"x", "report", NULL};
  execve("./exec-link", arguments, (char *[]){NULL});
  NOTE("failed %s", errno_name(errno));
  return NULL;
}
static void *spins(void *argument) { for (;;) pause(); return argument; }

static void prepare(void) {
  sigset_t set;
  signal(SIGUSR2, handler);
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_handler = SIG_IGN;
  act.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &act, NULL);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN + 2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  kill(getpid(), SIGUSR1);
  sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 1});
  timer_t id;
  timer_create(CLOCK_MONOTONIC, NULL, &id);
  alarm(100);
  prctl(PR_SET_PDEATHSIG, SIGURG);
  prctl(PR_SET_KEEPCAPS, 1);
  prctl(PR_SET_TIMERSLACK, 70000);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_NAME, "renamed");
  umask(0137);
  struct rlimit limit = {100, 200};
  setrlimit(RLIMIT_NOFILE, &limit);
  personality(ADDR_NO_RANDOMIZE);
  setpriority(PRIO_PROCESS, 0, 3);
  sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
  dup2(0, 50);
  dup3(0, 51, O_CLOEXEC);
  fcntl(dup2(0, 52), F_SETFD, FD_CLOEXEC);
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "report") == 0) return report();
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  self[length < 0 ? 0 : length] = 0;
  unlink("exec-link");
  SHOW(symlink(self, "exec-link"));
  setpriority(PRIO_PROCESS, 0, 0);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){500, 1000});
  IN_CHILD("exec", { prepare(); executes(NULL); });
  IN_CHILD("exec from another thread", {
    pthread_t threads[3];
    prepare();
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, spins, NULL);
    pthread_create(&threads[2], NULL, executes, NULL);
    for (;;) pause();
  });
  IN_CHILD("exec after vfork", {
    prepare();
    pid_t pid = vfork();
    int status;
    if (pid == 0) { executes(NULL); _exit(1); }
    waitpid(pid, &status, 0);
    show_status("it", status);
    NOTE("own handler kept %d", signal(SIGUSR2, SIG_DFL) == handler);
  });

  /* set-user-ID programs */
  int from = open(self, O_RDONLY), to = open("setuid-program", O_CREAT | O_WRONLY | O_TRUNC, 0755);
  char *buffer = malloc(1 << 16);
  while ((length = read(from, buffer, 1 << 16)) > 0) write(to, buffer, length);
  fchown(to, 1234, 4321);
  fchmod(to, 06755);
  close(to);
  char *arguments[] = {"x", "report", NULL};
  IN_CHILD("set-user-ID", { prctl(PR_SET_PDEATHSIG, SIGURG); execve("./setuid-program", arguments, (char *[]){NULL}); NOTE("failed"); });
  IN_CHILD("set-user-ID without new privileges", { prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); execve("./setuid-program", arguments, (char *[]){NULL}); NOTE("failed"); });
  unlink("setuid-program");

  /* the limit of processes, looked at by execve */
  pid_t other = fork();
  if (other == 0) { setresuid(4323, 4323, 4323); for (;;) pause(); }
  usleep(30000);
  IN_CHILD("too many processes", {
    struct rlimit limit = {0, 50};
    setrlimit(RLIMIT_NPROC, &limit);
    SHOW(setresuid(4323, 4323, 4323));
    SHOW(execve("/does/not/exist", arguments, (char *[]){NULL}));
    SHOW(execve("/does/not/exist", arguments, (char *[]){NULL}));
    SHOW(fork());
    limit.rlim_cur = 50;
    setrlimit(RLIMIT_NPROC, &limit);
    SHOW(execve("/does/not/exist", arguments, (char *[]){NULL}));
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_NPROC, &limit);
    SHOW(execve("/does/not/exist", arguments, (char *[]){NULL}));
  });
  kill(other, SIGKILL);
  waitpid(other, NULL, 0);
  unlink("exec-link");
  return 0;
}

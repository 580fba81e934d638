/* clone(2), clone3(2), vfork(2), unshare(2), threads.
   covers: clone clone3 vfork unshare pidfd_open pidfd_send_signal waitid exit exit_group gettid */
#include "observe.h"
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <signal.h>
#include <sys/syscall.h>

static char stack[65536] __attribute__((aligned(16)));
static volatile int shared;
static int tid_word;

static int thread_body(void *argument) {
  shared = (int)(long)argument;
  return 5;
}
static void *run(void *argument) {
  shared += (int)(long)argument;
  return (void *)(long)(getpid() == (pid_t)syscall(SYS_gettid));
}
static long clone3(struct clone_args *args, size_t size) { return syscall(SYS_clone3, args, size); }

int main(void) {
  int status;
  SHOW(syscall(SYS_clone, CLONE_THREAD, stack + sizeof stack, 0, 0, 0));
  SHOW(syscall(SYS_clone, CLONE_SIGHAND, stack + sizeof stack, 0, 0, 0));
  SHOW(syscall(SYS_clone, CLONE_THREAD | CLONE_SIGHAND, stack + sizeof stack, 0, 0, 0));

  pid_t pid = clone(thread_body, stack + sizeof stack, CLONE_VM | SIGCHLD, (void *)41);
  waitpid(pid, &status, 0);
  show_status("CLONE_VM", status);
  NOTE("shared memory: %d", shared);
  pid = clone(thread_body, stack + sizeof stack, SIGCHLD, (void *)42);
  waitpid(pid, &status, 0);
  NOTE("own memory: %d", shared);
  pid = clone(thread_body, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, (void *)43);
  NOTE("vfork waited: %d", shared);
  waitpid(pid, &status, 0);

  pid_t parent_tid = 0;
  pid = clone(thread_body, stack + sizeof stack, CLONE_VM | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, (void *)44,
              &parent_tid, NULL, &tid_word);
  waitpid(pid, &status, 0);
  NOTE("parent tid %d child tid %d", parent_tid == pid, tid_word == pid);

  /* CLONE_FILES, CLONE_FS */
  int fd = open("/dev/null", O_RDONLY);
  pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) { close(fd); _exit(0); }
  waitpid(pid, &status, 0);
  SHOW(close(fd));
  pid = syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) { chdir("/proc"); umask(0123); _exit(0); }
  waitpid(pid, &status, 0);
  char path[100];
  NOTE("cwd %s umask %o", getcwd(path, sizeof path), umask(022));
  chdir("/");
  pid = syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) { syscall(SYS_unshare, CLONE_FS); chdir("/proc"); _exit(0); }
  waitpid(pid, &status, 0);
  NOTE("cwd %s", getcwd(path, sizeof path));
  SHOW(syscall(SYS_unshare, 0x1));
  SHOW(unshare(CLONE_FILES));

  /* clone3 */
  struct clone_args args;
  memset(&args, 0, sizeof args);
  SHOW(clone3(&args, 8));
  SHOW(clone3(&args, 8192));
  SHOW(clone3(BAD_POINTER, sizeof args));
  args.exit_signal = 70;
  SHOW(clone3(&args, sizeof args));
  args.exit_signal = SIGCHLD;
  args.stack = (long)stack;
  SHOW(clone3(&args, sizeof args));
  args.stack = 0;
  args.flags = CLONE_DETACHED;
  SHOW(clone3(&args, sizeof args));
  args.flags = SIGCHLD;
  SHOW(clone3(&args, sizeof args));
  args.flags = CLONE_SIGHAND | CLONE_CLEAR_SIGHAND | CLONE_VM;
  SHOW(clone3(&args, sizeof args));
  args.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
  SHOW(clone3(&args, sizeof args));
  int pidfd = -1;
  args.flags = CLONE_PIDFD;
  args.pidfd = (long)&pidfd;
  pid = clone3(&args, sizeof args);
  if (pid == 0) _exit(33);
  NOTE("pidfd %d cloexec %d", pidfd >= 0, fcntl(pidfd, F_GETFD));
  siginfo_t info;
  SHOW(waitid(P_PIDFD, pidfd, &info, WEXITED));
  NOTE("by pidfd: %d", info.si_status);
  SHOW(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0));
  args.flags = CLONE_CLEAR_SIGHAND;
  signal(SIGUSR1, SIG_IGN);
  signal(SIGUSR2, (void (*)(int))thread_body);
  pid = clone3(&args, sizeof args);
  if (pid == 0) {
    struct sigaction one, two;
    sigaction(SIGUSR1, NULL, &one);
    sigaction(SIGUSR2, NULL, &two);
    _exit((one.sa_handler == SIG_IGN) * 2 + (two.sa_handler == SIG_DFL));
  }
  waitpid(pid, &status, 0);
  show_status("clear sighand", status);

  /* vfork */
  shared = 0;
  pid = vfork();
  if (pid == 0) { shared = 9; _exit(2); }
  NOTE("after vfork: %d", shared);
  waitpid(pid, &status, 0);
  show_status("vfork child", status);

  /* threads */
  pthread_t threads[8];
  shared = 0;
  for (long i = 0; i < 8; i++) {
    void *result;
    SHOW(pthread_create(&threads[i], NULL, run, (void *)i));
    SHOW(pthread_join(threads[i], &result));
    NOTE("tid differs from pid: %d", !result);
  }
  NOTE("sum %d", shared);
  IN_CHILD("exit_group from a thread", {
    pthread_create(&threads[0], NULL, (void *(*)(void *))(void *)exit, (void *)12);
    pause();
  });
  SHOW(syscall(SYS_pidfd_open, 0, 0));
  SHOW(syscall(SYS_pidfd_open, getpid(), 1));
  SHOW(syscall(SYS_pidfd_open, 999999, 0));
  SHOW_OK(syscall(SYS_pidfd_open, getpid(), 0));
  return 0;
}

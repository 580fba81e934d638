/* Each flag of clone(2): what parent and child share; clone3(2) argument checks; membarrier(2), unshare(2).
   covers: clone clone3 fork vfork unshare membarrier exit exit_group set_tid_address umask */
#include "observe.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static char stack[65536] __attribute__((aligned(16)));
static volatile int shared, tid_word, child_word;
static void handler(int number) { shared = number; }
static int sets_handler(void *argument) { signal(SIGUSR1, argument); return 0; }
static int exits(void *argument) { shared = 5; return (int)(long)argument; }
static int thread_exit(void *argument) { (void)argument; shared = 8; syscall(SYS_exit, 3); return 0; }
static int changes(void *argument) {
  (void)argument;
  umask(0456);
  chdir("/");
  return 0;
}
static int waits_for(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, __WALL);
  return status;
}
#define TOP (stack + sizeof stack)

int main(void) {
  int status;
  pid_t pid, self = getpid();

  /* CLONE_SIGHAND needs CLONE_VM; without it handlers are copies */
  signal(SIGUSR1, SIG_DFL);
  waits_for(clone(sets_handler, TOP, CLONE_VM | CLONE_SIGHAND | SIGCHLD, SIG_IGN));
  struct sigaction act;
  sigaction(SIGUSR1, NULL, &act);
  NOTE("shared handlers: %d", act.sa_handler == SIG_IGN);
  waits_for(clone(sets_handler, TOP, CLONE_VM | SIGCHLD, handler));
  sigaction(SIGUSR1, NULL, &act);
  NOTE("own handlers: %d", act.sa_handler == SIG_IGN);

  /* CLONE_SETTLS: the child's FS base; CLONE_PTRACE means nothing without a tracer */
  unsigned long other_tls[64] = {0};
  other_tls[32] = (unsigned long)&other_tls[32];
  for (int with = 0; with < 2; with++) {
    pid = with ? syscall(SYS_clone, CLONE_SETTLS | CLONE_PTRACE | SIGCHLD, NULL, NULL, NULL, &other_tls[32]) : fork();
    if (pid == 0) {
      unsigned long base;
      __asm__ volatile("mov %%fs:0, %0" : "=r"(base));
      __asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(base == (unsigned long)&other_tls[32] ? 6 : 7) : "rcx", "r11", "memory");
    }
    show_status("base of FS", waits_for(pid));
  }
  SHOW(syscall(SYS_clone, CLONE_SETTLS | SIGCHLD, NULL, NULL, NULL, KERNEL_POINTER));

  /* CLONE_FS */
  umask(022);
  chdir("/tmp");
  char path[PATH_MAX];
  waits_for(clone(changes, TOP, CLONE_VM | SIGCHLD, NULL));
  NOTE("own context: %s %03o", getcwd(path, sizeof path), umask(022));
  waits_for(clone(changes, TOP, CLONE_VM | CLONE_FS | SIGCHLD, NULL));
  NOTE("shared context: %s %03o", getcwd(path, sizeof path), umask(022));
  SHOW(umask(07777));
  SHOW(umask(022));

  /* CLONE_PARENT: a sibling */
  pid = fork();
  if (pid == 0) {
    pid_t sibling = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
    if (sibling == 0) _exit(getppid() == self ? 12 : 13);
    usleep(50000);
    SHOW(waitpid(sibling, &status, 0));
    _exit(0);
  }
  waits_for(pid);
  SHOW_OK(waitpid(-1, &status, 0));
  show_status("sibling", status);

  /* CLONE_CHILD_CLEARTID wakes a futex */
  tid_word = 1;
  pid = clone(exits, TOP, CLONE_VM | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, (void *)6, NULL, NULL, &tid_word);
  while (tid_word) syscall(SYS_futex, &tid_word, FUTEX_WAIT, tid_word, NULL, NULL, 0);
  NOTE("word cleared");
  show_status("child", waits_for(pid));
  /* not when the memory is not shared */
  child_word = 4;
  pid = syscall(SYS_clone, CLONE_CHILD_CLEARTID | SIGCHLD, 0, 0, &child_word, 0);
  if (pid == 0) _exit(child_word);
  show_status("own memory", waits_for(pid));
  NOTE("parent's word %d", child_word);

  /* a thread by hand: ends alone, no status for wait */
  tid_word = 1;
  pid = clone(thread_exit, TOP, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, NULL,
              &child_word, NULL, &tid_word);
  NOTE("parent tid stored %d", child_word == pid);
  while (tid_word) syscall(SYS_futex, &tid_word, FUTEX_WAIT, tid_word, NULL, NULL, 0);
  NOTE("thread ran %d", shared == 8);
  SHOW(waitpid(pid, &status, __WALL));
  while (kill(pid, 0) == 0 && syscall(SYS_tgkill, self, pid, 0) == 0) usleep(1000);
  SHOW(syscall(SYS_tgkill, self, pid, 0));

  /* exit signals */
  signal(SIGUSR2, handler);
  shared = 0;
  pid = clone(exits, TOP, CLONE_VM | SIGUSR2, (void *)7);
  SHOW(waitpid(pid, &status, 0));
  show_status("another exit signal", waits_for(pid));
  NOTE("signal %d", shared);
  pid = syscall(SYS_clone, 65, 0, 0, 0, 0);
  if (pid == 0) _exit(14);
  show_status("no such signal", waits_for(pid));
  SHOW(syscall(SYS_clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, &status, 0, 0));
  SHOW(syscall(SYS_clone, CLONE_PIDFD | CLONE_DETACHED | SIGCHLD, 0, &status, 0, 0));
  SHOW(syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, BAD_POINTER, 0, 0));
  SHOW(syscall(SYS_clone, CLONE_NEWNS | CLONE_FS | SIGCHLD, 0, 0, 0, 0));
  /* bits that are ignored */
  pid = syscall(SYS_clone, CLONE_DETACHED | CLONE_UNTRACED | CLONE_IO | CLONE_SYSVSEM | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  show_status("ignored flags", waits_for(pid));
  int pidfd = -1;
  pid = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0);
  if (pid == 0) _exit(0);
  NOTE("pidfd %d", pidfd >= 0);
  waits_for(pid);

  /* clone3 */
  struct clone_args args = {.exit_signal = SIGCHLD};
  SHOW(syscall(SYS_clone3, &args, 63));
  SHOW(syscall(SYS_clone3, &args, 4097));
  SHOW(syscall(SYS_clone3, before_hole(64), 88));
  pid = syscall(SYS_clone3, memcpy(before_hole(64), &args, 64), 64);
  if (pid == 0) _exit(1);
  show_status("first version", waits_for(pid));
  char larger[128] = {0};
  memcpy(larger, &args, sizeof args);
  pid = syscall(SYS_clone3, larger, 128);
  if (pid == 0) _exit(2);
  show_status("larger, zero", waits_for(pid));
  larger[127] = 1;
  SHOW(syscall(SYS_clone3, larger, 128));
  args.flags = 1ull << 40;
  SHOW(syscall(SYS_clone3, &args, sizeof args));
  args.flags = 0;
  args.exit_signal = 65;
  SHOW(syscall(SYS_clone3, &args, sizeof args));
  args.exit_signal = 1ull << 32;
  SHOW(syscall(SYS_clone3, &args, sizeof args));
  args.exit_signal = SIGCHLD;
  args.stack_size = 4096;
  SHOW(syscall(SYS_clone3, &args, sizeof args));
  args.stack = (long)KERNEL_POINTER;
  SHOW(syscall(SYS_clone3, &args, sizeof args));
  args.stack = args.stack_size = 0;
  args.set_tid_size = 1;
  SHOW(syscall(SYS_clone3, &args, sizeof args));
  args.set_tid_size = 0;
  args.flags = CLONE_PARENT;
  SHOW(syscall(SYS_clone3, &args, sizeof args));

  /* vfork and exit codes */
  shared = 0;
  pid = vfork();
  if (pid == 0) { shared = 11; execl("/does/not/exist", "x", NULL); _exit(shared); }
  show_status("vfork", waits_for(pid));
  NOTE("memory shared %d", shared);
  IN_CHILD("exit_group", syscall(SYS_exit_group, 0x1234));
  IN_CHILD("exit", syscall(SYS_exit, -1));

  SHOW(unshare(0));
  SHOW(unshare(CLONE_FS | CLONE_FILES | CLONE_SYSVSEM));
  SHOW(unshare(CLONE_VM));
  SHOW(unshare(CLONE_SIGHAND));
  SHOW(unshare(CLONE_THREAD));
  SHOW(unshare(CLONE_PARENT));
  SHOW(unshare(CLONE_VFORK));

  long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
  NOTE("query %d", (commands & 0x1f) == 0x1f);
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 1, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, 3, 0, 0));
  SHOW(syscall(SYS_membarrier, 1 << 20, 0, 0));
  return 0;
}

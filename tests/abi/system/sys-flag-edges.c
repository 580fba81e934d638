/* Flags that do little here, but that programs pass: each is accepted, seen by fcntl where it is kept, and changes nothing else.
   covers: open openat mprotect clone waitid faccessat faccessat2 */
#include "observe.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

static void show_open(const char *what, long fd) {
  if (fd < 0) { observe(what, fd, 1); return; }
  char buffer[8] = {0};
  NOTE("%s: flags %o", what, fcntl(fd, F_GETFL));
  SHOW(write(fd, "abc", 3));
  SHOW(pread(fd, buffer, 8, 0));
  close(fd);
}

static void opening(void) {
  static const struct { const char *name; int flag; } flags[] = {
    {"O_SYNC", O_SYNC}, {"O_DSYNC", O_DSYNC}, {"O_ASYNC", O_ASYNC}, {"O_LARGEFILE", 0100000},
  };
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    char what[64];
    snprintf(what, sizeof what, "open %s", flags[i].name);
    errno = 0;
    show_open(what, syscall(SYS_open, "file", O_CREAT | O_RDWR | flags[i].flag, 0600));
    snprintf(what, sizeof what, "openat %s", flags[i].name);
    errno = 0;
    show_open(what, syscall(SYS_openat, AT_FDCWD, "file", O_CREAT | O_RDWR | flags[i].flag, 0600));
  }
}

static volatile int ran;
static int thread_word;

static int in_thread(void *unused) {
  ran = getpid() == (int)(long)unused;
  return 0;
}

/* What is historic or about ptrace is accepted beside CLONE_THREAD. */
static void cloning(void) {
  char *stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_CLEARTID;
  thread_word = 1;
  SHOW_OK(clone(in_thread, stack + 65536, flags, (void *)(long)getpid(), NULL, NULL, &thread_word));
  for (int seen; (seen = __atomic_load_n(&thread_word, __ATOMIC_SEQ_CST)) != 0;) syscall(SYS_futex, &thread_word, FUTEX_WAIT, seen, NULL, NULL, 0);
  NOTE("the thread ran in this process: %d", ran);
  SHOW(clone(in_thread, stack + 65536, CLONE_THREAD | CLONE_VM, NULL));
  SHOW(clone(in_thread, stack + 65536, CLONE_SIGHAND, NULL));
}

static int ends(void *unused) { return 4; }

/* __WCLONE waits for children that end without SIGCHLD, __WALL for both kinds, __WNOTHREAD for those of this thread. */
static void waiting(void) {
  static const struct { const char *name; int options; } ways[] = {{"plain", 0}, {"__WCLONE", __WCLONE}, {"__WALL", __WALL}, {"__WNOTHREAD", __WNOTHREAD}};
  char *stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int with_signal = 0; with_signal < 2; with_signal++) {
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
      siginfo_t info = {0};
      char what[64];
      int child = clone(ends, stack + 65536, with_signal ? SIGCHLD : 0, NULL);
      snprintf(what, sizeof what, "waitid %s, exit signal %d", ways[i].name, with_signal ? SIGCHLD : 0);
      SHOW_AS(what, waitid(P_PID, child, &info, WEXITED | ways[i].options));
      NOTE("  status %d", info.si_status);
      waitpid(child, NULL, __WALL);
    }
  }
}

int main(void) {
  opening();
  char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SHOW(mprotect(page, 4096, PROT_READ | PROT_GROWSDOWN));
  SHOW(mprotect(page, 4096, PROT_READ | PROT_GROWSUP));
  SHOW(mprotect(page, 4096, PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN));
  cloning();
  waiting();
  SHOW(faccessat(AT_FDCWD, "file", R_OK, 0));
  SHOW(syscall(SYS_faccessat, AT_FDCWD, "file", R_OK | W_OK));
  SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", X_OK, 0));
  SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", R_OK, AT_EACCESS));
  return 0;
}

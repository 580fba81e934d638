/* Priority-inheritance futexes (futex(2)): the word, errors, hand-over, time-outs, owners that die, inherited priority.
   covers: futex */
#include "observe.h"
#include "asleep.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

static uint32_t *word;
static long futex(void *address, int operation, void *timeout) { return syscall(SYS_futex, address, operation, 0, timeout, NULL, 0); }
static void show_word(const char *what, pid_t owner) {
  uint32_t value = *word;
  pid_t tid = value & FUTEX_TID_MASK;
  NOTE("%s: owner %s waiters %d died %d", what, tid == 0 ? "none" : tid == owner ? "as expected" : "other", !!(value & FUTEX_WAITERS), !!(value & FUTEX_OWNER_DIED));
}
static void hit(int number) { (void)number; }
static struct timespec in(clockid_t clock, long ms) {
  struct timespec time;
  clock_gettime(clock, &time);
  time.tv_nsec += ms * 1000000;
  while (time.tv_nsec >= 1000000000) { time.tv_sec++; time.tv_nsec -= 1000000000; }
  return time;
}

int main(void) {
  int status;
  pid_t self = getpid(), pid;
  word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  SHOW(futex(word, FUTEX_LOCK_PI, NULL));
  show_word("locked", self);
  SHOW(futex(word, FUTEX_LOCK_PI, NULL));
  SHOW(futex(word, FUTEX_TRYLOCK_PI, NULL));
  SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));
  show_word("unlocked", self);
  SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));
  SHOW(futex(word, FUTEX_TRYLOCK_PI, NULL));
  show_word("tried", self);
  SHOW(futex((char *)word + 1, FUTEX_LOCK_PI, NULL));
  SHOW(futex((char *)word + 2, FUTEX_UNLOCK_PI, NULL));
  SHOW(futex(BAD_POINTER, FUTEX_LOCK_PI, NULL));
  SHOW(futex(BAD_POINTER, FUTEX_UNLOCK_PI, NULL));
  SHOW(futex(KERNEL_POINTER, FUTEX_LOCK_PI, NULL));
  SHOW(futex(read_only_page(), FUTEX_LOCK_PI, NULL));
  SHOW(futex(word, FUTEX_LOCK_PI | FUTEX_CLOCK_REALTIME, NULL));
  SHOW(futex(word, FUTEX_UNLOCK_PI | FUTEX_CLOCK_REALTIME, NULL));
  struct timespec bad = {0, 1000000000};
  SHOW(futex(word, FUTEX_LOCK_PI, &bad));
  SHOW(futex(word, FUTEX_LOCK_PI, BAD_POINTER));
  *word = 999999;
  SHOW(futex(word, FUTEX_LOCK_PI, NULL));
  SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));
  *word = FUTEX_OWNER_DIED;
  SHOW(futex(word, FUTEX_LOCK_PI, NULL));
  show_word("after a death", self);
  SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));
  show_word("unlocked", self);

  /* another process has it */
  *word = self;
  pid = fork();
  if (pid == 0) {
    SHOW(futex(word, FUTEX_TRYLOCK_PI, NULL));
    show_word("trylock of another's", self);
    SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));
    struct timespec soon = in(CLOCK_REALTIME, 30);
    SHOW(futex(word, FUTEX_LOCK_PI, &soon));
    soon = in(CLOCK_MONOTONIC, 30);
    SHOW(futex(word, FUTEX_LOCK_PI2, &soon));
    soon = in(CLOCK_REALTIME, 30);
    SHOW(futex(word, FUTEX_LOCK_PI2 | FUTEX_CLOCK_REALTIME, &soon));
    struct timespec past = {1, 0};
    SHOW(futex(word, FUTEX_LOCK_PI, &past));
    signal(SIGALRM, hit);
    ualarm(20000, 0);
    soon = in(CLOCK_REALTIME, 60);
    SHOW(futex(word, FUTEX_LOCK_PI, &soon));
    SHOW(futex(word, FUTEX_LOCK_PI, NULL));
    show_word("handed over", getpid());
    SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));
    show_word("free", 0);
    _exit(3);
  }
  usleep(500000);
  show_word("before unlocking", self);
  long unlocked = futex(word, FUTEX_UNLOCK_PI, NULL);
  waitpid(pid, &status, 0);
  SHOW(unlocked);
  show_status("waiter", status);

  /* the owner dies */
  pid = fork();
  if (pid == 0) { futex(word, FUTEX_LOCK_PI, NULL); usleep(100000); _exit(0); }
  while (*word == 0) usleep(1000);
  SHOW(futex(word, FUTEX_LOCK_PI, NULL));
  show_word("inherited from a dead owner", self);
  waitpid(pid, &status, 0);
  SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));

  /* a circle of two */
  uint32_t *second = word + 1;
  *word = self;
  pid = fork();
  if (pid == 0) {
    *second = getpid();
    struct timespec soon = in(CLOCK_REALTIME, 300);
    SHOW(futex(word, FUTEX_LOCK_PI, &soon));
    _exit(0);
  }
  until_asleep(pid);
  int circle = futex(second, FUTEX_LOCK_PI, NULL) < 0 ? errno : 0;
  waitpid(pid, &status, 0);
  NOTE("circle: %s", errno_name(circle));
  SHOW(futex(word, FUTEX_UNLOCK_PI, NULL));

  /* glibc's mutexes */
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  SHOW(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT));
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_t *mutex = (pthread_mutex_t *)(word + 16);
  SHOW(pthread_mutex_init(mutex, &attributes));
  SHOW(pthread_mutex_lock(mutex));
  pid = fork();
  if (pid == 0) {
    NOTE("lock in the child: %s", errno_name(pthread_mutex_lock(mutex)));
    _exit(0);
  }
  until_asleep(pid);
  unlocked = pthread_mutex_unlock(mutex);
  waitpid(pid, &status, 0);
  SHOW(unlocked);
  NOTE("lock of a dead owner: %s", errno_name(pthread_mutex_lock(mutex)));
  SHOW(pthread_mutex_consistent(mutex));
  SHOW(pthread_mutex_unlock(mutex));
  pid = fork();
  if (pid == 0) { pthread_mutex_lock(mutex); usleep(100000); _exit(0); }
  /* The word of a futex comes first. */
  while (*(volatile int *)mutex == 0) usleep(1000);
  NOTE("owner dies while another waits: %s", errno_name(pthread_mutex_lock(mutex)));
  SHOW(pthread_mutex_consistent(mutex));
  SHOW(pthread_mutex_unlock(mutex));
  waitpid(pid, &status, 0);
  return 0;
}

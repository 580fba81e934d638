/* futex(2): operations, errors, time-outs; robust lists.
   covers: futex set_robust_list get_robust_list */
#include "observe.h"
#include "asleep.h"
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

static uint32_t words[8];
static long futex(void *word, int operation, uint32_t value, void *timeout, void *word2, uint32_t value3) {
  return syscall(SYS_futex, word, operation, value, timeout, word2, value3);
}
static void *waiter(void *argument) {
  long bits = (long)argument;
  long result = bits ? futex(words, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, bits) : futex(words, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
  return (void *)result;
}
static volatile int hits;
static void hit(int number) { (void)number; hits++; }

/* FUTEX_WAKE_OP wakes waiters of the second word, too, if the comparison with its old value holds. */
static void *wait_at(void *word) { return (void *)futex(word, FUTEX_WAIT_PRIVATE, *(uint32_t *)word, NULL, NULL, 0); }
static void wake_both(void) {
  pthread_t threads[2];
  words[2] = words[3] = 7;
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, wait_at, &words[2 + i]);
  until_threads_asleep(2);
  SHOW_AS("comparison fails", futex(words + 2, FUTEX_WAKE_OP_PRIVATE, 0, (void *)1, words + 3, FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_NE, 7)) >= 0);
  SHOW_AS("comparison holds", futex(words + 2, FUTEX_WAKE_OP_PRIVATE, 5, (void *)5, words + 3, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 7)) >= 1);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  NOTE("second word %u", words[3]);
}

int main(void) {
  struct timespec brief = {0, 10000000}, bad = {0, -1}, now;
  SHOW(futex(words, FUTEX_WAIT, 1, NULL, NULL, 0));
  SHOW(futex(words, FUTEX_WAIT, 0, &brief, NULL, 0));
  SHOW(futex(words, FUTEX_WAIT, 0, &bad, NULL, 0));
  SHOW(futex(words, FUTEX_WAIT_PRIVATE, 0, &brief, NULL, 0));
  SHOW(futex((char *)words + 1, FUTEX_WAIT, 0, NULL, NULL, 0));
  SHOW(futex((char *)words + 2, FUTEX_WAKE, 1, NULL, NULL, 0));
  SHOW(futex(BAD_POINTER, FUTEX_WAIT, 0, NULL, NULL, 0));
  SHOW(futex(KERNEL_POINTER, FUTEX_WAKE, 1, NULL, NULL, 0));
  SHOW(futex(before_hole(0), FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
  SHOW(futex(words, FUTEX_WAIT, 0, BAD_POINTER, NULL, 0));
  SHOW(futex(words, FUTEX_WAKE, 1, NULL, NULL, 0));
  SHOW(futex(words, FUTEX_WAIT_BITSET, 0, &brief, NULL, 0));
  SHOW(futex(words, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
  SHOW(futex(words, 99, 1, NULL, NULL, 0));
  SHOW(futex(words, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0));
  clock_gettime(CLOCK_MONOTONIC, &now);
  SHOW(futex(words, FUTEX_WAIT_BITSET, 0, &now, NULL, 1));
  clock_gettime(CLOCK_REALTIME, &now);
  SHOW(futex(words, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &now, NULL, 1));
  SHOW(futex(words, FUTEX_CMP_REQUEUE, 1, (void *)1, words + 1, 5));
  SHOW(futex(words, FUTEX_CMP_REQUEUE, -1, (void *)1, words + 1, 0));
  SHOW(futex(words, FUTEX_REQUEUE, 1, (void *)1, words + 1, 0));

  pthread_t threads[4];
  for (long i = 0; i < 4; i++) pthread_create(&threads[i], NULL, waiter, (void *)(i == 3 ? 2l : 0l));
  until_threads_asleep(4);
  SHOW(futex(words, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 4) == 3);
  SHOW(futex(words, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0));
  for (int i = 0; i < 4; i++) {
    void *result;
    pthread_join(threads[i], &result);
    NOTE("thread %d: %ld", i, (long)result);
  }
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, waiter, NULL);
  until_threads_asleep(4);
  SHOW(futex(words, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)2, words + 1, 0));
  SHOW(futex(words, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0));
  SHOW(futex(words + 1, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0));
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);

  /* wake and change */
  words[1] = 5;
  SHOW(futex(words, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, words + 1, FUTEX_OP(FUTEX_OP_ADD, 7, FUTEX_OP_CMP_EQ, 5)));
  NOTE("word %u", words[1]);
  SHOW(futex(words, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, words + 1, FUTEX_OP(FUTEX_OP_SET, -3, FUTEX_OP_CMP_GT, 100)));
  NOTE("word %d", (int)words[1]);
  SHOW(futex(words, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, words + 1, FUTEX_OP(FUTEX_OP_ANDN, 0xff, FUTEX_OP_CMP_LT, 0)));
  NOTE("word %d", (int)words[1]);
  SHOW(futex(words, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, words + 1, FUTEX_OP(FUTEX_OP_XOR | FUTEX_OP_OPARG_SHIFT, 4, FUTEX_OP_CMP_NE, 0)));
  NOTE("word %d", (int)words[1]);
  SHOW(futex(words, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, words + 1, FUTEX_OP(9, 1, FUTEX_OP_CMP_EQ, 5)));
  words[1] = 1;
  SHOW(futex(words, FUTEX_WAKE_OP, 1, (void *)1, words + 1, FUTEX_OP(FUTEX_OP_OR, 6, FUTEX_OP_CMP_LE, 1)));
  SHOW(futex(words, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)1, words + 1, FUTEX_OP(FUTEX_OP_OR, 8, FUTEX_OP_CMP_GE, 8)));
  NOTE("word %u", words[1]);
  SHOW(futex(words, FUTEX_WAKE_OP, 1, (void *)1, BAD_POINTER, FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 0)));
  SHOW(futex(words, FUTEX_WAKE_OP, 1, (void *)1, read_only_page(), FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 0)));
  SHOW(futex(words, FUTEX_WAKE_OP, 1, (void *)1, (char *)words + 2, FUTEX_OP(FUTEX_OP_SET, 1, FUTEX_OP_CMP_EQ, 0)));
  SHOW(futex(words, FUTEX_FD, 0, NULL, NULL, 0));
  wake_both();

  /* shared between processes */
  uint32_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t pid = fork();
  if (pid == 0) _exit(futex(shared, FUTEX_WAIT, 0, NULL, NULL, 0) == 0 ? 7 : 1);
  until_asleep(pid);
  SHOW(futex(shared, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
  SHOW(futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0));
  int status;
  waitpid(pid, &status, 0);
  show_status("shared waiter", status);

  /* signals */
  struct sigaction act;
  memset(&act, 0, sizeof act);
  act.sa_handler = hit;
  act.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &act, NULL);
  ualarm(20000, 0);
  struct timespec longer = {0, 300000000};
  words[0] = 0;
  SHOW(futex(words, FUTEX_WAIT, 0, &longer, NULL, 0));
  NOTE("hits %d", hits);

  /* robust lists */
  SHOW(syscall(SYS_set_robust_list, words, 23));
  struct robust_list_head *head;
  size_t length;
  SHOW(syscall(SYS_get_robust_list, 0, &head, &length));
  NOTE("length %zu set %d", length, head != NULL);
  SHOW(syscall(SYS_get_robust_list, 999999, &head, &length));
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_t *mutex = (pthread_mutex_t *)(shared + 16);
  pthread_mutex_init(mutex, &attributes);
  pid = fork();
  if (pid == 0) { pthread_mutex_lock(mutex); _exit(0); }
  waitpid(pid, &status, 0);
  NOTE("lock of a dead owner: %s", errno_name(pthread_mutex_lock(mutex)));
  SHOW(pthread_mutex_consistent(mutex));
  SHOW(pthread_mutex_unlock(mutex));
  SHOW(pthread_mutex_lock(mutex));
  pid = fork();
  if (pid == 0) { struct timespec soon; clock_gettime(CLOCK_REALTIME, &soon); soon.tv_sec += 5; _exit(pthread_mutex_timedlock(mutex, &soon) == 0 ? 8 : 9); }
  until_asleep(pid);
  pthread_mutex_unlock(mutex);
  waitpid(pid, &status, 0);
  show_status("handed over", status);
  return 0;
}

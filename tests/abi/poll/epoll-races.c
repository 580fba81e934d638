/* epoll while other threads close what is watched, the instance itself, or take items out: no event of what is gone, none lost.
   covers: epoll_ctl epoll_wait epoll_create1 close */
#include "observe.h"
#include "asleep.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>

#define ROUNDS 1500

static int epoll, ends[2];
static volatile int stop;
static long wrong;
static long result;
static struct epoll_event events[8];

static int watch(int on, int fd, unsigned mask, unsigned long data) {
  struct epoll_event event = {.events = mask, .data.u64 = data};
  return epoll_ctl(on, EPOLL_CTL_ADD, fd, &event);
}

static void *waiter(void *unused) {
  result = epoll_wait(epoll, events, 8, -1);
  return unused;
}

static void close_instance_while_waiting(void) {
  pthread_t thread;
  epoll = epoll_create1(0);
  pipe(ends);
  watch(epoll, ends[0], EPOLLIN, 7);
  pthread_create(&thread, NULL, waiter, NULL);
  until_threads_asleep(1);
  close(epoll);
  write(ends[1], "x", 1);
  pthread_join(thread, NULL);
  NOTE("instance closed while waiting: %ld, data %lu", result, (unsigned long)events[0].data.u64);
  close(ends[0]), close(ends[1]);
}

static void close_file_while_waiting(void) {
  pthread_t thread;
  int other[2];
  epoll = epoll_create1(0);
  pipe(ends), pipe(other);
  watch(epoll, ends[0], EPOLLIN, 1);
  watch(epoll, other[0], EPOLLIN, 2);
  pthread_create(&thread, NULL, waiter, NULL);
  until_threads_asleep(1);
  close(ends[0]);
  write(other[1], "x", 1);
  pthread_join(thread, NULL);
  NOTE("file closed while waiting: %ld, data %lu", result, (unsigned long)events[0].data.u64);
  close(ends[1]), close(other[0]), close(other[1]), close(epoll);
}

/* ---- storms ---- */
static void *collect(void *unused) {
  struct epoll_event found[4];
  while (!stop) {
    int count = epoll_wait(epoll, found, 4, 0);
    if (count < 0) __sync_fetch_and_add(&wrong, 1);
    for (int i = 0; i < count; i++) if ((found[i].data.u64 >> 32) != 0x1234 || (found[i].events & ~(EPOLLIN | EPOLLHUP))) __sync_fetch_and_add(&wrong, 1);
    sched_yield();
  }
  return unused;
}

static void *come_and_go(void *how) {
  for (unsigned long i = 0; i < ROUNDS; i++) {
    int pair[2];
    pipe(pair);
    watch(epoll, pair[0], i & 1 ? EPOLLIN : EPOLLIN | EPOLLET, 0x123400000000ul + i);
    write(pair[1], "x", 1);
    if (i % 4 == 0) sched_yield();
    if (how) epoll_ctl(epoll, EPOLL_CTL_DEL, pair[0], NULL);
    close(pair[(i >> 1) & 1]), close(pair[!((i >> 1) & 1)]);
  }
  return NULL;
}

static void storm(const char *what, void *how) {
  pthread_t threads[4];
  wrong = 0, stop = 0;
  epoll = epoll_create1(0);
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, collect, NULL);
  for (int i = 2; i < 4; i++) pthread_create(&threads[i], NULL, come_and_go, how);
  pthread_join(threads[2], NULL), pthread_join(threads[3], NULL);
  stop = 1;
  pthread_join(threads[0], NULL), pthread_join(threads[1], NULL);
  NOTE("%s: %ld wrong, %d left", what, wrong, epoll_wait(epoll, events, 8, 0));
  close(epoll);
}

/* An instance within an instance, the inner one closed again and again. */
static void *nest(void *unused) {
  for (int i = 0; i < ROUNDS; i++) {
    int inner = epoll_create1(0);
    watch(inner, ends[0], EPOLLIN, 5);
    watch(epoll, inner, EPOLLIN, 0x123400000001ul);
    if (i % 4 == 0) sched_yield();
    close(inner);
  }
  stop = 1;
  return unused;
}

static void nested(void) {
  pthread_t threads[2];
  wrong = 0, stop = 0;
  epoll = epoll_create1(0);
  pipe(ends);
  write(ends[1], "x", 1);
  pthread_create(&threads[0], NULL, collect, NULL);
  pthread_create(&threads[1], NULL, nest, NULL);
  pthread_join(threads[0], NULL), pthread_join(threads[1], NULL);
  NOTE("inner instances closed: %ld wrong, %d left", wrong, epoll_wait(epoll, events, 8, 0));
  close(ends[0]), close(ends[1]), close(epoll);
}

/* ---- the buffer goes away during the call: no event is lost ---- */
static char *window;
static void *take_away(void *unused) {
  for (int i = 0; i < 2000; i++) {
    mprotect(window, 4096, i & 1 ? PROT_READ | PROT_WRITE : PROT_NONE);
    sched_yield();
  }
  mprotect(window, 4096, PROT_READ | PROT_WRITE);
  stop = 1;
  return unused;
}

static void faulting_buffer(void) {
  pthread_t thread;
  long strange = 0, lost = 0;
  int count;
  stop = 0;
  epoll = epoll_create1(0);
  window = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pipe(ends);
  watch(epoll, ends[0], EPOLLIN | EPOLLET, 9);
  pthread_create(&thread, NULL, take_away, NULL);
  while (!stop) {
    char byte;
    write(ends[1], "x", 1);
    /* Each write is one event; one that could not be delivered comes with the next call. */
    while ((count = epoll_wait(epoll, (struct epoll_event *)window, 4, 0)) < 0 && errno == EFAULT) sched_yield();
    if (count < 0) strange++;
    if (count == 0) lost++;
    read(ends[0], &byte, 1);
    sched_yield();
  }
  pthread_join(thread, NULL);
  NOTE("buffer that comes and goes: strange %ld, lost %ld", strange, lost);
  close(ends[0]), close(ends[1]), close(epoll);
}

/* EPOLLONESHOT: a disarmed item says nothing, not even that the other end is gone. */
static void disarmed(void) {
  epoll = epoll_create1(0);
  pipe(ends);
  watch(epoll, ends[0], EPOLLIN | EPOLLONESHOT, 1);
  write(ends[1], "x", 1);
  SHOW(epoll_wait(epoll, events, 8, 0));
  close(ends[1]);
  SHOW(epoll_wait(epoll, events, 8, 0));
  close(ends[0]), close(epoll);
}

int main(void) {
  close_instance_while_waiting();
  close_file_while_waiting();
  storm("files closed", NULL);
  storm("items taken out", (void *)1);
  nested();
  faulting_buffer();
  disarmed();
  return 0;
}

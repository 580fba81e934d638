/* Descriptors that another thread closes or replaces while a call works on them: the call goes on with the file it began with, whose end
   comes when the last call is done.
   covers: read write readv pread64 fstat dup2 close poll sendfile splice openat */
#include "observe.h"
#include "asleep.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define ROUNDS 100
#define SIZE 6000

static int ends[2], others[2];
static char bytes[65536];
static long result;
static int error_;

static void *reader(void *unused) {
  result = read(ends[0], bytes, sizeof bytes);
  error_ = errno;
  return unused;
}
static void *writer(void *unused) {
  result = write(ends[1], bytes, sizeof bytes);
  error_ = errno;
  return unused;
}
static void *poller(void *unused) {
  struct pollfd poll_for = {ends[0], POLLIN, 0};
  result = poll(&poll_for, 1, -1);
  error_ = poll_for.revents;
  return unused;
}

static void close_while_reading(void) {
  pthread_t thread;
  pipe(ends);
  pthread_create(&thread, NULL, reader, NULL);
  until_threads_asleep(1);
  close(ends[0]);
  SHOW(write(ends[1], "hello", 5));
  pthread_join(thread, NULL);
  NOTE("closed while reading: %ld", result);
  signal(SIGPIPE, SIG_IGN);
  SHOW(write(ends[1], "hello", 5));
  close(ends[1]);
}

static void replace_while_reading(void) {
  pthread_t thread;
  pipe(ends);
  pipe(others);
  write(others[1], "wrong pipe", 10);
  pthread_create(&thread, NULL, reader, NULL);
  until_threads_asleep(1);
  dup2(others[0], ends[0]);
  write(ends[1], "right", 5);
  pthread_join(thread, NULL);
  NOTE("replaced while reading: %ld %.5s", result, bytes);
  SHOW(read(ends[0], bytes, 64));
  close(ends[0]), close(ends[1]), close(others[0]), close(others[1]);
}

static void close_while_writing(void) {
  pthread_t thread;
  long all = 0, part;
  pipe(ends);
  write(ends[1], bytes, 4096);
  pthread_create(&thread, NULL, writer, NULL);
  until_threads_asleep(1);
  close(ends[1]);
  while ((part = read(ends[0], bytes, sizeof bytes)) > 0) all += part;
  pthread_join(thread, NULL);
  NOTE("closed while writing: %ld written, %ld read, then %ld", result, all, part);
  close(ends[0]);
}

static void close_while_polling(void) {
  pthread_t thread;
  pipe(ends);
  pthread_create(&thread, NULL, poller, NULL);
  until_threads_asleep(1);
  close(ends[0]);
  /* The poll still holds the end for reading: this is no broken pipe, and it wakes the poll. */
  SHOW(write(ends[1], "x", 1));
  pthread_join(thread, NULL);
  NOTE("closed while polling: %ld, events %#x", result, error_);
  SHOW(write(ends[1], "x", 1));
  close(ends[1]);
}

/* ---- storms: descriptor 100 is now one file, now another, now closed ---- */
#define PLACE 100
static volatile int stop;
static long wrong;
static int files[2];

static void *replacer(void *unused) {
  for (int i = 0; i < ROUNDS * 20; i++) {
    dup2(files[i & 1], PLACE);
    if (i % 3 == 0) close(PLACE);
    if (i % 7 == 0) sched_yield();
  }
  stop = 1;
  return unused;
}

/* All bytes of a file are the same letter: a call that changes files on its way mixes them. */
static void judge(const char *from, long length, int error) {
  if (length < 0 && error != EBADF) __sync_fetch_and_add(&wrong, 1);
  for (long i = 1; i < length; i++) if (from[i] != from[0]) { __sync_fetch_and_add(&wrong, 1); break; }
}

static void *user(void *which) {
  char mine[SIZE], half[2][SIZE / 2];
  struct iovec vector[2] = {{half[0], SIZE / 2}, {half[1], SIZE / 2}};
  struct stat status;
  int pair[2];
  pipe(pair);
  while (!stop) {
    long length;
    switch ((long)which) {
      case 0: length = pread(PLACE, mine, SIZE, 0); judge(mine, length, errno); break;
      case 1:
        length = preadv(PLACE, vector, 2, 0);
        if (length == SIZE && half[0][0] != half[1][0]) __sync_fetch_and_add(&wrong, 1);
        judge(half[0], length < 0 ? length : SIZE / 2, errno);
        break;
      case 2: length = fstat(PLACE, &status); if (length < 0 && errno != EBADF) __sync_fetch_and_add(&wrong, 1); break;
      default: {
        loff_t at = 0;
        length = splice(PLACE, &at, pair[1], NULL, SIZE, 0);
        int error = errno;
        if (length > 0) length = read(pair[0], mine, length);
        judge(mine, length, error);
      }
    }
  }
  close(pair[0]), close(pair[1]);
  return NULL;
}

static void storm(void) {
  pthread_t threads[5];
  char text[SIZE];
  for (int i = 0; i < 2; i++) {
    files[i] = open(i ? "b" : "a", O_RDWR | O_CREAT, 0600);
    memset(text, 'a' + i, SIZE);
    write(files[i], text, SIZE);
  }
  for (long i = 0; i < 4; i++) pthread_create(&threads[i], NULL, user, (void *)i);
  pthread_create(&threads[4], NULL, replacer, NULL);
  for (int i = 0; i < 5; i++) pthread_join(threads[i], NULL);
  NOTE("storm on one descriptor: %ld wrong", wrong);
}

/* ---- a directory's descriptor closed while a walk begins at it ---- */
static void *opener(void *unused) {
  while (!stop) {
    int fd = openat(PLACE, "inner/file", O_RDONLY);
    if (fd < 0 && errno != EBADF && errno != ENOTDIR) __sync_fetch_and_add(&wrong, 1);
    if (fd >= 0) close(fd);
  }
  return unused;
}

static void directory_storm(void) {
  pthread_t threads[3];
  mkdir("d", 0700), mkdir("d/inner", 0700), close(open("d/inner/file", O_CREAT | O_WRONLY, 0600));
  files[0] = open("d", O_RDONLY | O_DIRECTORY);
  files[1] = open("a", O_RDONLY);
  stop = 0;
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, opener, NULL);
  pthread_create(&threads[2], NULL, replacer, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  NOTE("storm on a directory's descriptor: %ld wrong", wrong);
}

int main(void) {
  close_while_reading();
  replace_while_reading();
  close_while_writing();
  close_while_polling();
  storm();
  directory_storm();
  return 0;
}

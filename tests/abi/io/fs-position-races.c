/* Threads and processes that share an open file description: reads and writes at its position are atomic, and flags of one call are not
   seen by others.
   covers: read write readv lseek getdents64 preadv2 pwritev2 pwrite64 fcntl */
#include "observe.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define WORKERS 4
#define RECORDS 600

struct record { unsigned worker, index, check; char rest[84]; };

static int fd;
static char times_seen[WORKERS][RECORDS];

static struct record make(unsigned worker, unsigned index) {
  struct record record = {worker, index, worker * 1000003u + index, {0}};
  memset(record.rest, 'a' + worker, sizeof record.rest);
  return record;
}

/* 1 if the record is whole; counts it. */
static int is_whole(const struct record *record) {
  if (record->worker >= WORKERS || record->index >= RECORDS || record->check != record->worker * 1000003u + record->index) return 0;
  for (size_t i = 0; i < sizeof record->rest; i++) if (record->rest[i] != (char)('a' + record->worker)) return 0;
  __sync_fetch_and_add(&times_seen[record->worker][record->index], 1);
  return 1;
}

static void tell(const char *what, long torn) {
  int missing = 0, twice = 0;
  for (int w = 0; w < WORKERS; w++)
    for (int i = 0; i < RECORDS; i++) missing += times_seen[w][i] == 0, twice += times_seen[w][i] > 1;
  NOTE("%s: torn %ld, missing %d, twice %d", what, torn, missing, twice);
  memset(times_seen, 0, sizeof times_seen);
}

static void *write_records(void *worker) {
  for (unsigned i = 0; i < RECORDS; i++) {
    struct record record = make((unsigned)(long)worker, i);
    struct iovec vector[2] = {{&record, 10}, {(char *)&record + 10, sizeof record - 10}};
    if (i & 1) write(fd, &record, sizeof record);
    else writev(fd, vector, 2);
    if (i % 16 == 0) sched_yield();
  }
  return NULL;
}

static long torn;
static void *read_records(void *unused) {
  for (unsigned i = 0;; i++) {
    struct record record;
    struct iovec vector[2] = {{&record, 10}, {(char *)&record + 10, sizeof record - 10}};
    long length = i & 1 ? read(fd, &record, sizeof record) : readv(fd, vector, 2);
    if (length == 0) return unused;
    if (length != sizeof record || !is_whole(&record)) __sync_fetch_and_add(&torn, 1);
    if (i % 16 == 0) sched_yield();
  }
}

static void in_threads(void *(*body)(void *)) {
  pthread_t threads[WORKERS];
  for (long i = 0; i < WORKERS; i++) pthread_create(&threads[i], NULL, body, (void *)i);
  for (int i = 0; i < WORKERS; i++) pthread_join(threads[i], NULL);
}

static void check_file(const char *what) {
  struct record record;
  long bad = 0;
  lseek(fd, 0, SEEK_SET);
  while (read(fd, &record, sizeof record) == sizeof record) bad += !is_whole(&record);
  tell(what, bad);
}

static void records(void) {
  fd = open("records", O_RDWR | O_CREAT | O_TRUNC, 0600);
  in_threads(write_records);
  SHOW(lseek(fd, 0, SEEK_CUR));
  check_file("written by threads");
  lseek(fd, 0, SEEK_SET);
  in_threads(read_records);
  tell("read by threads", torn);
  ftruncate(fd, 0);
  lseek(fd, 0, SEEK_SET);
  for (long i = 0; i < WORKERS; i++) if (fork() == 0) { write_records((void *)i); _exit(0); }
  while (wait(NULL) > 0) {}
  check_file("written by processes");
  close(fd);
}

/* ---- a directory read by several: each name once ---- */
static char names_seen[300];
static void *read_names(void *unused) {
  char buffer[256];
  long length;
  while ((length = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < length;) {
      struct dirent64 *entry = (struct dirent64 *)(buffer + at);
      if (entry->d_name[0] == 'n') __sync_fetch_and_add(&names_seen[atoi(entry->d_name + 1)], 1);
      at += entry->d_reclen;
    }
    sched_yield();
  }
  return unused;
}

static void names(void) {
  int once = 0;
  char name[16];
  mkdir("names", 0700);
  for (int i = 0; i < 300; i++) sprintf(name, "names/n%d", i), close(open(name, O_CREAT | O_WRONLY, 0600));
  fd = open("names", O_RDONLY);
  in_threads(read_names);
  for (int i = 0; i < 300; i++) once += names_seen[i] == 1;
  NOTE("names read once by threads: %d", once);
  close(fd);
}

/* ---- flags of one call ---- */
static volatile int stop;
static long wrong_place, wrong_flags, wrong_error, appended;

static void *append(void *unused) {
  struct iovec one = {"+", 1};
  for (int i = 0; i < 2000; i++) {
    if (pwritev2(fd, &one, 1, 0, RWF_APPEND) == 1) appended++;
    if (i % 8 == 0) sched_yield();
  }
  stop = 1;
  return unused;
}
static void *overwrite(void *unused) {
  while (!stop) if (pwrite(fd, "=", 1, 0) != 1) wrong_error++;
  return unused;
}
static void *look(void *unused) {
  while (!stop) {
    char first;
    if (fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK)) wrong_flags++;
    if (pread(fd, &first, 1, 0) == 1 && first != '=') wrong_place++;
    sched_yield();
  }
  return unused;
}

static void flags(void) {
  pthread_t threads[3];
  struct stat status;
  fd = open("flags", O_RDWR | O_CREAT, 0600);
  write(fd, "=", 1);
  pthread_create(&threads[0], NULL, overwrite, NULL);
  pthread_create(&threads[1], NULL, look, NULL);
  pthread_create(&threads[2], NULL, append, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  fstat(fd, &status);
  NOTE("appended %ld, size %ld, first byte lost %ld, flags seen %ld, errors %ld", appended, (long)status.st_size, wrong_place, wrong_flags, wrong_error);
  close(fd);
}

static void *try_now(void *unused) {
  unsigned long value;
  struct iovec one = {&value, sizeof value};
  while (!stop) {
    long length = preadv2(fd, &one, 1, -1, RWF_NOWAIT);
    if (length != 8 && errno != EAGAIN) wrong_error++;
    if (length == 8) value = 1, write(fd, &value, sizeof value);
    sched_yield();
  }
  return unused;
}

static void *wait_for_it(void *unused) {
  for (int i = 0; i < 500; i++) {
    unsigned long value = 1;
    if (read(fd, &value, sizeof value) != sizeof value) wrong_flags++;
    sched_yield();
    value = 1;
    if (write(fd, &value, sizeof value) != sizeof value) wrong_flags++;
  }
  stop = 1;
  return unused;
}

static void no_wait(void) {
  pthread_t threads[2];
  stop = 0, wrong_flags = 0, wrong_error = 0;
  fd = eventfd(1, 0);
  pthread_create(&threads[0], NULL, try_now, NULL);
  pthread_create(&threads[1], NULL, wait_for_it, NULL);
  pthread_join(threads[0], NULL), pthread_join(threads[1], NULL);
  NOTE("reads that may wait: %ld wrong; that may not: %ld", wrong_flags, wrong_error);
  close(fd);
}

/* ---- a buffer that another thread takes away during the call ---- */
static char *window;
static void *take_away(void *unused) {
  for (int i = 0; i < 3000; i++) {
    mprotect(window + 4096, 4096, i & 1 ? PROT_READ | PROT_WRITE : PROT_NONE);
    sched_yield();
  }
  stop = 1;
  return unused;
}

static void faulting_buffer(void) {
  pthread_t thread;
  long sum = 0, strange = 0, moved = 0;
  stop = 0;
  window = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fd = open("records", O_RDONLY);
  pthread_create(&thread, NULL, take_away, NULL);
  while (!stop) {
    struct iovec vector[2] = {{window + 4000, 500}, {window + 5000, 300}};
    long before = lseek(fd, 0, SEEK_CUR), length = readv(fd, vector, 2);
    if (length < 0 ? errno != EFAULT : length > 800) strange++;
    if (lseek(fd, 0, SEEK_CUR) != before + (length > 0 ? length : 0)) moved++;
    sum += length > 0;
    if (length == 0) lseek(fd, 0, SEEK_SET);
    sched_yield();
  }
  pthread_join(thread, NULL);
  NOTE("buffer that comes and goes: some read %d, strange %ld, position wrong %ld", sum > 0, strange, moved);
  close(fd);
}

int main(void) {
  records();
  names();
  flags();
  no_wait();
  faulting_buffer();
  return 0;
}

/* flock(2), fcntl(2) record locks: waiting, interruption, relative ranges, inheritance by fork and exec, open file descriptions, limits.
   covers: flock fcntl close */
#include "observe.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>

static int fd;
static void on_alarm(int number) { (void)number; }

static int lock(int file, int command, int type, int whence, long start, long length) {
  struct flock lock = {.l_type = type, .l_whence = whence, .l_start = start, .l_len = length};
  return fcntl(file, command, &lock);
}
#define LOCK(...) SHOW_AS("lock " #__VA_ARGS__, lock(__VA_ARGS__))

/* The first lock in the way of a write lock on a range, as another process sees it. */
static void seen(long start, long length) {
  fflush(stdout);
  if (fork() == 0) {
    struct flock lock = {.l_type = F_WRLCK, .l_start = start, .l_len = length};
    int result = fcntl(fd, F_GETLK, &lock);
    if (lock.l_type == F_UNLCK) printf("  %ld+%ld: %d free\n", start, length, result);
    else printf("  %ld+%ld: %d %s %ld+%ld\n", start, length, result, lock.l_type == F_RDLCK ? "read" : "write", (long)lock.l_start, (long)lock.l_len);
    _exit(0);
  }
  wait(NULL);
}

static void ranges(void) {
  ftruncate(fd, 1000);
  lseek(fd, 100, SEEK_SET);
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_CUR, 10, 10);
  seen(0, 0);
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_CUR, -50, 20);
  seen(0, 0);
  LOCK(fd, F_SETLK, F_RDLCK, SEEK_END, -10, 0);
  seen(500, 0);
  LOCK(fd, F_SETLK, F_RDLCK, SEEK_END, 0, -5);
  LOCK(fd, F_SETLK, F_RDLCK, SEEK_CUR, -101, 1);
  LOCK(fd, F_SETLK, F_RDLCK, 3, 0, 1);
  LOCK(fd, F_SETLK, F_UNLCK, SEEK_SET, 0, 0);
  seen(0, 0);
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_SET, 0x7fffffffffffffff, 1);
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_SET, 0x7fffffffffffffff, 2);
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_SET, 0x7ffffffffffffff0, 0x10);
  LOCK(fd, F_SETLK, F_UNLCK, SEEK_SET, 0, 0);
  /* neighbours of one kind become one lock, others stay apart */
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_SET, 10, 10);
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_SET, 20, 10);
  seen(0, 0);
  LOCK(fd, F_SETLK, F_RDLCK, SEEK_SET, 15, 5);
  seen(0, 0);
  seen(15, 5);
  seen(20, 1);
  LOCK(fd, F_SETLK, F_UNLCK, SEEK_SET, 12, 1);
  seen(0, 0);
  seen(12, 1);
  seen(13, 100);
  LOCK(fd, F_SETLK, F_UNLCK, SEEK_SET, 0, 0);
}

static void waiting(void) {
  int ends[2], status;
  char byte;
  pipe(ends);
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_SET, 0, 10);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    SHOW_AS("child at once", lock(fd, F_SETLK, F_WRLCK, SEEK_SET, 0, 10));
    write(ends[1], "x", 1);
    SHOW_AS("child waits", lock(fd, F_SETLKW, F_RDLCK, SEEK_SET, 5, 1));
    _exit(3);
  }
  read(ends[0], &byte, 1);
  usleep(50000);
  NOTE("parent lets go of a part");
  lock(fd, F_SETLK, F_UNLCK, SEEK_SET, 5, 5);
  waitpid(child, &status, 0);
  show_status("child", status);
  LOCK(fd, F_SETLK, F_UNLCK, SEEK_SET, 0, 0);
  /* a holder that ends lets go */
  child = fork();
  if (child == 0) {
    lock(fd, F_SETLK, F_WRLCK, SEEK_SET, 0, 0);
    write(ends[1], "x", 1);
    usleep(50000);
    _exit(0);
  }
  read(ends[0], &byte, 1);
  LOCK(fd, F_SETLK, F_RDLCK, SEEK_SET, 0, 1);
  LOCK(fd, F_SETLKW, F_RDLCK, SEEK_SET, 0, 1);
  waitpid(child, NULL, 0);
  /* two readers, a writer waits until a signal */
  child = fork();
  if (child == 0) {
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    LOCK(fd, F_SETLK, F_RDLCK, SEEK_SET, 0, 1);
    ualarm(50000, 0);
    LOCK(fd, F_SETLKW, F_WRLCK, SEEK_SET, 0, 1);
    struct flock left = {.l_type = F_WRLCK, .l_len = 1};
    fcntl(fd, F_GETLK, &left);
    NOTE("parent's read lock is in the way: %d", left.l_type == F_RDLCK);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  LOCK(fd, F_SETLK, F_UNLCK, SEEK_SET, 0, 0);
}

static void whole_files(void) {
  int other = open("f", O_RDWR), ends[2], status;
  char byte;
  pipe(ends);
  SHOW(flock(fd, LOCK_EX));
  SHOW(flock(fd, LOCK_EX));
  SHOW(flock(other, LOCK_SH | LOCK_NB));
  SHOW(flock(fd, LOCK_SH | LOCK_NB));
  SHOW(flock(other, LOCK_SH | LOCK_NB));
  SHOW(flock(other, LOCK_EX | LOCK_NB));
  SHOW(flock(other, LOCK_EX | LOCK_SH));
  SHOW(flock(other, 0));
  SHOW(flock(other, LOCK_UN | LOCK_NB));
  SHOW(flock(ends[0], LOCK_EX | LOCK_NB));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    write(ends[1], "x", 1);
    SHOW(flock(other, LOCK_EX));
    _exit(0);
  }
  read(ends[0], &byte, 1);
  usleep(50000);
  NOTE("unlocking");
  flock(fd, LOCK_UN);
  waitpid(child, &status, 0);
  /* the lock belongs to the description, which is still open here */
  SHOW(flock(fd, LOCK_SH | LOCK_NB));
  close(other);
  SHOW(flock(fd, LOCK_SH | LOCK_NB));
  other = open("f", O_RDONLY);
  IN_CHILD("interrupted", {
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    ualarm(50000, 0);
    SHOW(flock(other, LOCK_EX));
  });
  /* flock and record locks do not see each other */
  LOCK(fd, F_SETLK, F_WRLCK, SEEK_SET, 0, 0);
  IN_CHILD("apart", { SHOW(flock(other, LOCK_SH | LOCK_NB)); });
  flock(fd, LOCK_UN);
  LOCK(fd, F_SETLK, F_UNLCK, SEEK_SET, 0, 0);
  close(other);
}

static void descriptions(void) {
  int one = open("f", O_RDWR), two = open("f", O_RDWR), copy = dup(one), ends[2];
  char byte;
  pipe(ends);
  LOCK(one, F_OFD_SETLK, F_WRLCK, SEEK_SET, 0, 10);
  LOCK(copy, F_OFD_SETLK, F_WRLCK, SEEK_SET, 5, 10);
  LOCK(two, F_OFD_SETLK, F_WRLCK, SEEK_SET, 5, 10);
  LOCK(two, F_SETLK, F_WRLCK, SEEK_SET, 5, 10);
  close(two);
  LOCK(copy, F_OFD_SETLK, F_RDLCK, SEEK_SET, 0, 10);
  two = open("f", O_RDWR);
  LOCK(two, F_OFD_SETLK, F_RDLCK, SEEK_SET, 0, 3);
  struct flock numbered = {.l_type = F_RDLCK, .l_len = 1, .l_pid = 1};
  SHOW(fcntl(one, F_OFD_SETLK, &numbered));
  SHOW(fcntl(one, F_OFD_GETLK, &numbered));
  IN_CHILD("inherited", { LOCK(one, F_OFD_SETLK, F_UNLCK, SEEK_SET, 0, 0); });
  LOCK(two, F_OFD_SETLK, F_WRLCK, SEEK_SET, 0, 0);
  fflush(stdout);
  if (fork() == 0) {
    close(two);
    write(ends[1], "x", 1);
    LOCK(one, F_OFD_SETLKW, F_WRLCK, SEEK_SET, 0, 0);
    _exit(0);
  }
  read(ends[0], &byte, 1);
  usleep(50000);
  NOTE("closing");
  close(two);
  wait(NULL);
}

int main(void) {
  fd = open("f", O_CREAT | O_RDWR, 0644);
  ranges();
  waiting();
  whole_files();
  descriptions();
  return 0;
}

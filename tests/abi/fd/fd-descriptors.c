/* dup, dup2, dup3, close, close_range, fcntl, F_SETFL, flock, record locks, memfd seals, O_PATH.
   covers: close dup dup2 dup3 fcntl flock close_range memfd_create */
#include "observe.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static void lock_at(const char *what, int fd, int command, int type, long start, long length) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  observe(what, fcntl(fd, command, &lock), 1);
  if (command == F_GETLK || command == F_OFD_GETLK)
    printf("  type %d start %ld length %ld holder %s\n", lock.l_type, (long)lock.l_start, (long)lock.l_len, lock.l_pid == 0 ? "none" : lock.l_pid < 0 ? "description" : lock.l_pid == getppid() ? "parent" : "other");
}
#define LOCK(...) (errno = 0, lock_at("lock " #__VA_ARGS__, __VA_ARGS__))

static void in_child_locks(int fd) {
  LOCK(fd, F_GETLK, F_RDLCK, 0, 0);
  LOCK(fd, F_GETLK, F_RDLCK, 150, 10);
  LOCK(fd, F_GETLK, F_WRLCK, 60, 0);
  LOCK(fd, F_SETLK, F_RDLCK, 0, 5);
  LOCK(fd, F_SETLK, F_WRLCK, 0, 5);
  LOCK(fd, F_SETLK, F_WRLCK, 55, 5);
  LOCK(fd, F_SETLK, F_UNLCK, 0, 0);
  LOCK(fd, F_OFD_GETLK, F_WRLCK, 0, 0);
}

static void handler(int n) { (void)n; }

int main(void) {
  int fd = open("f", O_CREAT | O_RDWR, 0644), p[2];
  SHOW(dup(999)); SHOW(dup2(999, 5)); SHOW(dup2(fd, -1)); SHOW(dup2(fd, 100000)); SHOW(dup3(fd, fd, 0)); SHOW(dup3(fd, 50, 1)); SHOW(dup3(999, 50, 0));
  SHOW(dup2(fd, fd) - fd); SHOW(dup2(fd, 50)); SHOW(fcntl(50, F_GETFD)); SHOW(dup3(fd, 50, O_CLOEXEC)); SHOW(fcntl(50, F_GETFD));
  write(fd, "hello", 5); SHOW(lseek(50, 0, SEEK_CUR));
  SHOW(fcntl(fd, F_DUPFD, 60)); SHOW(fcntl(fd, F_DUPFD_CLOEXEC, 60)); SHOW(fcntl(61, F_GETFD)); SHOW(fcntl(fd, F_DUPFD, -1)); SHOW(fcntl(fd, F_DUPFD, 1 << 30));
  SHOW(close(60)); SHOW(close(60)); SHOW(close(-1)); SHOW(fcntl(60, F_GETFD)); SHOW(fcntl(fd, 12345));
  SHOW(fcntl(50, F_SETFD, 0)); SHOW(fcntl(50, F_GETFD)); SHOW(fcntl(50, F_SETFD, 7)); SHOW(fcntl(50, F_GETFD));
  /* status flags */
  printf("%o\n", fcntl(fd, F_GETFL)); SHOW(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_CREAT | O_RDONLY)); printf("%o %o\n", fcntl(fd, F_GETFL), fcntl(50, F_GETFL)); SHOW(fcntl(fd, F_SETFL, 0));
  int path = open("f", O_PATH); SHOW(fcntl(path, F_SETFL, 0)); printf("%o\n", fcntl(path, F_GETFL)); SHOW(fcntl(path, F_GETFD)); SHOW(lseek(path, 0, 0)); SHOW(fchmod(path, 0)); SHOW(flock(path, LOCK_SH)); SHOW(ioctl(path, 0x541b, 0));
  struct stat st; SHOW(fstat(path, &st)); SHOW(dup(path) > 0);
  /* close_range */
  for (int i = 70; i < 80; i++) dup2(fd, i);
  SHOW(syscall(SYS_close_range, 72, 75, 0)); SHOW(fcntl(72, F_GETFD)); SHOW(fcntl(75, F_GETFD)); SHOW(fcntl(76, F_GETFD));
  SHOW(syscall(SYS_close_range, 76, 77, 4)); SHOW(fcntl(76, F_GETFD)); SHOW(fcntl(78, F_GETFD)); SHOW(syscall(SYS_close_range, 9, 8, 0)); SHOW(syscall(SYS_close_range, 70, 80, 8)); SHOW(syscall(SYS_close_range, 70, ~0U, 0)); SHOW(fcntl(79, F_GETFD));
  /* limit */
  struct rlimit limit = {20, 20}, old; getrlimit(RLIMIT_NOFILE, &old); limit.rlim_max = old.rlim_max; setrlimit(RLIMIT_NOFILE, &limit);
  int count = 0, last = -1; while ((last = dup(fd)) >= 0) count++; NOTE("last %s", errno_name(errno)); SHOW(dup2(fd, 20)); SHOW(dup2(fd, 19)); SHOW(fcntl(fd, F_DUPFD, 20)); SHOW(pipe(p)); SHOW(open("f", O_RDONLY)); SHOW(open("made", O_CREAT | O_RDONLY, 0600)); SHOW(access("made", F_OK));
  setrlimit(RLIMIT_NOFILE, &old); close_range(8, 30, 0);
  /* flock */
  int a = open("f", O_RDWR), b = open("f", O_RDONLY);
  SHOW(flock(a, LOCK_SH)); SHOW(flock(b, LOCK_SH | LOCK_NB)); SHOW(flock(a, LOCK_EX | LOCK_NB)); SHOW(flock(b, LOCK_UN)); SHOW(flock(a, LOCK_EX | LOCK_NB)); SHOW(flock(b, LOCK_SH | LOCK_NB)); SHOW(flock(a, 77)); SHOW(flock(999, LOCK_SH));
  IN_CHILD("shared flock", SHOW(flock(a, LOCK_UN))); SHOW(flock(b, LOCK_EX | LOCK_NB)); close(b); SHOW(flock(a, LOCK_EX | LOCK_NB));
  /* record locks */
  LOCK(fd, F_SETLK, F_WRLCK, 100, 50); LOCK(fd, F_SETLK, F_RDLCK, 0, 60); LOCK(fd, F_SETLK, F_UNLCK, 120, 5); IN_CHILD("child", in_child_locks(fd));
  LOCK(fd, F_SETLK, F_WRLCK, 40, 20); IN_CHILD("child", in_child_locks(fd)); LOCK(fd, F_SETLK, 77, 0, 0); LOCK(fd, F_SETLK, F_WRLCK, -1, 5); LOCK(fd, F_SETLK, F_WRLCK, 10, -5); LOCK(fd, F_SETLK, F_WRLCK, 10, -50); LOCK(open("f", O_RDONLY), F_SETLK, F_WRLCK, 0, 0); LOCK(open("f", O_WRONLY), F_SETLK, F_RDLCK, 0, 0);
  SHOW(fcntl(fd, F_SETLK, BAD_POINTER)); close(dup(fd)); IN_CHILD("closing any descriptor releases", LOCK(fd, F_GETLK, F_WRLCK, 0, 0));
  int o1 = open("f", O_RDWR), o2 = open("f", O_RDWR); LOCK(o1, F_OFD_SETLK, F_WRLCK, 0, 10); LOCK(o2, F_OFD_SETLK, F_WRLCK, 5, 10); LOCK(o2, F_OFD_GETLK, F_WRLCK, 5, 10); LOCK(fd, F_SETLK, F_RDLCK, 5, 1); close(o1); LOCK(o2, F_OFD_SETLK, F_WRLCK, 5, 10);
  close(o2);
  struct sigaction act = {.sa_handler = handler}; sigaction(SIGALRM, &act, NULL);
  LOCK(fd, F_SETLK, F_WRLCK, 0, 1); IN_CHILD("interrupted", { alarm(1); LOCK(fd, F_SETLKW, F_WRLCK, 0, 1); });
  /* dead lock */
  LOCK(fd, F_SETLK, F_UNLCK, 0, 0); LOCK(fd, F_SETLK, F_WRLCK, 0, 1); pipe(p);
  pid_t child = fork();
  if (child == 0) { struct flock l = {.l_type = F_WRLCK, .l_start = 1, .l_len = 1}; fcntl(fd, F_SETLK, &l); write(p[1], "x", 1); l.l_start = 0; fcntl(fd, F_SETLKW, &l); _exit(0); }
  char c; read(p[0], &c, 1); usleep(200000); LOCK(fd, F_SETLKW, F_WRLCK, 1, 1); LOCK(fd, F_SETLK, F_UNLCK, 0, 0); int status; waitpid(child, &status, 0); show_status("child", status);
  /* memfd and seals */
  int m = syscall(SYS_memfd_create, "name", 2); SHOW(fcntl(m, F_GET_SEALS)); SHOW(write(m, "12345", 5)); SHOW(fcntl(m, F_ADD_SEALS, F_SEAL_GROW)); SHOW(write(m, "6", 1)); SHOW(ftruncate(m, 6)); SHOW(ftruncate(m, 4)); SHOW(fcntl(m, F_ADD_SEALS, F_SEAL_SHRINK)); SHOW(ftruncate(m, 3)); SHOW(pwrite(m, "ab", 2, 0)); SHOW(fcntl(m, F_ADD_SEALS, F_SEAL_WRITE)); SHOW(pwrite(m, "ab", 2, 0)); SHOW(fcntl(m, F_ADD_SEALS, F_SEAL_SEAL)); SHOW(fcntl(m, F_ADD_SEALS, F_SEAL_SEAL)); SHOW(fcntl(m, F_GET_SEALS)); SHOW(fcntl(m, F_ADD_SEALS, 1 << 20));
  int n = syscall(SYS_memfd_create, "name", 0); SHOW(fcntl(n, F_GET_SEALS)); SHOW(fcntl(n, F_ADD_SEALS, F_SEAL_GROW)); SHOW(fcntl(p[0], F_GET_SEALS)); SHOW(syscall(SYS_memfd_create, "n", 0x40)); SHOW(syscall(SYS_memfd_create, BAD_POINTER, 0)); fstat(n, &st); NOTE("%o %ld", st.st_mode, (long)st.st_nlink);
  /* owner */
  SHOW(fcntl(p[0], F_GETOWN)); SHOW(fcntl(p[0], F_SETOWN, getpid())); NOTE("own %d", fcntl(p[0], F_GETOWN) == getpid()); SHOW(fcntl(p[0], F_SETOWN, 999999)); SHOW(fcntl(p[0], F_SETSIG, 10)); SHOW(fcntl(p[0], F_GETSIG)); SHOW(fcntl(p[0], F_SETSIG, 100));
  return 0;
}

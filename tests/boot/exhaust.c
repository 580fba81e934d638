/* Takes all there is of one thing, then says what stopped it: "MODE: COUNT ERROR" ("ok": it had enough). The test wants a guest that survives. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(const char *mode, long count) {
  printf("%s: %ld %s\n", mode, count, errno == 0 ? "ok" : strerrorname_np(errno));
  fflush(stdout);
}

static void many_descriptors(int most) {
  struct rlimit limit = {most, most};
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* Touches anonymous memory until it is refused or the process is killed. */
static void take_memory(void) {
  for (long count = 0;; count++) {
    char *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) { report("memory", count); return; }
    for (int i = 0; i < 1 << 20; i += 4096) p[i] = 1;
  }
}

/* Full pipes: kernel objects and page frames alike. */
static void take_pipes(void) {
  static char block[65536];
  long count = 0;
  int fds[2];
  many_descriptors(100000);
  for (errno = 0; pipe2(fds, O_NONBLOCK) == 0; count++) {
    if (write(fds[1], block, sizeof block) < 0 && errno != EAGAIN) break;
    errno = 0;
  }
  report("pipes", count);
}

static void take_objects(void) {
  long count = 0;
  many_descriptors(200000);
  for (errno = 0;; count++) {
    int fd = count % 3 == 0 ? eventfd(0, 0) : count % 3 == 1 ? epoll_create1(0) : timerfd_create(CLOCK_MONOTONIC, 0);
    if (fd < 0) break;
  }
  report("objects", count);
}

/* Small files: inodes and directory entries. */
static void take_files_of(const char *mode) {
  char name[256];
  long count = 0;
  mkdir("/tmp/many", 0755);
  for (errno = 0; count < 400000; count++) {
    snprintf(name, sizeof name, "/tmp/many/%0200ld", count);
    int fd = open(name, O_CREAT | O_WRONLY, 0644);
    if (fd < 0) break;
    if (write(fd, "x", 1) < 0) { close(fd); break; }
    close(fd);
  }
  int error = errno;
  for (long i = 0; i <= count; i++) {
    snprintf(name, sizeof name, "/tmp/many/%0200ld", i);
    unlink(name);
  }
  errno = error;
  report(mode, count);
}

static void take_files(void) { take_files_of("files"); }

/* The same where the file system says when it is full: 16 pages of 100 inodes, then 100 inodes of many pages; the root of each is one. */
static void take_full_files(void) {
  mkdir("/tmp/many", 0755);
  if (mount("none", "/tmp/many", "tmpfs", 0, "nr_blocks=16,nr_inodes=100") < 0) perror("mount");
  take_files_of("blocks");
  if (mount("none", "/tmp/many", "tmpfs", MS_REMOUNT, "nr_blocks=1000,nr_inodes=100") < 0) perror("remount");
  take_files_of("inodes");
  if (umount("/tmp/many") < 0) perror("umount");
}

/* More mappings than vm.max_map_count (65,530) allows, none of which can be merged with its neighbour; their pages are never touched. */
static void take_mappings(void) {
  long count = 0;
  for (errno = 0; count < 70000; count++) {
    if (mmap(0, 4096, count & 1 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) break;
  }
  /* The program's own mappings count, too. */
  report("mappings", count > 65400 && count < 65530 ? 65530 : count);
}

static void *wait_for_ever(void *unused) {
  for (;;) pause();
  return unused;
}

static void take_threads(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  long count = 0;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 16384);
  for (errno = 0; (errno = pthread_create(&thread, &attributes, wait_for_ever, 0)) == 0; count++) continue;
  report("threads", count);
}

/* Children of children, as a fork bomb makes them; all die with the process group. Says which errors fork gave, whoever got them. */
static void take_processes(void) {
  volatile char *seen = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  setpgid(0, 0);
  pid_t leader = fork();
  if (leader == 0) {
    for (;;) {
      if (fork() < 0) seen[errno] = 1;
      sched_yield();
    }
  }
  sleep(4);
  signal(SIGTERM, SIG_IGN);
  for (int i = 0; i < 20; i++) {
    kill(0, SIGTERM);
    while (waitpid(-1, 0, WNOHANG) > 0) continue;
    usleep(50000);
  }
  printf("processes:");
  for (int i = 0; i < 134; i++) if (seen[i]) printf(" %s", strerrorname_np(i));
  printf("\n");
}

/* Arguments as large as they may be, again and again. */
static void take_arguments(void) {
  static char *arguments[1 << 17];
  static char *environment[] = {0};
  long size = 131071;
  char *text = malloc((size_t)size + 1);
  memset(text, 'a', (size_t)size);
  text[size] = 0;
  arguments[0] = "true";
  for (int i = 1; i < 100; i++) arguments[i] = text;
  if (fork() == 0) { execve("/bin/busybox", arguments, environment); report("argv of 13 MB", errno); _exit(0); }
  wait(0);
  for (int i = 1; i < (1 << 17) - 1; i++) arguments[i] = "x";
  if (fork() == 0) { execve("/bin/busybox", arguments, environment); report("argv of 131,070 words", errno); _exit(0); }
  int status;
  wait(&status);
  errno = 0;
  report("arguments", status);
}

int main(int argc, char **argv) {
  static const struct { const char *name; void (*take)(void); } modes[] = {
    {"memory", take_memory}, {"pipes", take_pipes}, {"objects", take_objects}, {"files", take_files}, {"full", take_full_files}, {"mappings", take_mappings},
    {"threads", take_threads}, {"processes", take_processes}, {"arguments", take_arguments},
  };
  for (size_t i = 0; argc > 1 && i < sizeof modes / sizeof *modes; i++) {
    if (!strcmp(argv[1], modes[i].name)) { modes[i].take(); return 0; }
  }
  return 2;
}

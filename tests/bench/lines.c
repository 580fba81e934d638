/* The benchmark lines: one small function each. */
#define _GNU_SOURCE
#include "harness.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DIRECTORY "/tmp"
#define EACH(count) for (long i_ = 0; i_ < (count); i_++)

/* ---- entry and clocks ---- */
static void null_call(long count) { EACH(count) syscall(SYS_getppid); }
LINE(null_call, "null system call (getppid)")

static void clock_monotonic(long count) { struct timespec t; EACH(count) clock_gettime(CLOCK_MONOTONIC, &t); }
LINE(clock_monotonic, "clock_gettime")

static void clock_by_call(long count) { struct timespec t; EACH(count) syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t); }
LINE(clock_by_call, "clock_gettime by system call")

/* ---- one byte ---- */
static void transfer(const char *path, int flags, long count) {
  char byte = 0;
  int fd = MUST(open(path, flags));
  bench_start();
  if (flags == O_RDONLY) EACH(count) { if (read(fd, &byte, 1) < 0) bench_missing("read"); }
  else EACH(count) { if (write(fd, &byte, 1) != 1) bench_missing("write"); }
  bench_stop();
  close(fd);
}
static void read_zero(long count) { transfer("/dev/zero", O_RDONLY, count); }
LINE(read_zero, "read 1 byte of /dev/zero")
static void read_null(long count) { transfer("/dev/null", O_RDONLY, count); }
LINE(read_null, "read 1 byte of /dev/null")
static void write_zero(long count) { transfer("/dev/zero", O_WRONLY, count); }
LINE(write_zero, "write 1 byte to /dev/zero")
static void write_null(long count) { transfer("/dev/null", O_WRONLY, count); }
LINE(write_null, "write 1 byte to /dev/null")

/* ---- names ---- */
static void stat_root(long count) { struct stat s; EACH(count) stat("/", &s); }
LINE(stat_root, "stat(\"/\")")
static void stat_deep(long count) {
  struct stat s;
  mkdir(DIRECTORY "/a", 0755); mkdir(DIRECTORY "/a/b", 0755); mkdir(DIRECTORY "/a/b/c", 0755);
  MUST(stat(DIRECTORY "/a/b/c", &s));
  EACH(count) stat(DIRECTORY "/a/b/c", &s);
}
LINE(stat_deep, "stat of four components")
static void fstat_zero(long count) {
  struct stat s;
  int fd = MUST(open("/dev/zero", O_RDONLY));
  EACH(count) fstat(fd, &s);
  close(fd);
}
LINE(fstat_zero, "fstat")
static void open_close(long count) { MUST(access("/dev/zero", F_OK)); EACH(count) close(open("/dev/zero", O_RDONLY)); }
LINE(open_close, "open+close")

/* ---- processes ---- */
static void fork_wait(long count) {
  EACH(count) {
    pid_t child = MUST(fork());
    if (child == 0) _exit(0);
    waitpid(child, NULL, 0);
  }
}
LINE(fork_wait, "fork+exit+wait")

/* The tiny program of the exec lines: this file holds its ELF image, made by tests/bench/tiny.S. */
extern const char tiny_program[], tiny_program_end[];
static void install_tiny(void) {
  if (access(DIRECTORY "/tiny", X_OK) == 0) return;
  int fd = MUST(open(DIRECTORY "/tiny", O_WRONLY | O_CREAT | O_TRUNC, 0755));
  MUST(write(fd, tiny_program, tiny_program_end - tiny_program));
  close(fd);
}
static void fork_exec(long count) {
  install_tiny();
  char *const argv[] = {"tiny", NULL};
  EACH(count) {
    pid_t child = MUST(fork());
    if (child == 0) { execve(DIRECTORY "/tiny", argv, argv + 1); _exit(1); }
    waitpid(child, NULL, 0);
  }
}
LINE(fork_exec, "fork+exec+exit+wait")
static void vfork_exec(long count) {
  install_tiny();
  char *const argv[] = {"tiny", NULL};
  EACH(count) {
    pid_t child = vfork();
    if (child == 0) { execve(DIRECTORY "/tiny", argv, argv + 1); _exit(1); }
    waitpid(child, NULL, 0);
  }
}
LINE(vfork_exec, "vfork+exec+exit+wait")

static void *thread_body(void *argument) { return argument; }
static void thread_join(long count) {
  EACH(count) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, thread_body, NULL)) bench_missing("pthread_create");
    pthread_join(thread, NULL);
  }
}
LINE(thread_join, "thread create+join")

/* ---- switching: a token goes round a ring of processes; one operation is one pass to the next ---- */
static void ring(int members, long count) {
  int pipes[16][2];
  pid_t children[16];
  char token = 0;
  uint64_t started = 0;
  for (int i = 0; i < members; i++) MUST(pipe(pipes[i]));
  for (int i = 1; i < members; i++) {
    children[i] = MUST(fork());
    if (children[i] != 0) continue;
    while (read(pipes[i - 1][0], &token, 1) == 1 && token == 0) write(pipes[i][1], &token, 1);
    _exit(0);
  }
  long rounds = count / members + 1;
  /* The first round finds the others still starting. */
  for (long round = -1; round < rounds; round++) {
    if (round == 0) started = bench_now_ns();
    write(pipes[0][1], &token, 1);
    read(pipes[members - 1][0], &token, 1);
  }
  uint64_t used = bench_now_ns() - started;
  token = 1;
  for (int i = 1; i < members; i++) { write(pipes[i - 1][1], &token, 1); }
  for (int i = 1; i < members; i++) waitpid(children[i], NULL, 0);
  for (int i = 0; i < members; i++) { close(pipes[i][0]); close(pipes[i][1]); }
  bench_measured((uint64_t)((double)used * count / (rounds * members)));
}
static void switch_2(long count) { ring(2, count); }
LINE(switch_2, "context switch among 2")
static void switch_8(long count) { ring(8, count); }
LINE(switch_8, "context switch among 8")
static void switch_16(long count) { ring(16, count); }
LINE(switch_16, "context switch among 16")

/* ---- pipes ---- */
static void pipe_latency(long count) {
  int there[2], back[2];
  char byte = 0;
  MUST(pipe(there)); MUST(pipe(back));
  pid_t child = MUST(fork());
  if (child == 0) {
    close(there[1]);
    while (read(there[0], &byte, 1) == 1) write(back[1], &byte, 1);
    _exit(0);
  }
  for (long i = -1; i < count; i++) {
    if (i == 0) bench_start();
    write(there[1], &byte, 1);
    read(back[0], &byte, 1);
  }
  bench_stop();
  close(there[1]);
  waitpid(child, NULL, 0);
  close(there[0]); close(back[0]); close(back[1]);
}
LINE(pipe_latency, "pipe round trip")

static char block[65536];
static void pipe_bandwidth(long count) {
  int ends[2];
  MUST(pipe(ends));
  bench_bytes = sizeof block;
  pid_t child = MUST(fork());
  if (child == 0) {
    close(ends[0]);
    EACH(count) for (size_t done = 0; done < sizeof block; done += write(ends[1], block, sizeof block - done)) continue;
    _exit(0);
  }
  close(ends[1]);
  while (read(ends[0], block, sizeof block) > 0) continue;
  waitpid(child, NULL, 0);
  close(ends[0]);
}
RATE(pipe_bandwidth, "pipe bandwidth")

/* ---- memory ---- */
#define MANY_PAGES 64
static char *map_anonymous(size_t length) {
  char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) bench_missing("mmap");
  return at;
}
static void fault_anonymous(long count) {
  /* One mapping serves many faults, so that mmap and munmap weigh little. */
  for (long done = 0; done < count; done += 1024) {
    long pages = count - done < 1024 ? count - done : 1024;
    char *at = map_anonymous(pages * 4096);
    for (long page = 0; page < pages; page++) at[page * 4096] = 1;
    munmap(at, pages * 4096);
  }
}
LINE(fault_anonymous, "page fault, anonymous")
static void fault_cow(long count) {
  char *at = map_anonymous(MANY_PAGES * 4096);
  memset(at, 1, MANY_PAGES * 4096);
  uint64_t used = 0;
  for (long done = 0; done < count; done += MANY_PAGES) {
    int report[2];
    uint64_t spent;
    MUST(pipe(report));
    pid_t child = MUST(fork());
    if (child == 0) {
      uint64_t before = bench_now_ns();
      for (int page = 0; page < MANY_PAGES; page++) at[page * 4096] = 2;
      spent = bench_now_ns() - before;
      write(report[1], &spent, sizeof spent);
      _exit(0);
    }
    if (read(report[0], &spent, sizeof spent) == sizeof spent) used += spent;
    waitpid(child, NULL, 0);
    close(report[0]); close(report[1]);
  }
  munmap(at, MANY_PAGES * 4096);
  long faults = (count + MANY_PAGES - 1) / MANY_PAGES * MANY_PAGES;
  bench_measured((uint64_t)((double)used * count / faults));
}
LINE(fault_cow, "page fault, copy on write")
static void fault_file(long count) {
  int fd = MUST(open(DIRECTORY "/mapped", O_RDWR | O_CREAT | O_TRUNC, 0644));
  for (int i = 0; i < 16; i++) MUST(write(fd, block, sizeof block));
  volatile char sum = 0;
  bench_start();
  for (long done = 0; done < count; done += 256) {
    long pages = count - done < 256 ? count - done : 256;
    char *at = mmap(NULL, pages * 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) bench_missing("mmap of a file");
    for (long page = 0; page < pages; page++) sum += at[page * 4096];
    munmap(at, pages * 4096);
  }
  bench_stop();
  close(fd);
  unlink(DIRECTORY "/mapped");
}
LINE(fault_file, "page touched, file mapping")
static void map_one(long count) { EACH(count) munmap(map_anonymous(4096), 4096); }
LINE(map_one, "mmap+munmap of 1 page")
static void map_large(long count) { EACH(count) munmap(map_anonymous(64 << 20), 64 << 20); }
LINE(map_large, "mmap+munmap of 64 MiB")
static void map_touch(long count) { EACH(count) { char *at = map_anonymous(4096); *at = 1; munmap(at, 4096); } }
LINE(map_touch, "mmap+touch+munmap of 1 page")
static void protect(long count) {
  char *at = map_anonymous(4 * 4096);
  memset(at, 1, 4 * 4096);
  bench_start();
  EACH(count) mprotect(at, 4 * 4096, i_ & 1 ? PROT_READ | PROT_WRITE : PROT_READ);
  bench_stop();
  munmap(at, 4 * 4096);
}
LINE(protect, "mprotect of 4 pages")

/* ---- signals ---- */
static void signal_handler(int number) { (void)number; }
static void signal_install(long count) {
  struct sigaction action = {.sa_handler = signal_handler};
  EACH(count) sigaction(SIGUSR1, &action, NULL);
}
LINE(signal_install, "signal install")
static void signal_deliver(long count) {
  struct sigaction action = {.sa_handler = signal_handler};
  sigaction(SIGUSR1, &action, NULL);
  pid_t self = getpid();
  EACH(count) kill(self, SIGUSR1);
}
LINE(signal_deliver, "signal delivery and return")

/* ---- futex ---- */
static int futex_word;
static void futex_wait_while(int value) { while (__atomic_load_n(&futex_word, __ATOMIC_SEQ_CST) == value) syscall(SYS_futex, &futex_word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); }
static void futex_pass(int value) { __atomic_store_n(&futex_word, value, __ATOMIC_SEQ_CST); syscall(SYS_futex, &futex_word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0); }
static void *futex_partner(void *count) {
  for (long i = 0; i < (long)count; i++) { futex_wait_while(0); futex_pass(0); }
  return NULL;
}
static void futex_round_trip(long count) {
  pthread_t partner;
  futex_word = 0;
  if (pthread_create(&partner, NULL, futex_partner, (void *)(count + 1))) bench_missing("pthread_create");
  for (long i = -1; i < count; i++) {
    if (i == 0) bench_start();
    futex_pass(1);
    futex_wait_while(1);
  }
  bench_stop();
  pthread_join(partner, NULL);
}
LINE(futex_round_trip, "futex round trip")

/* ---- waiting for descriptors: pipes with a byte in the last one ---- */
static int ready_pipes[100][2];
static int open_pipes(int count) {
  char byte = 0;
  for (int i = 0; i < count; i++) MUST(pipe(ready_pipes[i]));
  write(ready_pipes[count - 1][1], &byte, 1);
  return ready_pipes[count - 1][0];
}
static void close_pipes(int count) { for (int i = 0; i < count; i++) { close(ready_pipes[i][0]); close(ready_pipes[i][1]); } }
static void select_on(int descriptors, long count) {
  int last = open_pipes(descriptors);
  bench_start();
  EACH(count) {
    fd_set set;
    struct timeval none = {0, 0};
    FD_ZERO(&set);
    for (int i = 0; i < descriptors; i++) FD_SET(ready_pipes[i][0], &set);
    select(last + 1, &set, NULL, NULL, &none);
  }
  bench_stop();
  close_pipes(descriptors);
}
static void select_1(long count) { select_on(1, count); }
LINE(select_1, "select on 1 descriptor")
static void select_100(long count) { select_on(100, count); }
LINE(select_100, "select on 100 descriptors")
static void poll_on(int descriptors, long count) {
  struct pollfd polled[100];
  open_pipes(descriptors);
  for (int i = 0; i < descriptors; i++) polled[i] = (struct pollfd){ready_pipes[i][0], POLLIN, 0};
  bench_start();
  EACH(count) poll(polled, descriptors, 0);
  bench_stop();
  close_pipes(descriptors);
}
static void poll_1(long count) { poll_on(1, count); }
LINE(poll_1, "poll on 1 descriptor")
static void poll_100(long count) { poll_on(100, count); }
LINE(poll_100, "poll on 100 descriptors")
static void epoll_on(int descriptors, long count) {
  struct epoll_event event = {.events = EPOLLIN}, found[8];
  open_pipes(descriptors);
  int epoll = MUST(epoll_create1(0));
  for (int i = 0; i < descriptors; i++) MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, ready_pipes[i][0], &event));
  bench_start();
  EACH(count) epoll_wait(epoll, found, 8, 0);
  bench_stop();
  close(epoll);
  close_pipes(descriptors);
}
static void epoll_1(long count) { epoll_on(1, count); }
LINE(epoll_1, "epoll on 1 descriptor")
static void epoll_100(long count) { epoll_on(100, count); }
LINE(epoll_100, "epoll on 100 descriptors")

/* ---- files ---- */
static void create_delete(size_t size, long count) {
  EACH(count) {
    int fd = MUST(open(DIRECTORY "/file", O_WRONLY | O_CREAT | O_EXCL, 0644));
    if (size > 0) write(fd, block, size);
    close(fd);
    unlink(DIRECTORY "/file");
  }
}
static void create_0(long count) { create_delete(0, count); }
LINE(create_0, "file create+delete, 0 KiB")
static void create_10(long count) { create_delete(10240, count); }
LINE(create_10, "file create+delete, 10 KiB")
static void file_read(long count) {
  int fd = MUST(open(DIRECTORY "/data", O_RDWR | O_CREAT | O_TRUNC, 0644));
  for (int i = 0; i < 16; i++) MUST(write(fd, block, sizeof block));
  bench_bytes = sizeof block;
  bench_start();
  EACH(count) pread(fd, block, sizeof block, (i_ & 15) * sizeof block);
  bench_stop();
  close(fd);
  unlink(DIRECTORY "/data");
}
RATE(file_read, "cached file read, 64 KiB")
static void file_write(long count) {
  int fd = MUST(open(DIRECTORY "/data", O_RDWR | O_CREAT | O_TRUNC, 0644));
  bench_bytes = sizeof block;
  for (int i = 0; i < 16; i++) MUST(write(fd, block, sizeof block));
  bench_start();
  EACH(count) pwrite(fd, block, sizeof block, (i_ & 15) * sizeof block);
  bench_stop();
  close(fd);
  unlink(DIRECTORY "/data");
}
RATE(file_write, "cached file write, 64 KiB")
static void directory_list(long count) {
  char name[64], entries[32768];
  mkdir(DIRECTORY "/many", 0755);
  for (int i = 0; i < 1000; i++) {
    snprintf(name, sizeof name, DIRECTORY "/many/file-%04d", i);
    int fd = MUST(open(name, O_WRONLY | O_CREAT, 0644));
    close(fd);
  }
  int fd = MUST(open(DIRECTORY "/many", O_RDONLY | O_DIRECTORY));
  bench_start();
  EACH(count) { lseek(fd, 0, SEEK_SET); while (syscall(SYS_getdents64, fd, entries, sizeof entries) > 0) continue; }
  bench_stop();
  close(fd);
  for (int i = 0; i < 1000; i++) { snprintf(name, sizeof name, DIRECTORY "/many/file-%04d", i); unlink(name); }
  rmdir(DIRECTORY "/many");
}
LINE(directory_list, "getdents of 1,000 entries")

/* ---- time ---- */
static void sleep_overshoot(long count) {
  struct timespec pause = {0, 100000};
  EACH(count) nanosleep(&pause, NULL);
  bench_excluded_ns = (uint64_t)count * pause.tv_nsec;
}
LINE(sleep_overshoot, "nanosleep overshoot (100 us)")

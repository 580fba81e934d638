/* Runs every program of a folder, one after the other, and frames what each prints, so that one boot serves many tests:
 *
 *   @@begin NAME
 *   …output, standard error included…
 *   @@end NAME STATUS
 *
 * STATUS is "exit N", "signal NAME" or "timeout". Where the kernel has Typix's trace (docs/measuring/profiling.md), "@@errors NAME CALL:ERRNO…" follows:
 * the numbers of the system calls that failed and how, each pair once. Each program runs in a session and a fresh working folder of its own.
 * The same runner is used on Linux and on Typix. Usage: runner FOLDER WORK SECONDS [NAME…]
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *folder, *work;

static const char trace_file[] = "/proc/typix/trace";
enum { CALLS = 512, ERRORS = 134 };

static void trace_command(const char *command) {
  int file = open(trace_file, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  if (write(file, command, strlen(command)) < 0) perror(trace_file);
  close(file);
}

/* The calls of this process are not the test's. */
static void print_errors(const char *name) {
  static char seen[CALLS][ERRORS];
  char line[256];
  unsigned task, call, error;
  unsigned long lost = 0;
  trace_command("stop");
  FILE *events = fopen(trace_file, "re");
  if (!events) return;
  memset(seen, 0, sizeof seen);
  while (fgets(line, sizeof line, events)) {
    sscanf(line, "# tsc %*u lost %lu", &lost);
    if (sscanf(line, "%*f %u call-error %u %u", &task, &call, &error) != 3) continue;
    if (task != (unsigned)getpid() && call < CALLS && error < ERRORS) seen[call][error] = 1;
  }
  fclose(events);
  printf("@@errors %s", name);
  for (int i = 0; i < CALLS; i++) {
    for (int j = 0; j < ERRORS; j++) if (seen[i][j]) printf(" %d:%d", i, j);
  }
  printf("\n");
  if (lost) printf("@@lost %s %lu\n", name, lost);
  fflush(stdout);
}

static int is_program(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static void in_child(const char *name, int output) {
  char path[512];
  sigset_t none;
  setsid();
  /* Whoever started the runner may ignore or block signals; the tests must not see that. */
  for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  snprintf(path, sizeof path, "%s/%s", work, name);
  if (mkdir(path, 0755) < 0 && errno != EEXIST) perror(path);
  if (chdir(path) < 0) perror(path);
  int null = open("/dev/null", O_RDONLY);
  dup2(null, 0);
  dup2(output, 1);
  dup2(output, 2);
  if (null > 2) close(null);
  if (output > 2) close(output);
  umask(022);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  char *const argv[] = {(char *)name, NULL};
  char *const environment[] = {"PATH=/usr/bin:/bin", "HOME=/root", "TERM=linux", NULL};
  trace_command("start errors");
  execve(path, argv, environment);
  fprintf(stderr, "runner: %s: %s\n", path, strerror(errno));
  _exit(127);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

/* Copies output until the program has ended and the pipe is drained, or the time is up. */
static void run(const char *name, double seconds) {
  char buffer[4096];
  int ends[2], status = 0, has_ended = 0, at_line_start = 1;
  double deadline = now() + seconds;
  printf("@@begin %s\n", name);
  fflush(stdout);
  if (pipe2(ends, O_CLOEXEC) < 0) { perror("pipe2"); exit(1); }
  pid_t child = fork();
  if (child < 0) { perror("fork"); exit(1); }
  if (child == 0) in_child(name, ends[1]);
  close(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  while (now() < deadline) {
    struct pollfd readable = {ends[0], POLLIN, 0};
    poll(&readable, 1, has_ended ? 0 : 20);
    ssize_t got = read(ends[0], buffer, sizeof buffer);
    if (got > 0) {
      fwrite(buffer, 1, got, stdout);
      at_line_start = buffer[got - 1] == '\n';
      continue;
    }
    if (has_ended) break;
    has_ended = waitpid(child, &status, WNOHANG) == child;
  }
  if (!at_line_start) putchar('\n');
  if (!has_ended) {
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    printf("@@end %s timeout\n", name);
  } else if (WIFSIGNALED(status)) printf("@@end %s signal %s\n", name, sigabbrev_np(WTERMSIG(status)));
  else printf("@@end %s exit %d\n", name, WEXITSTATUS(status));
  fflush(stdout);
  close(ends[0]);
  print_errors(name);
}

int main(int argc, char **argv) {
  struct dirent **entries;
  if (argc < 4) { fprintf(stderr, "usage: runner FOLDER WORK SECONDS [NAME...]\n"); return 2; }
  folder = argv[1];
  work = argv[2];
  double seconds = atof(argv[3]);
  mkdir(work, 0755);
  if (argc > 4) {
    for (int i = 4; i < argc; i++) run(argv[i], seconds);
  } else {
    int count = scandir(folder, &entries, is_program, alphasort);
    if (count < 0) { perror(folder); return 1; }
    for (int i = 0; i < count; i++) run(entries[i]->d_name, seconds);
  }
  /* Orphans of tests become the first process's children; they end with the system. */
  printf("@@done\n");
  return 0;
}

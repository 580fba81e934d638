/* Differential fuzzing: sequences of random but valid-looking system calls that print all they observe. A sequence follows from its
 * seed alone, so the same one runs on two systems and must print the same; differential.ts compares.
 *
 * Usage: differ SUBJECT FIRST COUNT STEPS     sequences FIRST … FIRST + COUNT - 1, each framed as tests/abi/support/runner.c does
 * Each runs in a process and a root (a small tmpfs) of its own. A step that would wait is interrupted by a timer.
 */
#include "differ.h"
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "descriptors.h"
#include "files.h"
#include "identity.h"
#include "memory.h"
#include "signals.h"
#include "terminals.h"

static const struct subject *const subjects[] = {&descriptors, &files, &identity, &memory, &signals, &terminals};
#define WAIT_LIMIT_US 200000
#define SEQUENCE_SECONDS 30

static void interrupt(int number) { (void)number; }

static void run_sequence(const struct subject *subject, uint64_t seed, int steps) {
  struct sigaction action = {.sa_handler = interrupt};
  struct itimerval limit = {{0, WAIT_LIMIT_US}, {0, WAIT_LIMIT_US}};
  seed_stream(seed, 11, 1);
  setsid();
  /* A working directory outside of a later chroot leads up by "..": to a directory that both systems have alike, not to their own roots. */
  if (mount("none", "/root", "tmpfs", 0, "mode=755") < 0 || mkdir("/root/above", 0755) < 0 || mkdir("/root/above/jail", 0755) < 0 ||
      mount("none", "/root/above/jail", "tmpfs", 0, "size=1m,nr_inodes=120,mode=755") < 0 || chdir("/root/above/jail") < 0 || chroot(".") < 0) {
    say("no root: %d\n", errno);
    return;
  }
  umask(022);
  sigaction(SIGALRM, &action, NULL);
  subject->prepare();
  for (step_number = 0; step_number < steps; step_number++) {
    setitimer(ITIMER_REAL, &limit, NULL);
    say("%d ", step_number);
    subject->step();
  }
  setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
}

/* One sequence in a child; prints its record and how it ended. */
static void sequence(const struct subject *subject, uint64_t seed, int steps) {
  int status = 0;
  record->length = 0;
  pid_t child = fork();
  if (child == 0) {
    run_sequence(subject, seed, steps);
    _exit(0);
  }
  for (int i = 0; waitpid(child, &status, WNOHANG) == 0; i++) {
    if (i == SEQUENCE_SECONDS * 100) kill(child, SIGKILL);
    usleep(10000);
  }
  kill(-child, SIGKILL);
  while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  while (umount2("/root", MNT_DETACH) == 0) continue;
  if (record->length > 0 && record->text[record->length - 1] != '\n') say("\n"); /* killed in the middle of a line */
  printf("@@begin %s-%llu\n%.*s@@end %s-%llu ", subject->name, (unsigned long long)seed, record->length, record->text, subject->name, (unsigned long long)seed);
  if (WIFSIGNALED(status)) printf("signal %s\n", sigabbrev_np(WTERMSIG(status)));
  else printf("exit %d\n", WEXITSTATUS(status));
  fflush(stdout);
}

/* Settings that a distribution may have changed. */
static void usual_settings(void) {
  static const char *const off[] = {"protected_hardlinks", "protected_symlinks"};
  char path[64];
  mkdir("/proc", 0555);
  mount("none", "/proc", "proc", 0, NULL);
  for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
    snprintf(path, sizeof path, "/proc/sys/fs/%s", off[i]);
    int fd = open(path, O_WRONLY);
    if (fd >= 0) { write(fd, "0", 1); close(fd); }
  }
}

int main(int argc, char **argv) {
  if (argc != 5) { fprintf(stderr, "usage: differ SUBJECT FIRST COUNT STEPS\n"); return 2; }
  /* It mounts, changes roots and signals groups: the first process of a guest is where it belongs. */
  if (getppid() > 1 && !getenv("DIFFER_THIS_MACHINE")) { fprintf(stderr, "differ: not on a system that is used for something else\n"); return 2; }
  record = mmap(NULL, sizeof *record, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (record == MAP_FAILED) { perror("mmap"); return 1; }
  usual_settings();
  uint64_t first = strtoull(argv[2], NULL, 10), count = strtoull(argv[3], NULL, 10);
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
    if (strcmp(argv[1], "all") != 0 && strcmp(argv[1], subjects[i]->name) != 0) continue;
    for (uint64_t seed = first; seed < first + count; seed++) sequence(subjects[i], seed, atoi(argv[4]));
  }
  return 0;
}

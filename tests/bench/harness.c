/* See harness.h. Usage: bench [--quick] [--list] [NAME-PREFIX…] */
#define _GNU_SOURCE
#include "harness.h"
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

uint64_t bench_bytes;
uint64_t bench_excluded_ns;
static struct bench_line *first_line, **last_link = &first_line;
static jmp_buf missing_jump;
static const char *missing_reason;

void bench_register(struct bench_line *line) {
  *last_link = line;
  last_link = &line->next;
}

void bench_missing(const char *reason) {
  missing_reason = reason;
  longjmp(missing_jump, 1);
}

uint64_t bench_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

long bench_must(long result, const char *what) {
  if (result >= 0) return result;
  static char reason[200];
  snprintf(reason, sizeof reason, "%s: %s", what, strerror(errno));
  bench_missing(reason);
}

static uint64_t started_ns, counted_ns;
static int is_counted;

void bench_start(void) {
  is_counted = 1;
  started_ns = bench_now_ns();
}

void bench_stop(void) { counted_ns += bench_now_ns() - started_ns; }

void bench_measured(uint64_t ns) {
  is_counted = 1;
  counted_ns += ns;
}

static uint64_t timed(bench_function run, long count) {
  bench_excluded_ns = counted_ns = is_counted = 0;
  uint64_t start = bench_now_ns();
  run(count);
  uint64_t elapsed = is_counted ? counted_ns : bench_now_ns() - start;
  return elapsed > bench_excluded_ns ? elapsed - bench_excluded_ns : 1;
}

/* Doubles the count until one run takes long enough, then takes the median of five runs of that count. */
static void measure(struct bench_line *line, uint64_t target_ns) {
  if (setjmp(missing_jump)) {
    printf("%s\t%s\tmissing\t%s\n", line->name, line->unit, missing_reason);
    return;
  }
  bench_bytes = 0;
  static volatile long count;
  static double samples[5];
  count = 1;
  uint64_t elapsed = timed(line->run, count);
  while (elapsed < target_ns / 2 && count < 1L << 24) {
    long grown = elapsed == 0 ? count * 100 : (long)((double)count * target_ns / elapsed);
    count = grown < count * 2 ? count * 2 : grown > count * 100 ? count * 100 : grown;
    elapsed = timed(line->run, count);
  }
  for (int i = 0; i < 5; i++) {
    double sample = (double)timed(line->run, count) / count;
    int at = i;
    for (; at > 0 && samples[at - 1] > sample; at--) samples[at] = samples[at - 1];
    samples[at] = sample;
  }
  double ns = samples[2];
  printf("%s\t%s\t%.1f\n", line->name, line->unit, line->unit[0] == 'M' ? bench_bytes * 1000.0 / ns : ns);
}

int main(int argc, char **argv) {
  uint64_t target_ns = 20000000;
  int first_name = 1;
  setvbuf(stdout, NULL, _IOLBF, 0);
  /* As the first process there is nothing mounted yet; where it is, these calls fail and nothing is lost. */
  if (getpid() == 1) {
    mkdir("/tmp", 01777); mkdir("/dev", 0755); mkdir("/proc", 0755);
    mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
    mount("proc", "/proc", "proc", 0, 0);
    mount("tmpfs", "/tmp", "tmpfs", 0, 0);
  }
  for (; first_name < argc && argv[first_name][0] == '-'; first_name++) {
    if (!strcmp(argv[first_name], "--quick")) target_ns = 2000000;
    else if (!strcmp(argv[first_name], "--list")) {
      for (struct bench_line *line = first_line; line; line = line->next) puts(line->name);
      return 0;
    } else { fprintf(stderr, "bench: unknown option %s\n", argv[first_name]); return 2; }
  }
  for (struct bench_line *line = first_line; line; line = line->next) {
    int wanted = first_name == argc;
    for (int i = first_name; i < argc; i++) wanted |= !strncmp(line->name, argv[i], strlen(argv[i]));
    if (wanted) measure(line, target_ns);
  }
  puts("bench: done");
  return 0;
}

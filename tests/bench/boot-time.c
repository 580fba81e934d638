/* The init of the boot lines: prints the TSC at its first instruction and what /proc says of memory, and powers off.
 *
 *   boot-tsc CYCLES FREQUENCY_HZ
 *   boot-entry CYCLES          where the kernel tells it (/proc/typix/boot): the TSC at kernel entry
 *   MemTotal … MemFree …       lines of /proc/meminfo
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

static uint64_t first_tsc;

__attribute__((constructor(101))) static void read_tsc(void) { first_tsc = __rdtsc(); }

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void print_lines(const char *path, const char *prefix) {
  char line[256];
  FILE *file = fopen(path, "r");
  if (!file) return;
  while (fgets(line, sizeof line, file)) if (!strncmp(line, prefix, strlen(prefix))) fputs(line, stdout);
  fclose(file);
}

int main(void) {
  uint64_t start_ns = now_ns(), start_tsc = __rdtsc();
  while (now_ns() - start_ns < 20000000) continue;
  uint64_t hz = (__rdtsc() - start_tsc) * 1000000000 / (now_ns() - start_ns);
  printf("boot-tsc %lu %lu\n", first_tsc, hz);
  mkdir("/proc", 0555);
  mount("proc", "/proc", "proc", 0, 0);
  print_lines("/proc/typix/boot", "boot-entry");
  print_lines("/proc/meminfo", "Mem");
  puts("boot-time: done");
  fflush(stdout);
  reboot(RB_POWER_OFF);
  return 0;
}

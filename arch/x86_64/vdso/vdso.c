/* The vDSO: clock functions that run in user mode without entering the kernel.
 *
 * Compiled freestanding and position-independent into a shared object of its own, which the kernel maps into every
 * program right behind the data page. No data of its own, no relocations, no libc. Clocks that the data page does not
 * describe, and all while the TSC is not usable, go to the system call. See vdso(7). */
#include "vdso-data.h"

#define SYS_gettimeofday 96
#define SYS_time 201
#define SYS_clock_gettime 228
#define SYS_clock_getres 229

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define SECOND 1000000000u
#define CPU_NUMBER_SEGMENT 0x7b

struct timespec { int64_t seconds, nanoseconds; };
struct timeval { int64_t seconds, microseconds; };
struct timezone { int32_t minutes_west, dst_time; };

extern const volatile struct vdso_data vdso_data __attribute__((visibility("hidden")));

static inline long system_call(long number, long a, long b) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
  return result;
}

static inline uint64_t read_tsc(void) {
  uint32_t low, high;
  /* Not before earlier loads: time must not run backwards between processors that synchronise by memory. */
  __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (uint64_t)high << 32 | low;
}

/* Nanoseconds of the monotonic or real-time clock; 0: the TSC is not usable. */
static inline int read_clock(int is_realtime, uint64_t *result) {
  uint32_t sequence;
  do {
    sequence = vdso_data.sequence;
    if (!vdso_data.is_tsc_usable) return 0;
    if (sequence & 1) {
      __asm__ volatile("pause");
      continue;
    }
    __asm__ volatile("" : : : "memory");
    uint64_t ticks = read_tsc() - vdso_data.base_tsc;
    uint64_t ns = (uint64_t)(((unsigned __int128)ticks * vdso_data.mult) >> vdso_data.shift);
    *result = is_realtime ? ns + vdso_data.realtime_offset : ns;
    __asm__ volatile("" : : : "memory");
  } while ((sequence & 1) || sequence != vdso_data.sequence);
  return 1;
}

int __vdso_clock_gettime(int clock, struct timespec *to) {
  uint64_t ns;
  const uint32_t realtime = 1u << CLOCK_REALTIME | 1u << CLOCK_REALTIME_COARSE;
  const uint32_t known = realtime | 1u << CLOCK_MONOTONIC | 1u << CLOCK_MONOTONIC_RAW | 1u << CLOCK_MONOTONIC_COARSE | 1u << CLOCK_BOOTTIME;
  if ((uint32_t)clock < 32 && (known >> clock & 1) && read_clock(realtime >> clock & 1, &ns)) {
    to->seconds = (int64_t)(ns / SECOND);
    to->nanoseconds = (int64_t)(ns % SECOND);
    return 0;
  }
  return (int)system_call(SYS_clock_gettime, clock, (long)to);
}

int __vdso_gettimeofday(struct timeval *to, struct timezone *zone) {
  uint64_t ns;
  if (!read_clock(1, &ns)) return (int)system_call(SYS_gettimeofday, (long)to, (long)zone);
  if (to) {
    to->seconds = (int64_t)(ns / SECOND);
    to->microseconds = (int64_t)(ns % SECOND / 1000);
  }
  if (zone) zone->minutes_west = zone->dst_time = 0;
  return 0;
}

int64_t __vdso_time(int64_t *to) {
  uint64_t ns;
  if (!read_clock(1, &ns)) return system_call(SYS_time, (long)to, 0);
  int64_t seconds = (int64_t)(ns / SECOND);
  if (to) *to = seconds;
  return seconds;
}

int __vdso_clock_getres(int clock, struct timespec *to) {
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_BOOTTIME:
      if (to) {
        to->seconds = 0;
        to->nanoseconds = 1;
      }
      return 0;
  }
  return (int)system_call(SYS_clock_getres, clock, (long)to);
}

/* The processor's number is the limit of a segment that the kernel sets up for this. */
long __vdso_getcpu(unsigned *cpu, unsigned *node, void *unused) {
  (void)unused;
  uint32_t limit;
  __asm__ volatile("lsl %1, %0" : "=r"(limit) : "r"(CPU_NUMBER_SEGMENT) : "cc");
  if (cpu) *cpu = limit & 0xfff;
  if (node) *node = limit >> 12;
  return 0;
}

int clock_gettime(int, struct timespec *) __attribute__((weak, alias("__vdso_clock_gettime")));
int gettimeofday(struct timeval *, struct timezone *) __attribute__((weak, alias("__vdso_gettimeofday")));
int64_t time(int64_t *) __attribute__((weak, alias("__vdso_time")));
int clock_getres(int, struct timespec *) __attribute__((weak, alias("__vdso_clock_getres")));
long getcpu(unsigned *, unsigned *, void *) __attribute__((weak, alias("__vdso_getcpu")));

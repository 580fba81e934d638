/* The benchmark program's own small harness: a line is a function that does one operation `count` times.
 *
 * LINE(name, unit, function)   nanoseconds per operation, fewer is better
 * RATE(name, function)         bytes per operation given by bench_bytes; printed as MB/s, more is better
 * The program prints "name<TAB>unit<TAB>value" a line; tests/bench/guests.ts reads it. A line whose set-up fails prints
 * "name<TAB>unit<TAB>missing<TAB>reason" and is listed, not hidden.
 */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H
#include <stdint.h>

typedef void (*bench_function)(long count);

struct bench_line {
  const char *name;
  const char *unit; /* "ns", or "MB/s" */
  bench_function run;
  struct bench_line *next;
};

void bench_register(struct bench_line *line);
/* A line's function calls this instead of going on when the system lacks something. Does not return. */
void bench_missing(const char *reason) __attribute__((noreturn));
/* Bytes that one operation of a "MB/s" line moves. */
extern uint64_t bench_bytes;
/* What lies between these two counts, where a function has set-up and cleaning-up to do; else all of it. May be called repeatedly. */
void bench_start(void);
void bench_stop(void);
/* Nanoseconds of the measured time that are not the line's: the wanted length of a sleep, say. */
extern uint64_t bench_excluded_ns;
/* Says what was measured elsewhere (in a child) instead. */
void bench_measured(uint64_t ns);
uint64_t bench_now_ns(void);
/* Ends the program with a message when a call that must work does not. */
#define MUST(expression) bench_must((long)(expression), #expression)
long bench_must(long result, const char *what);

#define BENCH_REGISTER(id, title, its_unit, function)                                      \
  static struct bench_line bench_line_##id = {title, its_unit, function, 0};               \
  __attribute__((constructor)) static void bench_register_##id(void) { bench_register(&bench_line_##id); }
/* Used after the function: LINE(null_call, "null system call") for `static void null_call(long count)`. */
#define LINE(function, title) BENCH_REGISTER(function, title, "ns", function)
#define RATE(function, title) BENCH_REGISTER(function, title, "MB/s", function)
#endif

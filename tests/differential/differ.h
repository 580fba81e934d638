/* What the subjects share: random choices, system calls with their errno, and the record of what was observed. */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../fuzz/random.h"

/* A sequence of steps about one subject. `prepare` runs once in the sequence's fresh root, `step` as often as asked. */
struct subject {
  const char *name;
  void (*prepare)(void);
  void (*step)(void);
};

/* What one sequence has printed so far; shared with the parent, so that nothing is lost when the sequence is killed. */
#define RECORD_BYTES (1 << 20)
struct record { unsigned length; char text[RECORD_BYTES]; };
static struct record *record;
static int step_number;

__attribute__((format(printf, 1, 2), unused)) static void say(const char *format, ...) {
  va_list list;
  va_start(list, format);
  unsigned room = RECORD_BYTES - record->length;
  int length = vsnprintf(record->text + record->length, room, format, list);
  va_end(list);
  if (length > 0 && (unsigned)length < room) record->length += length;
}

/* Ends a line with a result: a number, or the name of an errno. */
__attribute__((unused)) static long result(long value) {
  if (value < 0 && value >= -133) {
    const char *name = strerrorname_np(-value);
    say(" = -%s\n", name ? name : "?");
  } else say(" = %ld\n", value);
  return value;
}
/* The same where the number itself differs by nature: only whether it worked. */
__attribute__((unused)) static long worked(long value) {
  if (value < 0) return result(value);
  say(" = ok\n");
  return value;
}

static inline long or_errno(long value) { return value < 0 ? -errno : value; }
/* A system call; its result, or the negative errno. */
#define SYS(...) or_errno(syscall(__VA_ARGS__))

#define PICK(list) ((list)[below(sizeof(list) / sizeof *(list))])

/* Some of the bits. */
__attribute__((unused)) static unsigned long some_of(const unsigned long *bits, int count, int most) {
  unsigned long value = 0;
  for (int i = below(most + 1); i > 0; i--) value |= bits[below(count)];
  return value;
}
#define SOME(list, most) some_of(list, sizeof(list) / sizeof *(list), most)

__attribute__((unused)) static unsigned hash(const void *bytes, size_t length) {
  unsigned value = 2166136261u;
  for (size_t i = 0; i < length; i++) value = (value ^ ((const unsigned char *)bytes)[i]) * 16777619u;
  return value;
}

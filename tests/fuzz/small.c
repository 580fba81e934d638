/* A program to mutate: data, bss, read-only data and code, and with a C library a few calls into it. */
static int counter = 3, zeroes[2000];
static const char text[] = "hello\n";

static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

static int work(void) {
  for (int i = 0; i < 2000; i++) zeroes[i] += counter++;
  return call(1, 1, (long)text, sizeof text - 1) > 0 && zeroes[1999] > 0 ? 0 : 1;
}

#ifdef FREESTANDING
__attribute__((force_align_arg_pointer)) void _start(void) { call(60, work(), 0, 0); }
#else
#include <stdlib.h>
int main(void) { free(malloc(100)); return work(); }
#endif

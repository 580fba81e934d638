/* Random numbers of the fuzzers, all from one seed a stream (xorshift64*), and numbers worth trying. */
#pragma once
#include <stdint.h>

static __thread uint64_t state = 1;

static uint64_t next(void) {
  state ^= state >> 12; state ^= state << 25; state ^= state >> 27;
  return state * 0x2545f4914f6cdd1d;
}
static uint64_t below(uint64_t limit) { return (next() >> 11) % limit; }
static int chance(int percent) { return below(100) < (uint64_t)percent; }
static void seed_stream(uint64_t seed, uint64_t a, uint64_t b) {
  state = seed * 0x9e3779b97f4a7c15 ^ a << 48 ^ b << 20 ^ 0xd1b54a32d192ed03;
  if (state == 0) state = 1;
  for (int i = 0; i < 8; i++) next();
}

static const uint64_t interesting[] = {
  0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096, 4097, 8192, 65535, 65536, 0x7fffffff,
  0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, (uint64_t)-1, (uint64_t)-2, (uint64_t)-4096, (uint64_t)-100,
};
static uint64_t number(void) {
  switch (below(4)) {
    case 0: return interesting[below(sizeof interesting / sizeof interesting[0])];
    case 1: return below(16);
    case 2: return 1ull << below(64);
    default: return next() >> below(64);
  }
}

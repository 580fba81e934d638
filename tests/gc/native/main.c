/* Runs programs of the kernel's language as a Linux process: linear memory is mapped at a fixed address, programs run
 * on stacks of their own and switch at each `pause`. Prints one line "program result" each.
 * Arguments: seed, first program, number of programs, 1 for stress mode. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../../../toolchain/native/wasm-homes.h"

typedef uint32_t u32;
typedef uint64_t u64;
#define LINEAR_BASE 0x40000000ull
#define LINEAR_BYTES (512u << 20)
#define STACKS 3
#define STACK_BYTES (512u << 10)

void wasm2c_kernel_start(void);
void w2c_kernel_gcMarkWord(u32 address);
u32 w2c_kernel_run(u32 program, u32 seed);
void w2c_kernel_stress(u32 on);
extern u32 wasm_rt_memory_pages;
void switch_stack(u64 *saved, u64 to);
void scan_current(u64 end);

static struct { u64 saved, top; u32 next, isLive; struct wasm_homes *homes; } stacks[STACKS];
static u64 main_saved;
static int current = -1;
static u32 seed, first, count;
static u32 results[100000];

void scan_range(u64 from, u64 end) {
  u64 bytes = (u64)wasm_rt_memory_pages << 16;
  for (; from < end; from += 8) {
    u64 word = *(u64 *)from;
    u32 low = (u32)word, high = (u32)(word >> 32);
    if (low < bytes) w2c_kernel_gcMarkWord(low);
    if (high < bytes) w2c_kernel_gcMarkWord(high);
    if (word - LINEAR_BASE <= bytes) w2c_kernel_gcMarkWord((u32)(word - LINEAR_BASE));
  }
}

#ifdef WASM_LINKED_HOMES
/* Homes are the only roots; a stack's list is in `stacks` while another one runs. */
struct wasm_homes *wasm_innermost_homes;
static struct wasm_homes *main_homes;

static void exchange_homes(int from, int to) {
  *(from < 0 ? &main_homes : &stacks[from].homes) = wasm_innermost_homes;
  wasm_innermost_homes = to < 0 ? main_homes : stacks[to].homes;
}
void w2c_machine_scanStacks(void *instance) {
  (void)instance;
  wasm_mark_homes(wasm_innermost_homes, w2c_kernel_gcMarkWord);
#ifndef ONLY_AWAKE_HOMES
  for (int i = 0; i < STACKS; i++) {
    if (i != current && stacks[i].isLive) wasm_mark_homes(stacks[i].homes, w2c_kernel_gcMarkWord);
  }
#endif
}
#else
static void exchange_homes(int from, int to) { (void)from; (void)to; }
void w2c_machine_scanStacks(void *instance) {
  (void)instance;
  for (int i = 0; i < STACKS; i++) {
    if (i != current && stacks[i].isLive) scan_range(stacks[i].saved, stacks[i].top);
  }
  if (current >= 0) scan_current(stacks[current].top);
}
#endif

static void resume(int next) {
  int from = current;
  current = next;
  exchange_homes(from, next);
  switch_stack(from < 0 ? &main_saved : &stacks[from].saved, next < 0 ? main_saved : stacks[next].saved);
}

/* The blocking call of the programs: the next live stack goes on. */
void w2c_machine_pause(void *instance) {
  (void)instance;
  for (int i = 1; i <= STACKS; i++) {
    int next = (current + i) % STACKS;
    if (next == current) return;
    if (stacks[next].isLive) {
      resume(next);
      return;
    }
  }
}

static void stack_main(void) {
  int self = current;
  while (stacks[self].next < count) {
    u32 program = stacks[self].next;
    stacks[self].next += STACKS;
    results[program] = w2c_kernel_run(first + program, seed);
  }
  stacks[self].isLive = 0;
  for (int i = 0; i < STACKS; i++) {
    if (stacks[i].isLive) resume(i);
  }
  resume(-1);
}

u64 w2c_machine_readTsc(void *instance) {
  (void)instance;
  return __builtin_ia32_rdtsc();
}
void w2c_machine_earlyConsoleByte(void *instance, u32 byte) {
  (void)instance;
  fputc((int)byte, stderr);
}
void w2c_machine_haltForever(void *instance) {
  (void)instance;
  fflush(stdout);
  fprintf(stderr, "stopped in program %u\n", current < 0 ? 0 : first + stacks[current].next - STACKS);
  _exit(3);
}
/* Reports ask for these; there is no kernel image here. */
u32 w2c_machine_currentSlot(void *i) { (void)i; return 0; }
u64 w2c_machine_userRegister(void *i, u32 s, u32 r) { (void)i; (void)s; (void)r; return 0; }
void w2c_machine_setReturnWork(void *i, u32 p) { (void)i; (void)p; }
void w2c_machine_physWrite64(void *i, u64 a, u64 v) { (void)i; (void)a; (void)v; }
u64 w2c_machine_readControl(void *i, u32 r) { (void)i; (void)r; return 0; }
u64 w2c_machine_currentFramePointer(void *i) { (void)i; return 0; }
u64 w2c_machine_frameParent(void *i, u64 f) { (void)i; (void)f; return 0; }
u64 w2c_machine_frameReturnAddress(void *i, u64 f) { (void)i; (void)f; return 0; }
u64 w2c_machine_imageBase(void *i) { (void)i; return 0; }
u64 w2c_machine_linearBase(void *i) { (void)i; return LINEAR_BASE; }
u64 w2c_machine_imageRegion(void *i, u32 r, u32 e) { (void)i; (void)r; (void)e; return 0; }
u32 w2c_machine_physRead8(void *i, u64 a) { (void)i; (void)a; return 0; }
u32 w2c_machine_physRead32(void *i, u64 a) { (void)i; (void)a; return 0; }

/* Generated code declares these hidden, as the kernel has its own; a shared C library cannot give them. */
void *memset(void *to, int byte, size_t length) {
  void *at = to;
  __asm__ volatile("rep stosb" : "+D"(at), "+c"(length) : "a"(byte) : "memory");
  return to;
}
void *memcpy(void *to, const void *from, size_t length) {
  void *at = to;
  __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(length) : : "memory");
  return to;
}
void *memmove(void *to, const void *from, size_t length) {
  if ((size_t)to - (size_t)from >= length) return memcpy(to, from, length);
  char *at = (char *)to + length - 1;
  const char *last = (const char *)from + length - 1;
  __asm__ volatile("std; rep movsb; cld" : "+D"(at), "+S"(last), "+c"(length) : : "memory", "cc");
  return to;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  seed = (u32)strtoul(argv[1], 0, 10);
  first = (u32)strtoul(argv[2], 0, 10);
  count = (u32)strtoul(argv[3], 0, 10);
  if (count > sizeof results / sizeof *results) return 2;
  void *linear = mmap((void *)LINEAR_BASE, LINEAR_BYTES, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (linear != (void *)LINEAR_BASE) return 2;
  /* As in the kernel: null faults. */
  if (mprotect(linear, 4096, PROT_NONE) != 0) return 2;
  wasm2c_kernel_start();
  w2c_kernel_stress(argv[4][0] == '1');
  for (u32 i = 0; i < STACKS; i++) {
    char *memory = mmap(0, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    u64 *top = (u64 *)(memory + STACK_BYTES);
    stacks[i].top = (u64)top;
    /* As after a call: the return address, then six registers. */
    top[-2] = (u64)stack_main;
    stacks[i].saved = (u64)(top - 8);
    stacks[i].next = i;
    stacks[i].isLive = 1;
  }
  resume(0);
  for (u32 i = 0; i < count; i++) printf("%u %08x\n", first + i, results[i]);
  return 0;
}

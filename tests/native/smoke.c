/* Smoke test of the native side: a stand-in for the kernel core that runs the programs of user.S.
 *
 * Linked with boot/ and arch/x86_64/ in place of the core, booted in QEMU with isa-debug-exit at 0xf4: prints one line
 * a test, then "native: ok" and exit status 1 (debug-exit value 0), or what failed. Run by tests of the toolchain. */
#include "../../arch/x86_64/native/native.h"
#include "../../arch/x86_64/native/machine.h"

#define SYS_CHECK 1
#define SYS_ARGS 2
#define SYS_REPORT 3
#define SYS_YIELD 4
#define SYS_EXIT 5

#define USER_CODE 0x400000ull
#define USER_DATA 0x600000ull
#define USER_STACK 0x10000000ull
#define LAZY_PAGE 0x7000000ull

#pragma GCC visibility push(hidden)
extern u8 user_program_start[], user_program_end[];
extern u8 user_registers[], user_traps[], user_fpu[], user_spin[], user_step[], user_bases[], user_idle[];
#pragma GCC visibility pop

u32 wasm_rt_memory_pages = 16;
static u8 frame_pool[160][4096] __attribute__((aligned(4096)));
static u32 frames_used;

/* ---- output ---- */
static void print(const char *text) { while (*text) w2c_machine_earlyConsoleByte(0, (u8)*text++); }
static void print_hex(u64 value) {
  print(" ");
  for (int shift = 60; shift >= 0; shift -= 4) w2c_machine_earlyConsoleByte(0, (u8)"0123456789abcdef"[value >> shift & 15]);
}
static void quit(u32 code) {
  w2c_machine_portWrite32(0, 0xf4, code);
  w2c_machine_haltForever(0);
}
static void fail(const char *what, u64 value) {
  print("FAILED: ");
  print(what);
  print_hex(value);
  print("\n");
  quit(1);
}
static void expect(const char *what, u64 actual, u64 expected) {
  if (actual == expected) return;
  print_hex(expected);
  fail(what, actual);
}
static void passed(const char *what) {
  print("ok ");
  print(what);
  print("\n");
}

/* ---- memory ---- */
static u64 new_frame(void) {
  if (frames_used == 160) fail("frames", 0);
  return (u64)frame_pool[frames_used++] - IMAGE_BASE + image_physical;
}
static u64 *table_entry(u64 address, u64 flags) {
  u64 table = w2c_machine_readControl(0, 3) & ~0xfffull;
  for (int level = 3;; level--) {
    u64 *entry = (u64 *)(DIRECT_BASE + table) + (address >> (12 + 9 * level) & 511);
    if (level == 0) return entry;
    if (!(*entry & 1)) *entry = new_frame() | flags;
    table = *entry & 0xffffffffff000ull;
  }
}
static u64 map(u64 address, u64 flags) {
  u64 frame = new_frame();
  *table_entry(address, address < USER_LIMIT ? 7 : 3) = frame | flags;
  w2c_machine_invalidatePage(0, address);
  return frame;
}
static void unmap(u64 address) {
  *table_entry(address, 7) = 0;
  w2c_machine_invalidatePage(0, address);
}
static void map_slot(u32 slot) {
  for (u32 page = 0; page < 5; page++) map(slot_base(slot) + STACK_BOTTOM_OFFSET + page * 4096, 3);
}

/* ---- scheduling: round robin over slots 1..threads, slot 0 waits for all ---- */
static u32 thread_count, exited, check_result, last_exit;
static u64 pattern[8];
static const u8 *entry_of[8];

static void start_thread(u32 slot, const u8 *entry, u64 r12) {
  static u32 mapped;
  if (slot > mapped) map_slot(mapped = slot);
  entry_of[slot] = entry;
  pattern[slot] = r12;
  w2c_machine_threadPrepare(0, slot);
}
static u64 user_address(const u8 *symbol) { return USER_CODE + (u64)(symbol - user_program_start); }
void w2c_kernel_threadMain(u32 slot) {
  expect("threadMain slot", slot, w2c_machine_currentSlot(0));
  w2c_machine_setUserRegister(0, slot, 16, user_address(entry_of[slot]));
  w2c_machine_setUserRegister(0, slot, 19, USER_STACK - slot * 1024);
  w2c_machine_setUserRegister(0, slot, 3, pattern[slot]);
  w2c_machine_setUserRegister(0, slot, 2, capabilities.has_fsgsbase);
  w2c_machine_setUserRegister(0, slot, 21, USER_DATA + 2048 + slot * 8);
  w2c_machine_setUserRegister(0, slot, 22, USER_DATA + 2048 + slot * 8);
}
static void run_threads(u32 count) {
  thread_count = count;
  exited = 0;
  check_result = 0;
  while (exited < count) w2c_machine_threadSwitch(0, exited + 1);
  for (u32 slot = 1; slot <= count; slot++) w2c_machine_threadRelease(0, slot);
}
static void run_one(const u8 *entry) {
  start_thread(1, entry, 5);
  run_threads(1);
}
static void leave(u32 code) {
  if (code) fail("exit code", code);
  exited++;
  for (;;) w2c_machine_threadSwitch(0, 0);
}

/* ---- what each test looks at ---- */
static u32 trap_step, rounds, interrupts, single_steps, work_calls, faults, nmi_before;
static u32 test_number;
extern u64 nmi_count;

static void test_user_copies(void);

u64 w2c_kernel_syscall(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  u64 flags;
  __asm__ volatile("pushfq; popq %0" : "=r"(flags));
  expect("kernel flags", flags & 0x44700, 0);
  u32 slot = w2c_machine_currentSlot(0);
  switch (number) {
    case SYS_ARGS:
      expect("arguments", a << 40 | b << 32 | c << 24 | d << 16 | e << 8 | f, test_number == 5 ? f | a << 40 | b << 32 | c << 24 | d << 16 | e << 8 : 0x0b0c0d0e0f10ull);
      expect("orig_rax", w2c_machine_userRegister(0, slot, 15), SYS_ARGS);
      if (test_number == 5) return 0;
      expect("rbx", w2c_machine_userRegister(0, slot, 5), 100);
      if (rounds & 1) w2c_machine_setUserRegister(0, slot, 5, 100);
      if (rounds & 2) w2c_machine_setReturnWork(0, 1);
      if (rounds == 5 || rounds == 4) test_user_copies();
      return 1234;
    case SYS_CHECK:
      if (a) fail("user step", a);
      if (test_number == 1 && ++rounds < 8) return 0;
      leave(0);
      break;
    case SYS_REPORT: expect("lazy page", a, 0x5a); return 0;
    case SYS_YIELD: {
      u32 next = slot % thread_count + 1;
      if (exited == 0) w2c_machine_threadSwitch(0, next);
      return 0;
    }
    case SYS_EXIT: last_exit = (u32)a; leave((u32)a);
  }
  return (u64)-38;
}
void w2c_kernel_returnToUser(void) { work_calls++; }

static u32 in_test_copy, is_lazy_mapped;
u32 w2c_kernel_pageFault(u64 address, u64 error, u32 from_user) {
  faults++;
  if (test_number == 2 && from_user && address == LAZY_PAGE) {
    expect("fault error", error, 4);
    *(u8 *)(DIRECT_BASE + map(LAZY_PAGE, 7)) = 0x5a;
    return 1;
  }
  if (test_number == 2 && from_user) {
    /* Not reached: the non-canonical access is a general-protection fault. */
    fail("page fault", address);
  }
  if (!from_user && in_test_copy && (address & ~0xfffull) == LAZY_PAGE + 0x5000) {
    /* Sleeps in the middle of a copy. */
    w2c_machine_threadSwitch(0, 0);
    map(LAZY_PAGE + 0x5000, 7);
    is_lazy_mapped++;
    return 1;
  }
  if (!from_user && in_test_copy) return 0;
  fail("page fault", address);
  return 0;
}

void w2c_kernel_userTrap(u32 vector, u64 error, u64 address) {
  static const u8 expected[] = {3, 13, 6, 13};
  static const u8 length[] = {0, 2, 2, 2};
  u32 slot = w2c_machine_currentSlot(0);
  (void)address;
  if (test_number == 2) {
    expect("trap vector", vector, expected[trap_step]);
    /* The manual says 8 * vector + 2; QEMU's TCG says 16 * vector + 2. */
    if (trap_step == 1) expect("int 0x80 error", error == 0x80 * 8 + 2 || error == 0x80 * 16 + 2, 1);
    w2c_machine_setUserRegister(0, slot, 16, w2c_machine_userRegister(0, slot, 16) + length[trap_step++]);
  } else if (test_number == 5) {
    expect("trap vector", vector, 1);
    single_steps++;
  } else if (test_number == 6) {
    expect("trap vector", vector, 3);
    u64 id = w2c_machine_physRead32(0, 0xfee00020) >> 24;
    w2c_machine_physWrite32(0, 0xfee00310, (u32)(id << 24));
    w2c_machine_physWrite32(0, 0xfee00300, 0x4400);
  } else if (test_number == 7) {
    expect("trap vector", vector, 13);
    rounds++;
    w2c_machine_setUserRegister(0, slot, 16, user_address(user_idle));
  } else {
    fail("trap", vector);
  }
}

void w2c_kernel_interrupt(u32 vector, u32 from_user) {
  expect("interrupt vector", vector, 0x20);
  w2c_machine_portWrite8(0, 0x20, 0x20);
  if (interrupts < 20 && !from_user) fail("interrupt from kernel", vector);
  if (++interrupts == 20) *(u32 *)(DIRECT_BASE + (*table_entry(USER_DATA, 7) & 0xffffffffff000ull)) = 1;
}

static u32 expected_fault;
void w2c_kernel_kernelFault(u32 vector, u64 error, u64 address, u64 ip, u64 frame_pointer) {
  (void)frame_pointer;
  if (vector == expected_fault) {
    passed("a stack overflow is a double fault on its own stack");
    print("native: ok\n");
    quit(0);
  }
  print_hex(error);
  print_hex(address);
  print_hex(ip);
  fail("kernel fault", vector);
}

/* ---- user copies, with LAZY_PAGE+0x1000 mapped between unmapped pages ---- */
#define MIDDLE (LAZY_PAGE + 0x1000)
static void test_user_copies(void) {
  u8 *linear = (u8 *)LINEAR_BASE_ADDRESS;
  in_test_copy = 1;
  capabilities.has_fast_rep = rounds & 1;
  u8 *page = (u8 *)(DIRECT_BASE + map(MIDDLE, 7));
  for (u32 i = 0; i < 4096; i++) page[i] = (u8)(i * 7 + 1);
  for (u32 length = 0; length < 1600; length += length < 80 ? 1 : 137) {
    for (u32 offset = 0; offset < 9; offset += 4) {
      memset(linear + 4096, 0xee, 2048);
      expect("copy in", w2c_machine_userToLinear(0, 4096 + offset, MIDDLE + 3, length), 0);
      expect("copied", (u64)memcmp(linear + 4096 + offset, page + 3, length), 0);
      expect("before", offset == 0 || linear[4095 + offset] == 0xee, 1);
      expect("behind", linear[4096 + offset + length], 0xee);
      u32 part = length / 3;
      expect("copy in, end missing", w2c_machine_userToLinear(0, 4096, MIDDLE + 4096 - part, length), length - part);
      expect("copied part", (u64)memcmp(linear + 4096, page + 4096 - part, part), 0);
      expect("copy out, end missing", w2c_machine_linearToUser(0, MIDDLE + 4096 - part, 4096, length), length - part);
      expect("fill, end missing", w2c_machine_userFill(0, MIDDLE + 4096 - part, 9, length), length - part);
      for (u32 i = 0; i < part; i++) expect("filled", page[4096 - part + i], 9);
      for (u32 i = 0; i < 4096; i++) page[i] = (u8)(i * 7 + 1);
      expect("copy in, start missing", w2c_machine_userToLinear(0, 4096, MIDDLE - 1, length), length);
    }
  }
  memcpy(page + 4090, "hello", 6);
  memcpy(page + 10, "a longer string\0", 17);
  expect("string at the end of memory", w2c_machine_userStringToLinear(0, 4096, MIDDLE + 4090, 100), 5);
  expect("string", (u64)memcmp(linear + 4096, "hello", 6), 0);
  expect("long string", w2c_machine_userStringToLinear(0, 4096, MIDDLE + 10, 100), 15);
  expect("string", (u64)memcmp(linear + 4096, "a longer string", 16), 0);
  linear[4096 + 9] = 0x77;
  expect("string too long", w2c_machine_userStringToLinear(0, 4096, MIDDLE + 10, 9), 9);
  expect("string limit", linear[4096 + 9], 0x77);
  page[4095] = 'x';
  expect("string faults", w2c_machine_userStringToLinear(0, 4096, MIDDLE + 4090, 100), 0xffffffff);
  expect("string at limit", w2c_machine_userStringToLinear(0, 4096, USER_LIMIT, 100), 0xffffffff);
  expect("string kernel", w2c_machine_userStringToLinear(0, 4096, IMAGE_BASE, 100), 0xffffffff);
  expect("kernel range", w2c_machine_userToLinear(0, 4096, USER_LIMIT - 8, 9), 9);
  expect("load32", w2c_machine_userRead32(0, 4096, MIDDLE + 100), 0);
  expect("loaded", (u64)memcmp(linear + 4096, page + 100, 4), 0);
  expect("load64 fault", w2c_machine_userRead64(0, 4096, MIDDLE + 4092), 1);
  expect("store64", w2c_machine_userWrite64(0, MIDDLE + 64, 0x1122334455667788), 0);
  expect("stored", w2c_machine_userRead64(0, 4096, MIDDLE + 64) || *(u64 *)(linear + 4096) != 0x1122334455667788, 0);
  expect("store32 fault", w2c_machine_userWrite32(0, MIDDLE - 4, 1), 1);
  expect("exchange", w2c_machine_userCompareExchange32(0, MIDDLE + 64, 0x55667788, 5, 4096), 0);
  expect("exchanged", *(u32 *)(page + 64), 5);
  expect("exchange differs", w2c_machine_userCompareExchange32(0, MIDDLE + 64, 4, 6, 4096), 0);
  expect("found", *(u32 *)(linear + 4096), 5);
  unmap(LAZY_PAGE + 0x5000);
  expect("sleeping copy", w2c_machine_userToLinear(0, 4096, LAZY_PAGE + 0x5000, 16), 0);
  expect("slept", is_lazy_mapped, rounds - 3);
  unmap(MIDDLE);
  in_test_copy = 0;
}

/* ---- the collector's scan ---- */
static u32 marks[4];
void w2c_kernel_gcMarkWord(u32 address) {
  for (u32 i = 0; i < 4; i++) if (address == 0x81230 + i * 0x100) marks[i]++;
}
static void test_scan(void) {
  volatile u64 stack_words[2] = {0x81230ull << 32 | 0x81330, LINEAR_BASE_ADDRESS + 0x81430};
  register u64 kept __asm__("r13") = 0x81530;
  __asm__ volatile("" : "+r"(kept));
  w2c_machine_scanStacks(0);
  __asm__ volatile("" : : "r"(kept), "m"(stack_words));
  for (u32 i = 0; i < 4; i++) expect("mark", marks[i] > 0, 1);
  passed("stack scan");
}

/* memcpy and the like */
static void test_memory(u32 fast_rep) {
  u32 found = capabilities.has_fast_rep;
  capabilities.has_fast_rep = fast_rep;
  u8 *a = (u8 *)LINEAR_BASE_ADDRESS + 0x10000, *b = a + 0x4000;
  for (u32 length = 0; length < 700; length += length < 70 ? 1 : 53) {
    for (u32 i = 0; i < 1024; i++) a[i] = (u8)(i * 13), b[i] = 0xcc;
    memcpy(b + 5, a + 3, length);
    for (u32 i = 0; i < 1024; i++) expect("memcpy", b[i], i >= 5 && i < 5 + length ? (u8)((i - 2) * 13) : 0xcc);
    for (s32 shift = -70; shift <= 70; shift += 7) {
      for (u32 i = 0; i < 1024; i++) a[i] = (u8)(i * 13);
      void *memmove(void *, const void *, size_t);
      memmove(a + 128 + shift, a + 128, length);
      for (s32 i = 0; i < 1024; i++)
        expect("memmove", a[i], i >= 128 + shift && i < 128 + shift + (s32)length ? (u8)((i - shift) * 13) : (u8)(i * 13));
    }
    memset(b + 1, 7, length);
    for (u32 i = 1; i < 1 + length; i++) expect("memset", b[i], 7);
    memcpy(b, a, length);
    expect("memcmp equal", (u64)memcmp(a, b, length), 0);
    if (length) {
      b[length - 1]++;
      expect("memcmp", memcmp(a, b, length) != 0, 1);
    }
  }
  u64 frame = new_frame(), other = new_frame();
  memset((void *)(DIRECT_BASE + frame), 1, 4096);
  w2c_machine_physZeroFrame(0, frame);
  for (u32 i = 0; i < 4096; i += 8) expect("zero frame", w2c_machine_physRead64(0, frame + i), 0);
  w2c_machine_physWrite64(0, frame + 4088, 77);
  w2c_machine_physCopyFrame(0, other, frame);
  expect("copy frame", w2c_machine_physCompare(0, frame, other, 4096), 0);
  capabilities.has_fast_rep = found;
  passed("memory routines");
}

static void set_up_timer(u32 on) {
  static const u16 ports[] = {0x20, 0x11, 0xa0, 0x11, 0x21, 0x20, 0xa1, 0x28, 0x21, 4, 0xa1, 2, 0x21, 1, 0xa1, 1};
  for (u32 i = 0; i < 16; i += 2) w2c_machine_portWrite8(0, ports[i], ports[i + 1]);
  w2c_machine_portWrite8(0, 0x21, on ? 0xfe : 0xff);
  w2c_machine_portWrite8(0, 0xa1, 0xff);
  w2c_machine_portWrite8(0, 0x43, 0x34);
  w2c_machine_portWrite8(0, 0x40, 0x00);
  w2c_machine_portWrite8(0, 0x40, 0x08);
}

#pragma GCC diagnostic ignored "-Winfinite-recursion"
__attribute__((noinline)) static u64 overflow(u64 depth) {
  volatile u64 block[64];
  block[depth % 64] = depth;
  return overflow(depth + 1) + block[depth % 64];
}

void wasm2c_kernel_start(void) {}
void w2c_kernel_boot(u32 protocol, u64 info) {
  print("native smoke test: protocol");
  print_hex(protocol);
  print_hex(image_physical);
  print_hex(capabilities.xsave_mask);
  print_hex(w2c_machine_readControl(0, 4));
  print("\n");
  expect("boot information", w2c_machine_physRead32(0, info) != 0, 1);
  set_up_timer(0);
  test_memory(0);
  test_memory(1);
  test_scan();
  for (u64 at = 0; at < (u64)(user_program_end - user_program_start); at += 4096)
    memcpy((void *)(DIRECT_BASE + map(USER_CODE + at, 7)), user_program_start + at, 4096);
  for (u32 i = 1; i <= 4; i++) map(USER_STACK - i * 4096, 7);
  u64 data = map(USER_DATA, 7);

  test_number = 1;
  run_one(user_registers);
  expect("return work", work_calls > 2, 1);
  passed("system calls and user copies");

  test_number = 2;
  run_one(user_traps);
  expect("traps", trap_step, 4);
  unmap(LAZY_PAGE);
  passed("traps and page faults");

  test_number = 3;
  for (u32 i = 1; i <= 3; i++) start_thread(i, user_fpu, 0x01020304 * i);
  run_threads(3);
  passed("FPU switching");

  test_number = 4;
  set_up_timer(1);
  run_one(user_spin);
  while (interrupts < 25) w2c_machine_waitForInterrupt(0);
  set_up_timer(0);
  passed("interrupts");

  test_number = 5;
  run_one(user_step);
  expect("single steps", single_steps > 3, 1);
  passed("single-stepping");

  test_number = 6;
  for (u32 i = 1; i <= 3; i++) {
    *(u64 *)(DIRECT_BASE + data + 2048 + i * 8) = USER_DATA + 2048 + i * 8;
    start_thread(i, user_bases, USER_DATA + 2048 + i * 8);
  }
  nmi_before = (u32)nmi_count;
  run_threads(3);
  if (capabilities.has_fsgsbase) expect("NMIs", nmi_count - nmi_before, 3);
  passed("segment bases");

  test_number = 7;
  rounds = 0;
  start_thread(1, (u8 *)((u64)user_program_start + 0x800000000000 - USER_CODE), 0);
  run_threads(1);
  expect("non-canonical rip", rounds, 1);
  passed("non-canonical return address");

  expected_fault = 8;
  overflow(0);
}

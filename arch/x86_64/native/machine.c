/* Imports of the kernel core that are not inline: threads and their registers, control registers, image layout.
 *
 * Callers are trusted TypeScript files; slot and register numbers are checked all the same, because a wrong one
 * would reach another thread's kernel stack. Nothing here sleeps except machine_thread_switch. */
#include "native.h"
#include "machine.h"

#define REGISTER_FLAGS 18
#define REGISTER_CS 17
#define REGISTER_SS 20
#define REGISTER_FS_BASE 21
#define REGISTER_GS_BASE 22
#define REGISTER_COUNT 23

_Static_assert(MACHINE_REGISTERS_OFFSET == STACK_TOP_OFFSET - REGS_SIZE && MACHINE_EXIT_DIRTY == EXIT_DIRTY, "machine.h");
_Static_assert(LINEAR_BASE == LINEAR_BASE_ADDRESS, "native.h");
_Static_assert(MACHINE_FLAGS_ALLOWED == USER_FLAGS_ALLOWED && MACHINE_FLAGS_FIXED == USER_FLAGS_FIXED, "machine.h");
_Static_assert(CPU_SLOT == 16 && CPU_EXIT_FLAGS == 20 && SLOT_LIMIT == 32768 && SLOT_SHIFT == 16, "machine.h");

#pragma GCC visibility push(hidden)
extern u8 image_start[], text_end[], rodata_start[], rodata_end[], data_start[], data_end[];
extern u8 linear_frames_start[], linear_frames_end[], early_tables_start[], early_tables_end[];
extern u8 stack_frames_start[], stack_frames_end[], symbol_table_start[], symbol_table_end[];
extern u8 vdso_image_start[], vdso_image_end[], vdso_page[];
#pragma GCC visibility pop

u64 live_slots[SLOT_LIMIT / 64];
static u32 highest_slot; /* no slot above was ever live */

void machine_bad_range(void) { __asm__ volatile("ud2" : : "a"(0x100)); __builtin_unreachable(); }

/* ---- user fs and gs bases: in the registers while the slot is current, else in its frame ---- */
static inline u64 read_fs_base(void) { u64 v; __asm__ volatile("rdfsbase %0" : "=r"(v)); return v; }
static inline void write_fs_base(u64 v) { __asm__ volatile("wrfsbase %0" : : "r"(v)); }
/* The user's gs base lies behind swapgs in kernel mode. An NMI in between is prepared for either state. */
static inline u64 read_user_gs_base(void) {
  u64 v;
  __asm__ volatile("swapgs; rdgsbase %0; swapgs" : "=r"(v) : : "memory");
  return v;
}
static inline void write_user_gs_base(u64 v) { __asm__ volatile("swapgs; wrgsbase %0; swapgs" : : "r"(v) : "memory"); }

/* Bases in frames are canonical: they are 0, were read from the registers, or came through machine_set_user_register, which
 * checks; another one would fault when it is loaded (on real CPUs; QEMU does not look).
 * Without FSGSBASE the frame is up to date already. */
static void save_bases(struct registers *regs) {
  if (!capabilities.has_fsgsbase) return;
  regs->fs_base = read_fs_base();
  regs->gs_base = read_user_gs_base();
}
static void load_bases(const struct registers *regs) {
  if (capabilities.has_fsgsbase) {
    write_fs_base(regs->fs_base);
    write_user_gs_base(regs->gs_base);
  } else {
    write_msr(MSR_FS_BASE, regs->fs_base);
    write_msr(MSR_KERNEL_GS_BASE, regs->gs_base);
  }
}

/* ---- threads ---- */
void machine_thread_switch(u32 to) {
  u32 from = cpu_slot();
  if (to == from) return;
  if (!slot_is_live(to)) machine_bad_range();
  save_bases(slot_registers(from));
  load_bases(slot_registers(to));
  if (HAS_LINKED_HOMES) homes_switch(from, to);
  native_switch(to);
}

/* The user registers of a thread that has not been in user mode; both bases are 0. */
void native_clear_registers(u32 slot) {
  struct registers *regs = slot_registers(slot);
  memset(regs, 0, REGS_SIZE + FRAME_END_BELOW_TOP);
  regs->orig_rax = (u64)-1;
  regs->cs = USER_CS;
  regs->ss = USER_DS;
  regs->flags = USER_FLAGS_FIXED;
}

void machine_thread_prepare(u32 slot) {
  if (slot >= SLOT_LIMIT || slot_is_live(slot)) machine_bad_range();
  native_clear_registers(slot);
  /* What native_switch pops: six registers, the return address, then the slot number for native_thread_start. */
  u64 *stack = (u64 *)slot_registers(slot) - 9;
  memset(stack, 0, 9 * 8);
  stack[6] = (u64)native_thread_start;
  stack[7] = slot;
  *(u64 *)(slot_base(slot) + SAVED_RSP_OFFSET) = (u64)stack;
  live_slots[slot / 64] |= 1ull << slot % 64;
  if (slot > highest_slot) highest_slot = slot;
  if (HAS_LINKED_HOMES) homes_prepare(slot);
  machine_fpu_reset(slot);
}

void machine_thread_fork(u32 slot, u32 from) {
  if (!slot_is_live(from)) machine_bad_range();
  machine_thread_prepare(slot);
  if (from == cpu_slot()) save_bases(slot_registers(from));
  memcpy(slot_registers(slot), slot_registers(from), REGS_SIZE);
  machine_fpu_save(from);
  memcpy(slot_fpu(slot), slot_fpu(from), (capabilities.fpu_size + 7) & ~7u);
}

void machine_thread_release(u32 slot) {
  if (!slot_is_live(slot) || slot == cpu_slot()) machine_bad_range();
  live_slots[slot / 64] &= ~(1ull << slot % 64);
  fpu_release(slot);
}

u64 machine_user_register(u32 slot, u32 number) {
  if (!slot_is_live(slot) || number >= REGISTER_COUNT) machine_bad_range();
  struct registers *regs = slot_registers(slot);
  if (number >= REGISTER_FS_BASE && slot == cpu_slot()) save_bases(regs);
  return ((u64 *)regs)[number];
}

void machine_set_user_register(u32 slot, u32 number, u64 value) {
  if (!slot_is_live(slot) || number >= REGISTER_COUNT) machine_bad_range();
  struct registers *regs = slot_registers(slot);
  int is_current = slot == cpu_slot();
  if (number == REGISTER_CS || number == REGISTER_SS) return;
  if (number == REGISTER_FLAGS) value = (value & USER_FLAGS_ALLOWED) | USER_FLAGS_FIXED;
  if (number >= REGISTER_FS_BASE) {
    if (!is_canonical(value)) return;
    if (is_current) save_bases(regs);
  }
  ((u64 *)regs)[number] = value;
  if (!is_current) return;
  if (number >= REGISTER_FS_BASE) load_bases(regs);
  this_cpu()->exit_flags |= EXIT_DIRTY;
}

/* ---- all general registers at once, in the order of struct sigcontext ---- */
#define CONTEXT_REGISTERS(R) \
  R(0, r8) R(1, r9) R(2, r10) R(3, r11) R(4, r12) R(5, r13) R(6, r14) R(7, r15) R(8, rdi) R(9, rsi) \
  R(10, rbp) R(11, rbx) R(12, rdx) R(13, rax) R(14, rcx) R(15, rsp) R(16, rip)
void machine_store_user_context(u32 slot, u64 *to) {
  if (!slot_is_live(slot)) machine_bad_range();
  const struct registers *regs = slot_registers(slot);
#define STORE(word, name) to[word] = regs->name;
  CONTEXT_REGISTERS(STORE)
#undef STORE
  to[17] = regs->flags;
}

u32 machine_load_user_context(u32 slot, const u64 *from) {
  if (!slot_is_live(slot)) machine_bad_range();
  if (from[16] >= USER_LIMIT) return 1;
  struct registers *regs = slot_registers(slot);
#define LOAD(word, name) regs->name = from[word];
  CONTEXT_REGISTERS(LOAD)
#undef LOAD
  regs->flags = (from[17] & USER_FLAGS_ALLOWED) | USER_FLAGS_FIXED;
  if (slot == cpu_slot()) this_cpu()->exit_flags |= EXIT_DIRTY;
  return 0;
}

void machine_set_return_work(u32 pending) {
  struct cpu *cpu = this_cpu();
  if (pending) cpu->exit_flags |= EXIT_WORK;
  else cpu->exit_flags &= ~EXIT_WORK;
}

u32 machine_fpu_state_size(void) { return capabilities.fpu_size; }

/* The user registers at the top of each stack hold no kernel reference and are left out. */
void machine_scan_stacks(void) {
  u32 linear_bytes = wasm_rt_memory_pages << 16, current = cpu_slot();
  if (HAS_LINKED_HOMES) {
    homes_mark(current);
    return;
  }
  for (u32 word = 0; word <= highest_slot / 64; word++) {
    for (u64 live = live_slots[word]; live; live &= live - 1) {
      u32 slot = word * 64 + (u32)__builtin_ctzll(live);
      u64 end = (u64)slot_registers(slot);
      if (slot != current) native_scan_stack(*(u64 *)(slot_base(slot) + SAVED_RSP_OFFSET), end, linear_bytes);
    }
  }
  /* Ending a thread after a double fault runs on an interrupt stack; what the thread's own stack holds is not needed again. */
  u64 here = (u64)__builtin_frame_address(0), end = (u64)slot_registers(current);
  if (here >= slot_base(IST_SLOT)) end = (here & ~(((u64)1 << SLOT_SHIFT) - 1)) + STACK_TOP_OFFSET;
  native_scan_current(end, linear_bytes);
}

/* Reads through the frame-pointer chain: aligned words of kernel stacks only, 0 for anything else. */
u64 machine_stack_word(u64 address) {
  u64 end = STACKS_BASE + ((u64)(SLOT_LIMIT + 64) << SLOT_SHIFT);
  if (address < STACKS_BASE || address >= end || address % 8) return 0;
  return read_word_or_zero(address);
}

/* ---- CPU ---- */
u64 machine_read_msr(u32 msr) {
  u64 value = 0;
  read_msr_checked(msr, &value);
  return value;
}
void machine_write_msr(u32 msr, u64 value) { write_msr_checked(msr, value); }

u64 machine_read_control(u32 control) {
  u64 value = 0;
  u32 low, high;
  switch (control) {
    case 0: __asm__ volatile("mov %%cr0, %0" : "=r"(value)); break;
    case 2: __asm__ volatile("mov %%cr2, %0" : "=r"(value)); break;
    case 3: __asm__ volatile("mov %%cr3, %0" : "=r"(value) : : "memory"); break;
    case 4: __asm__ volatile("mov %%cr4, %0" : "=r"(value)); break;
    case 8:
      if (!capabilities.has_xsave) break;
      __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
      value = (u64)high << 32 | low;
      break;
  }
  return value;
}
void machine_write_control(u32 control, u64 value) {
  switch (control) {
    case 0: __asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory"); break;
    case 2: __asm__ volatile("mov %0, %%cr2" : : "r"(value) : "memory"); break;
    case 3: __asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory"); break;
    case 4: __asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory"); break;
  }
}

u32 machine_hardware_random(u64 *to) {
  for (u32 attempt = 0; attempt < 10; attempt++) {
    u64 value;
    u8 ok = 0;
    if (capabilities.has_rdseed) __asm__ volatile("rdseed %0; setc %1" : "=r"(value), "=qm"(ok) : : "cc");
    if (!ok && capabilities.has_rdrand) __asm__ volatile("rdrand %0; setc %1" : "=r"(value), "=qm"(ok) : : "cc");
    if (ok) {
      *to = value;
      return 0;
    }
  }
  return 1;
}

/* sti takes effect after the next instruction, so an interrupt cannot slip in before hlt and be slept over. */
__attribute__((noinline, noclone)) void machine_wait_for_interrupt(void) {
  /* An NMI in between would let one in: the handler then leaves out the hlt (idle_halt, cpu.c). */
  __asm__ volatile("sti\n\t.globl idle_halt\n\t.hidden idle_halt\nidle_halt:\n\thlt\n\tcli" : : : "memory");
}
void machine_take_interrupts(void) { __asm__ volatile("sti; nop; cli" : : : "memory"); }
void machine_halt_forever(void) {
  for (;;) __asm__ volatile("cli; hlt" : : : "memory");
}
void machine_triple_fault(void) {
  struct __attribute__((packed)) { u16 limit; u64 base; } none = {0, 0};
  __asm__ volatile("lidt %0; int3" : : "m"(none));
  machine_halt_forever();
}

/* ---- image ---- */
static u64 physical_of(const u8 *symbol) { return (u64)symbol - IMAGE_BASE + image_physical; }

u64 machine_image_region(u32 region, u32 end) {
  switch (region) {
    case 0: return physical_of(end ? data_end : image_start);
    case 1: return physical_of(end ? linear_frames_end : linear_frames_start);
    case 2: return physical_of(end ? early_tables_end : early_tables_start);
    case 3: return physical_of(end ? vdso_image_end : vdso_image_start);
    case 4: return physical_of(end ? symbol_table_end : symbol_table_start);
    case 5: return physical_of(end ? stack_frames_end : stack_frames_start);
    case 6: return physical_of(end ? vdso_page + 4096 : vdso_page);
  }
  return 0;
}
u64 machine_image_section(u32 section, u32 end) {
  switch (section) {
    case 0: return (u64)(end ? text_end : image_start);
    case 1: return (u64)(end ? rodata_end : rodata_start);
    case 2: return (u64)(end ? data_end : data_start);
  }
  return 0;
}

/* The first serial port; a port that is not there never says it is busy, one that hangs is given up on. */
void machine_early_console_byte(u32 byte) {
  u8 status;
  for (u32 i = 0; i < 100000; i++) {
    __asm__ volatile("inb %w1, %0" : "=a"(status) : "Nd"(0x3fd));
    if (status & 0x20) break;
  }
  __asm__ volatile("outb %b0, %w1" : : "a"(byte), "Nd"(0x3f8));
}

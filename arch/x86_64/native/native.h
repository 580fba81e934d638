/* Constants and structures that the native side's assembly and C share. Not for the generated kernel code.
 *
 * The virtual address map is docs/inside/machine-contract.md; segment numbers and the register frame are those of Linux
 * on x86-64, because programs see them (signal frames, ptrace). */
#ifndef TYPIX_NATIVE_H
#define TYPIX_NATIVE_H

#define DIRECT_BASE 0xffff800000000000
#define STACKS_BASE 0xffffc90000000000
#define STACKS_PML4_INDEX 402
#define IMAGE_BASE 0xffffffff00000000
#define LINEAR_BASE_ADDRESS 0xffffffff80000000
#define USER_LIMIT 0x00007ffffffff000

/* Slots: 64 KiB of address space each, see docs/inside/machine-contract.md. Interrupt stacks use the numbers behind. */
#define SLOT_LIMIT 32768
#define SLOT_SHIFT 16
#define STACK_BOTTOM_OFFSET 0x8000
#define STACK_TOP_OFFSET 0xc000
#define IST_SLOT SLOT_LIMIT
#define IST_COUNT 4
#define IST_DOUBLE_FAULT 0
#define IST_MACHINE_CHECK 1
#define IST_NMI 2
#define IST_DEBUG 3
/* The last words of a slot's FPU page, far above the XSAVE area: the saved stack pointer, and how often the thread used
 * the FPU of late (fpu.c). */
#define SAVED_RSP_OFFSET 0xcff0
#define FPU_USES_OFFSET 0xcff8
#define FPU_STATE_LIMIT 0xf00
/* Number of the thread that has the slot, for the profiler. */
#define SLOT_ID_OFFSET 0xcfe8

/* Segments, as on Linux. The processor number is the limit of segment CPU_NUMBER_SEGMENT. */
#define KERNEL_CS 0x10
#define KERNEL_DS 0x18
#define USER_DS 0x2b
#define USER_CS 0x33
#define TSS_SELECTOR 0x40
#define CPU_NUMBER_SEGMENT 0x7b

/* struct pt_regs, then the bases. The frame ends 16 bytes below the stack top: the CPU aligns the stack it pushes on. */
#define R_R15 0
#define R_R14 8
#define R_R13 16
#define R_R12 24
#define R_RBP 32
#define R_RBX 40
#define R_R11 48
#define R_R10 56
#define R_R9 64
#define R_R8 72
#define R_RAX 80
#define R_RCX 88
#define R_RDX 96
#define R_RSI 104
#define R_RDI 112
#define R_ORIG_RAX 120
#define R_RIP 128
#define R_CS 136
#define R_FLAGS 144
#define R_RSP 152
#define R_SS 160
#define R_FS_BASE 168
#define R_GS_BASE 176
#define REGS_SIZE 184
#define FRAME_END_BELOW_TOP 16

/* struct cpu, at gs:0. */
#define CPU_SELF 0
#define CPU_USER_RSP 8
#define CPU_SLOT 16
#define CPU_EXIT_FLAGS 20
#define CPU_FPU_OWNER 24
#define CPU_NUMBER 28
#define CPU_TSS 32
#define CPU_RSP0 36

/* Why the way back to user mode is not the short one. */
#define EXIT_WORK 1    /* setReturnWork */
#define EXIT_DIRTY 2   /* user registers were changed: restore all of them */
#define EXIT_FPU 4     /* the FPU may hold another thread's state */

/* struct cpu_capabilities */
#define CAP_FAST_REP 0

#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_CSTAR 0xc0000083
#define MSR_FMASK 0xc0000084
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

/* FMASK: what a system call clears in rflags: TF, IF, DF, NT, AC. */
#define SYSCALL_FLAGS_CLEARED 0x44700
/* What setUserRegister lets through in rflags, and what it always sets. */
#define USER_FLAGS_ALLOWED 0x250dd5
#define USER_FLAGS_FIXED 0x202

#ifndef __ASSEMBLER__
#include "wasm-types.h"

/* All is linked into one image far from address 0: no detour through a global offset table. */
#pragma GCC visibility push(hidden)

struct registers {
  u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax;
  u64 rip, cs, flags, rsp, ss, fs_base, gs_base;
};

struct __attribute__((packed)) tss {
  u32 reserved0;
  u64 rsp[3];
  u64 reserved1;
  u64 ist[7];
  u64 reserved2;
  u16 reserved3, io_map;
};

/* What one CPU has of its own. */
struct cpu {
  struct cpu *self;
  u64 user_rsp;
  u32 slot, exit_flags;
  u32 fpu_owner; /* slot whose user state the FPU registers hold; NO_SLOT: nobody's */
  u32 number;
  struct tss tss;
  u32 is_fpu_off; /* CR0.TS is set: the FPU traps */
  u64 gdt[16] __attribute__((aligned(16)));
};
#define NO_SLOT 0xffffffffu

_Static_assert(offsetof(struct cpu, slot) == CPU_SLOT && offsetof(struct cpu, exit_flags) == CPU_EXIT_FLAGS, "struct cpu");
_Static_assert(offsetof(struct cpu, fpu_owner) == CPU_FPU_OWNER && offsetof(struct cpu, tss) == CPU_TSS, "struct cpu");
_Static_assert(offsetof(struct cpu, tss.rsp) == CPU_RSP0 && offsetof(struct cpu, number) == CPU_NUMBER, "struct cpu");
_Static_assert(sizeof(struct registers) == REGS_SIZE && offsetof(struct registers, rip) == R_RIP, "struct registers");

/* What the CPU can do, found once at boot. */
struct cpu_capabilities {
  u32 has_fast_rep; /* `rep` string instructions move more than one word at a time */
  u32 has_lazy_fpu; /* worth a trap: saving and loading FPU state is slow */
  u32 has_fsgsbase, has_xsave, has_xsaveopt, has_rdrand, has_rdseed;
  u32 fpu_size;   /* bytes of the state area in use */
  u64 xsave_mask; /* XCR0 */
};
_Static_assert(offsetof(struct cpu_capabilities, has_fast_rep) == CAP_FAST_REP, "struct cpu_capabilities");
extern struct cpu_capabilities capabilities;
extern u64 image_physical;
extern u64 live_slots[SLOT_LIMIT / 64];

static inline u64 slot_base(u32 slot) { return STACKS_BASE + ((u64)slot << SLOT_SHIFT); }
static inline struct registers *slot_registers(u32 slot) {
  return (struct registers *)(slot_base(slot) + STACK_TOP_OFFSET - REGS_SIZE);
}
static inline void *slot_fpu(u32 slot) { return (void *)(slot_base(slot) + STACK_TOP_OFFSET); }
static inline int slot_is_live(u32 slot) { return slot < SLOT_LIMIT && (live_slots[slot / 64] >> (slot % 64) & 1); }

static inline int is_canonical(u64 address) { return (u64)((s64)(address << 16) >> 16) == address; }

static inline u32 cpu_slot(void) {
  u32 slot;
  __asm__ volatile("movl %%gs:%c1, %0" : "=r"(slot) : "i"(CPU_SLOT));
  return slot;
}
static inline struct cpu *this_cpu(void) {
  struct cpu *cpu;
  __asm__ volatile("movq %%gs:%c1, %0" : "=r"(cpu) : "i"(CPU_SELF));
  return cpu;
}
static inline u64 read_msr(u32 msr) {
  u32 low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
  return (u64)high << 32 | low;
}
static inline void write_msr(u32 msr, u64 value) {
  __asm__ volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}
static inline void read_cpuid(u32 leaf, u32 subleaf, u32 out[4]) {
  __asm__ volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3]) : "a"(leaf), "c"(subleaf));
}

/* fpu.c: fpu_enable once a CPU; fpu_return_to_user makes the registers hold the current slot's state. */
void fpu_enable(void);
void fpu_return_to_user(struct cpu *cpu);
int fpu_trap(void);
void fpu_release(u32 slot);

/* machine.c */
void native_clear_registers(u32 slot);

/* homes.c: what collections start from in tests with linked homes. */
#ifdef WASM_LINKED_HOMES
#define HAS_LINKED_HOMES 1
#else
#define HAS_LINKED_HOMES 0
#endif
void homes_prepare(u32 slot);
void homes_switch(u32 from, u32 to);
void homes_mark(u32 current);

/* profile.c */
void profile_nmi(const struct registers *regs);

/* entry.S, user-copy.S, memory.S */
void syscall_entry(void);
void syscall32_entry(void);
extern u8 vector_stubs[256][16];
void native_switch(u32 to);
void native_thread_start(void);
void native_scan_stack(u64 from, u64 end, u32 linear_bytes);
void native_scan_current(u64 end, u32 linear_bytes);
u64 read_word_or_zero(u64 address);
int fpu_restore_checked(const void *area, u64 mask);
int fxrstor_checked(const void *area);
int read_msr_checked(u32 msr, u64 *value);
int write_msr_checked(u32 msr, u64 value);

/* The generated kernel core: its exports, and what the toolchain supplies around it. */
void wasm2c_kernel_start(void);
extern u32 wasm_rt_memory_pages;
void w2c_kernel_boot(u32 protocol, u64 info);
void w2c_kernel_threadMain(u32 slot);
u64 w2c_kernel_syscall(u64, u64, u64, u64, u64, u64, u64);
void w2c_kernel_returnToUser(void);
void w2c_kernel_interrupt(u32 vector, u32 from_user);
void w2c_kernel_userTrap(u32 vector, u64 error, u64 address);
u32 w2c_kernel_pageFault(u64 address, u64 error, u32 from_user);
void w2c_kernel_kernelFault(u32 vector, u64 error, u64 address, u64 ip, u64 frame_pointer);
void w2c_kernel_gcMarkWord(u32 address);
#pragma GCC visibility pop
#endif
#endif

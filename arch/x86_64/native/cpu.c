/* Bringing up a CPU: descriptor tables, control registers, system-call registers; exceptions of the kernel itself.
 *
 * native_boot runs once on the boot CPU, called by boot/start.S on slot 0's stack with interrupts off, and ends in the
 * exported `boot`. cpu_enable runs once on each CPU.
 * Specifications: Intel SDM volume 3, chapters 2, 3, 5, 6; AMD64 manual volume 2, 6.1. */
#include "native.h"
#include "machine.h"

struct cpu_capabilities capabilities;
u64 image_physical;

static struct cpu boot_cpu;

struct gate {
  u16 offset_low, selector;
  u8 ist, type;
  u16 offset_middle;
  u32 offset_high, reserved;
};
static struct gate idt[256] __attribute__((aligned(16)));

struct __attribute__((packed)) table_register {
  u16 limit;
  u64 base;
};

struct exception_entry {
  s32 from, to, fixup; /* each relative to its own place */
};
struct smap_site {
  s32 place;
  u32 last_byte;
};
#pragma GCC visibility push(hidden)
extern const struct exception_entry exception_table_start[], exception_table_end[];
extern const struct smap_site smap_sites_start[], smap_sites_end[];
extern const u8 user_copy_start[], user_copy_end[], idle_halt[];
#pragma GCC visibility pop

#define VECTOR_DEBUG 1
#define VECTOR_NMI 2
#define VECTOR_BREAKPOINT 3
#define VECTOR_OVERFLOW 4
#define VECTOR_INVALID_OPCODE 6
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_PAGE_FAULT 14
#define VECTOR_GENERAL_PROTECTION 13
#define VECTOR_MACHINE_CHECK 18
#define GATE_INTERRUPT 0x8e
#define GATE_USER 0x60 /* DPL 3 */
#define RFLAGS_TF 0x100
#define RFLAGS_AC 0x40000
#define SMAP_STAC 0xcb /* last byte of stac */

static u32 has_smap;

/* ---- descriptor tables ---- */
static void fill_idt(void) {
  for (u32 vector = 0; vector < 256; vector++) {
    u64 stub = (u64)vector_stubs[vector];
    u8 ist = vector == VECTOR_DOUBLE_FAULT   ? 1 + IST_DOUBLE_FAULT
             : vector == VECTOR_MACHINE_CHECK ? 1 + IST_MACHINE_CHECK
             : vector == VECTOR_NMI           ? 1 + IST_NMI
             : vector == VECTOR_DEBUG         ? 1 + IST_DEBUG
                                              : 0;
    int from_user = vector == VECTOR_BREAKPOINT || vector == VECTOR_OVERFLOW;
    idt[vector] = (struct gate){(u16)stub, KERNEL_CS, ist, GATE_INTERRUPT | (from_user ? GATE_USER : 0),
                                (u16)(stub >> 16), (u32)(stub >> 32), 0};
  }
}

static void load_tables(struct cpu *cpu) {
  u64 tss = (u64)&cpu->tss;
  cpu->gdt[KERNEL_CS / 8] = 0x00af9b000000ffff;
  cpu->gdt[KERNEL_DS / 8] = 0x00cf93000000ffff;
  cpu->gdt[USER_DS / 8] = 0x00cff3000000ffff;
  cpu->gdt[USER_CS / 8] = 0x00affb000000ffff;
  cpu->gdt[TSS_SELECTOR / 8] = (sizeof(struct tss) - 1) | (tss & 0xffffff) << 16 | 0x89ull << 40 | (tss >> 24 & 0xff) << 56;
  cpu->gdt[TSS_SELECTOR / 8 + 1] = tss >> 32;
  cpu->gdt[CPU_NUMBER_SEGMENT / 8] = 0x0040f50000000000 | (cpu->number & 0xffff) | (u64)(cpu->number & 0xf0000) << 32;
  cpu->tss.io_map = sizeof(struct tss);
  for (u32 i = 0; i < IST_COUNT; i++) {
    u64 top = slot_base(IST_SLOT + cpu->number * IST_COUNT + i) + STACK_TOP_OFFSET;
    *(u64 *)(top - 8) = (u64)cpu;
    cpu->tss.ist[i] = top - 16;
  }

  struct table_register gdtr = {sizeof cpu->gdt - 1, (u64)cpu->gdt}, idtr = {sizeof idt - 1, (u64)idt};
  __asm__ volatile("lgdt %0\n\tlidt %1\n\tltr %w2" : : "m"(gdtr), "m"(idtr), "r"(TSS_SELECTOR) : "memory");
  __asm__ volatile("movl %0, %%ds\n\tmovl %0, %%es\n\tmovl %0, %%fs\n\tmovl %0, %%gs" : : "r"(0));
}

/* ---- features ---- */
static void find_capabilities(void) {
  u32 r[4];
  read_cpuid(1, 0, r);
  capabilities.has_rdrand = r[2] >> 30 & 1;
  int is_guest = r[2] >> 31 & 1;
  read_cpuid(0, 0, r);
  if (r[0] >= 7) {
    read_cpuid(7, 0, r);
    capabilities.has_fsgsbase = r[1] & 1;
    capabilities.has_rdseed = r[1] >> 18 & 1;
    capabilities.has_fast_rep = r[1] >> 9 & 1;
  }
  if (!is_guest) return;
  read_cpuid(0x40000000, 0, r);
  if (r[1] != 0x54474354) return; /* "TCGT": QEMU emulates each iteration of `rep` and each register of XSAVE */
  capabilities.has_fast_rep = 0;
  capabilities.has_lazy_fpu = 1;
}

/* Writes stac and clac into the user-copy routines and entry code, through the direct map: text is not writable. */
static void patch_smap_sites(void) {
  for (const struct smap_site *site = smap_sites_start; site < smap_sites_end; site++) {
    u64 place = (u64)&site->place + (u64)(s64)site->place;
    u8 *bytes = (u8 *)(DIRECT_BASE + image_physical + (place - IMAGE_BASE));
    bytes[1] = 0x01;
    bytes[2] = (u8)site->last_byte;
  }
  __asm__ volatile("cpuid" : : "a"(0) : "ebx", "ecx", "edx", "memory"); /* serialises */
}

/* Takes the stac out of the user-copy routines again, so that each copy faults at its first access and the kernel can let others
 * run there (sleepstress); native_kernel_exception sets AC for the rest of the copy. 0: the CPU has no SMAP, nothing faults. */
u32 machine_stress_user_copies(void) {
  if (!has_smap) return 0;
  for (const struct smap_site *site = smap_sites_start; site < smap_sites_end; site++) {
    u64 place = (u64)&site->place + (u64)(s64)site->place;
    if (place < (u64)user_copy_start || place >= (u64)user_copy_end || site->last_byte != SMAP_STAC) continue;
    u8 *bytes = (u8 *)(DIRECT_BASE + image_physical + (place - IMAGE_BASE));
    bytes[1] = 0x1f;
    bytes[2] = 0x00;
  }
  __asm__ volatile("cpuid" : : "a"(0) : "ebx", "ecx", "edx", "memory"); /* serialises */
  return 1;
}

static void set_control_registers(void) {
  u32 r[4];
  u64 cr0, cr4;
  read_cpuid(1, 0, r);
  u32 features = r[3];
  read_cpuid(0, 0, r);
  u32 highest = r[0];
  if (highest >= 7) read_cpuid(7, 0, r);
  else r[1] = r[2] = 0;
  __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
  cr0 = (cr0 & ~(u64)0x60000008) | 0x10022; /* caches on, TS off; WP, NE, MP */
  __asm__ volatile("mov %0, %%cr0" : : "r"(cr0));
  __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
  if (features & 1u << 13) cr4 |= 1u << 7; /* PGE */
  if (features & 1u << 7) cr4 |= 1u << 6;  /* MCE */
  if (r[1] & 1u << 7) cr4 |= 1u << 20;     /* SMEP */
  if (r[2] & 1u << 2) cr4 |= 1u << 11;     /* UMIP */
  if (r[1] & 1u) cr4 |= 1u << 16;          /* FSGSBASE */
  if (r[1] & 1u << 20) {                   /* SMAP */
    cr4 |= 1u << 21;
    has_smap = 1;
    patch_smap_sites();
  }
  __asm__ volatile("mov %0, %%cr4" : : "r"(cr4) : "memory");
}

static void set_syscall_registers(void) {
  write_msr(MSR_EFER, read_msr(MSR_EFER) | 1); /* SCE */
  write_msr(MSR_STAR, (u64)(USER_DS - 8) << 48 | (u64)KERNEL_CS << 32);
  write_msr(MSR_LSTAR, (u64)syscall_entry);
  write_msr(MSR_CSTAR, (u64)syscall32_entry);
  write_msr(MSR_FMASK, SYSCALL_FLAGS_CLEARED);
}

static void cpu_enable(struct cpu *cpu, u32 number, u32 slot) {
  cpu->self = cpu;
  cpu->number = number;
  cpu->slot = slot;
  cpu->fpu_owner = NO_SLOT;
  cpu->exit_flags = EXIT_DIRTY | EXIT_FPU;
  cpu->tss.rsp[0] = slot_base(slot) + STACK_TOP_OFFSET - FRAME_END_BELOW_TOP;
  load_tables(cpu);
  write_msr(MSR_GS_BASE, (u64)cpu);
  write_msr(MSR_KERNEL_GS_BASE, 0);
  set_control_registers();
  set_syscall_registers();
  fpu_enable();
}

__attribute__((noreturn)) void native_boot(u32 protocol, u64 info, u64 physical) {
  image_physical = physical;
  live_slots[0] = 1;
  /* The early code had its 32-bit stack where the frame is: the idle thread's bases are switched to as any other's. */
  native_clear_registers(0);
  find_capabilities();
  fill_idt();
  cpu_enable(&boot_cpu, 0, 0);
  wasm2c_kernel_start();
  w2c_kernel_boot(protocol, info);
  machine_halt_forever();
}

/* ---- the way back to user mode when something is left to do ---- */
void native_exit_work(struct registers *regs) {
  struct cpu *cpu = this_cpu();
  for (;;) {
    if (cpu->exit_flags & EXIT_WORK) {
      cpu->exit_flags &= ~EXIT_WORK;
      w2c_kernel_returnToUser();
      cpu = this_cpu();
    } else if (!is_canonical(regs->rip)) {
      /* iret would fault in kernel mode: it is the user's general-protection fault. A core that neither moves rip nor
       * has work gets an address that faults in user mode, so that this ends. */
      w2c_kernel_userTrap(VECTOR_GENERAL_PROTECTION, 0, 0);
      cpu = this_cpu();
      if (!is_canonical(regs->rip) && !(cpu->exit_flags & EXIT_WORK)) regs->rip = 0;
    } else {
      break;
    }
  }
  if (cpu->exit_flags & EXIT_FPU) fpu_return_to_user(cpu);
  cpu->exit_flags = 0;
}

/* ---- exceptions in kernel mode ---- */
static u64 find_fixup(u64 ip) {
  for (const struct exception_entry *e = exception_table_start; e < exception_table_end; e++) {
    u64 from = (u64)&e->from + (u64)(s64)e->from, to = (u64)&e->to + (u64)(s64)e->to;
    if (ip >= from && ip < to) return (u64)&e->fixup + (u64)(s64)e->fixup;
  }
  return 0;
}

void native_kernel_exception(u32 vector, struct registers *regs, u64 cr2) {
  u64 ip = regs->rip;
  int is_user_copy = ip >= (u64)user_copy_start && ip < (u64)user_copy_end;
  if (is_user_copy && vector == VECTOR_PAGE_FAULT && cr2 < USER_LIMIT + 0x1000) {
    if (w2c_kernel_pageFault(cr2, regs->orig_rax, 0)) {
      if (has_smap) regs->flags |= RFLAGS_AC; /* set already, unless machine_stress_user_copies was called */
      return;
    }
    regs->rip = find_fixup(ip);
    if (regs->rip) return;
  } else if (!is_user_copy && (regs->rip = find_fixup(ip))) {
    return;
  }
  regs->rip = ip;
  /* ud2 is how the generated code traps: eax says why. */
  u64 error = vector == VECTOR_INVALID_OPCODE ? (u32)regs->rax : regs->orig_rax;
  w2c_kernel_kernelFault(vector, error, vector == VECTOR_PAGE_FAULT ? cr2 : 0, ip, regs->rbp);
  machine_halt_forever();
}

/* Double fault, machine check, NMI, and debug traps of kernel mode. NMIs are for the profiler only: the core cannot be
 * entered at an arbitrary point. A debug trap of kernel mode is single-stepping that crossed into the kernel. */
void native_own_stack_exception(u32 vector, struct registers *regs, u64 cr2) {
  if (vector == VECTOR_NMI) {
    profile_nmi(regs);
    if (regs->rip == (u64)idle_halt) regs->rip++;
    return;
  }
  if (vector == VECTOR_DEBUG) {
    regs->flags &= ~(u64)RFLAGS_TF;
    __asm__ volatile("mov %0, %%db6" : : "r"(0xffff0ff0ull));
    return;
  }
  w2c_kernel_kernelFault(vector, regs->orig_rax, cr2, regs->rip, regs->rbp);
  machine_halt_forever();
}

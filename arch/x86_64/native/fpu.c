/* FPU state of user threads: lazily switched, saved by XSAVEOPT, XSAVE or FXSAVE.
 *
 * Kernel code does not use the FPU, so the registers keep the state of one thread, the owner, until another one goes to
 * user mode (or, under TCG, until another one uses the FPU there). A slot's FPU page holds its state whenever the slot is
 * not the owner. In user mode either the current slot is the owner or the FPU is off. Interrupts are off; nothing sleeps.
 * Specification: Intel SDM volume 1, chapter 13. */
#include "native.h"

#define FXSAVE_SIZE 512
#define XSTATE_X87_SSE 3
#define XSTATE_AVX 4
#define XSTATE_AVX512 0xe0
#define CR0_TS 8
/* So many uses make a thread one that gets its state loaded in advance. */
#define FPU_EAGER_USES 5
#define INITIAL_FCW 0x37f
#define INITIAL_MXCSR 0x1f80

static void fpu_save_to(void *area) {
  u32 low = (u32)capabilities.xsave_mask, high = (u32)(capabilities.xsave_mask >> 32);
  if (capabilities.has_xsaveopt)
    __asm__ volatile("xsaveopt64 (%0)" : : "r"(area), "a"(low), "d"(high) : "memory");
  else if (capabilities.has_xsave)
    __asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(low), "d"(high) : "memory");
  else
    __asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

/* The state after a processor reset, as execve gives it: all-zero XSTATE_BV means "initial" for each component. */
static void fpu_initialise_page(void *page) {
  u8 *area = page;
  memset(area, 0, FPU_STATE_LIMIT);
  *(u16 *)area = INITIAL_FCW;
  *(u32 *)(area + 24) = INITIAL_MXCSR;
  if (capabilities.has_xsave) *(u64 *)(area + FXSAVE_SIZE) = XSTATE_X87_SSE;
}

static void fpu_load_from(void *page) {
  /* A refused image (only a defect of the core's signal code can make one) is replaced by the initial state. */
  for (u32 attempt = 0; attempt < 2; attempt++) {
    int refused = capabilities.has_xsave ? fpu_restore_checked(page, capabilities.xsave_mask) : fxrstor_checked(page);
    if (!refused) return;
    fpu_initialise_page(page);
  }
}

/* ---- the trap on first use ---- */
static void fpu_on(struct cpu *cpu) {
  if (!cpu->is_fpu_off) return;
  __asm__ volatile("clts");
  cpu->is_fpu_off = 0;
}
static void fpu_off(struct cpu *cpu) {
  if (cpu->is_fpu_off) return;
  u64 cr0;
  __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
  __asm__ volatile("mov %0, %%cr0" : : "r"(cr0 | CR0_TS));
  cpu->is_fpu_off = 1;
}

static u8 *fpu_uses(u32 slot) { return (u8 *)(slot_base(slot) + FPU_USES_OFFSET); }

/* Makes the registers hold the current slot's state. */
static void fpu_take(struct cpu *cpu) {
  fpu_on(cpu);
  if (cpu->fpu_owner == cpu->slot) return;
  if (cpu->fpu_owner != NO_SLOT) fpu_save_to(slot_fpu(cpu->fpu_owner));
  fpu_load_from(slot_fpu(cpu->slot));
  cpu->fpu_owner = cpu->slot;
  ++*fpu_uses(cpu->slot);
}

/* Either takes the FPU now, or makes its first use trap. The latter only where that pays (and not on processors that
 * let user mode guess at the registers behind the trap, CVE-2018-3665: has_lazy_fpu is for emulation), and only for
 * threads that seldom use it; the count wraps, so that it is tried anew at times. */
void fpu_return_to_user(struct cpu *cpu) {
  if (cpu->fpu_owner != cpu->slot && capabilities.has_lazy_fpu && *fpu_uses(cpu->slot) < FPU_EAGER_USES) fpu_off(cpu);
  else fpu_take(cpu);
}

/* Device-not-available in user mode: 1 if this was the first use after a switch. */
int fpu_trap(void) {
  struct cpu *cpu = this_cpu();
  if (!cpu->is_fpu_off) return 0;
  fpu_take(cpu);
  return 1;
}

/* The registers no longer hold the slot's state. */
void fpu_release(u32 slot) {
  struct cpu *cpu = this_cpu();
  if (cpu->fpu_owner == slot) cpu->fpu_owner = NO_SLOT;
  if (cpu->slot == slot) cpu->exit_flags |= EXIT_FPU;
}

/* Turns on what the CPU has: XCR0 gets x87, SSE, AVX and AVX-512 (all three parts or none). Not PKRU: there are no
 * protection keys (CR4.PKE is off). */
void fpu_enable(void) {
  u32 r[4];
  read_cpuid(0, 0, r);
  u32 highest = r[0];
  read_cpuid(1, 0, r);
  capabilities.fpu_size = FXSAVE_SIZE;
  /* A firmware option can hide the leaves that describe the area: what lies beyond the highest one answers with anything. */
  if (!(r[2] & 1u << 26) || highest < 13) return;
  u64 cr4;
  __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
  __asm__ volatile("mov %0, %%cr4" : : "r"(cr4 | 1u << 18)); /* OSXSAVE */
  read_cpuid(13, 0, r);
  u64 offered = (u64)r[3] << 32 | r[0];
  u64 mask = XSTATE_X87_SSE | (offered & XSTATE_AVX);
  if ((mask & XSTATE_AVX) && (offered & XSTATE_AVX512) == XSTATE_AVX512) mask |= XSTATE_AVX512;
  __asm__ volatile("xsetbv" : : "c"(0), "a"((u32)mask), "d"((u32)(mask >> 32)));
  read_cpuid(13, 0, r);
  if (r[1] > FPU_STATE_LIMIT) { /* larger than any known CPU's with these components: do without the large ones */
    mask &= ~(u64)XSTATE_AVX512;
    __asm__ volatile("xsetbv" : : "c"(0), "a"((u32)mask), "d"(0));
    read_cpuid(13, 0, r);
  }
  capabilities.has_xsave = 1;
  capabilities.xsave_mask = mask;
  capabilities.fpu_size = r[1];
  read_cpuid(13, 1, r);
  capabilities.has_xsaveopt = r[0] & 1;
}

/* ---- imports of the core ---- */
#include "machine.h"

void machine_fpu_save(u32 slot) {
  struct cpu *cpu = this_cpu();
  if (!slot_is_live(slot) || cpu->fpu_owner != slot) return;
  fpu_on(cpu);
  fpu_save_to(slot_fpu(slot));
  cpu->exit_flags |= EXIT_FPU;
}
void machine_fpu_reload(u32 slot) { fpu_release(slot); }
void machine_fpu_reset(u32 slot) {
  if (!slot_is_live(slot)) return;
  *fpu_uses(slot) = 0;
  fpu_initialise_page(slot_fpu(slot));
  fpu_release(slot);
}

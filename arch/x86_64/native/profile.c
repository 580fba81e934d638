/* The sampling profiler's half in interrupt context: each NMI stores one sample in a buffer of physical memory.
 *
 * An NMI comes at any instruction of the kernel, so nothing here calls the core, takes a fault that matters or waits.
 * Kernel stacks are read within the bounds of the current slot; user memory through the page tables of CR3, present
 * cached pages only. Page tables may be half changed at that moment: reads go through read_word_or_zero, and CR2 is kept.
 * The buffer is written from its start to its end; samples that do not fit any more are counted.
 *
 * A sample, in words of 8 bytes: TSC; id of the thread (32 bits), mode (8), kernel addresses (8), user addresses (8), zero (8);
 * the word on top of the kernel stack and of the user's, 0 if not known: the return address if the function has no frame;
 * then the kernel addresses and the user addresses, each innermost first. The first of a stack is the interrupted
 * instruction (or the one after `syscall`), the others are return addresses. scripts/cli/profile/recording.ts reads it. */
#include "native.h"
#include "machine.h"

#define MODE_USER 0
#define MODE_KERNEL 1
#define MODE_IDLE 2
#define KERNEL_DEPTH 48
#define USER_DEPTH 48
#define FIXED_WORDS 4

#define PTE_PRESENT 1ull
#define PTE_USER 4ull
#define PTE_CACHE_BITS 0x18ull /* PWT, PCD: device memory */
#define PTE_LARGE 0x80ull
#define PTE_NO_EXECUTE (1ull << 63)
#define PTE_FRAME 0x000ffffffffff000ull
/* The direct map ends here; garbage read as an entry must not lead beyond. */
#define PHYSICAL_LIMIT 0x0000490000000000ull

#pragma GCC visibility push(hidden)
extern u8 image_start[], text_end[];
#pragma GCC visibility pop

static struct {
  u64 *start, *next, *end;
  u64 lost;
  u32 is_on;
} profile;
u64 nmi_count;

void machine_profile_buffer(u64 address, u32 bytes) {
  profile.is_on = 0;
  if (!bytes) return;
  profile.start = profile.next = (u64 *)machine_physical(address);
  profile.end = profile.start + bytes / 8;
  profile.lost = 0;
  __asm__ volatile("" : : : "memory");
  profile.is_on = 1;
}

u64 machine_profile_figure(u32 which) {
  switch (which) {
    case 0: return (u64)((u8 *)profile.next - (u8 *)profile.start);
    case 1: return profile.lost;
    case 2: return nmi_count;
  }
  return 0;
}

void machine_name_slot(u32 slot, u32 id) {
  if (slot >= SLOT_LIMIT) machine_bad_range();
  *(u64 *)(slot_base(slot) + SLOT_ID_OFFSET) = id;
}

static int is_kernel_text(u64 address) { return address >= (u64)image_start && address < (u64)text_end; }

/* ---- user memory ---- */
/* Physical address behind a user address, 0 if there is no cached page. `forbidden`: bits that no entry on the way may have. */
static u64 find_user_page(u64 address, u64 forbidden) {
  if (address >= USER_LIMIT) return 0;
  u64 table;
  __asm__ volatile("mov %%cr3, %0" : "=r"(table));
  for (u32 shift = 39;; shift -= 9) {
    u64 at = (table & PTE_FRAME) + (address >> shift & 511) * 8;
    if (at >= PHYSICAL_LIMIT) return 0;
    u64 entry = read_word_or_zero(DIRECT_BASE + at);
    if (!(entry & PTE_PRESENT) || !(entry & PTE_USER) || (entry & forbidden)) return 0;
    if (shift == 12 || (shift < 39 && (entry & PTE_LARGE))) {
      if (entry & PTE_CACHE_BITS) return 0;
      u64 within = (1ull << shift) - 1;
      u64 physical = (entry & PTE_FRAME & ~within) | (address & within);
      return physical < PHYSICAL_LIMIT ? physical : 0;
    }
    table = entry;
  }
}

static u64 read_user_word(u64 address) {
  if (address % 8) return 0;
  u64 physical = find_user_page(address, 0);
  return physical ? read_word_or_zero(DIRECT_BASE + physical) : 0;
}

/* The frame-pointer chain of a program. Many programs use rbp for other things: a return address must be executable. */
static u32 walk_user(u64 ip, u64 frame, u64 stack, u64 *out, u32 room) {
  u32 count = 0;
  if (!ip || !room) return 0;
  out[count++] = ip;
  u64 low = stack;
  while (count < room && frame >= low && frame % 8 == 0) {
    u64 address = read_user_word(frame + 8);
    if (!address || !find_user_page(address - 1, PTE_NO_EXECUTE)) break;
    out[count++] = address;
    low = frame + 16;
    frame = read_user_word(frame);
  }
  return count;
}

/* ---- kernel stacks ---- */
static u32 walk_kernel(const struct registers *regs, u64 bottom, u64 top, u64 *out, u32 room) {
  u32 count = 0;
  if (!room) return 0;
  out[count++] = regs->rip;
  if (regs->rsp < bottom || regs->rsp > top - 8) return count;
  u64 low = regs->rsp, frame = regs->rbp;
  while (count < room && frame >= low && frame <= top - 16 && frame % 8 == 0) {
    u64 address = ((u64 *)frame)[1];
    if (!is_kernel_text(address)) break;
    out[count++] = address;
    low = frame + 16;
    frame = *(u64 *)frame;
  }
  return count;
}

/* Called for each NMI, on its own stack, gs being the CPU's. */
void profile_nmi(const struct registers *regs) {
  nmi_count++;
  if (!profile.is_on) return;
  u64 *sample = profile.next;
  if (profile.end - sample < FIXED_WORDS + KERNEL_DEPTH + USER_DEPTH) {
    profile.lost++;
    return;
  }
  u64 fault_address;
  __asm__ volatile("mov %%cr2, %0" : "=r"(fault_address));
  u32 slot = cpu_slot();
  u64 bottom = slot_base(slot) + STACK_BOTTOM_OFFSET, top = (u64)slot_registers(slot);
  u32 is_user = (regs->cs & 3) != 0, kernel = 0, user = 0;
  u64 *addresses = sample + FIXED_WORDS;
  const struct registers *entry = is_user ? regs : slot_registers(slot);
  int is_on_stack = !is_user && regs->rsp >= bottom && regs->rsp <= top - 8;
  if (!is_user) kernel = walk_kernel(regs, bottom, top, addresses, KERNEL_DEPTH);
  sample[2] = is_on_stack ? *(u64 *)regs->rsp : 0;
  sample[3] = 0;
  /* Before the entry code has switched stacks the frame is that of the last entry. */
  if (is_user || (slot != 0 && is_on_stack && (entry->cs & 3))) {
    user = walk_user(entry->rip, entry->rbp, entry->rsp, addresses + kernel, USER_DEPTH);
    sample[3] = read_user_word(entry->rsp);
  }
  u32 mode = is_user ? MODE_USER : slot == 0 ? MODE_IDLE : MODE_KERNEL;
  u32 low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  sample[0] = (u64)high << 32 | low;
  sample[1] = *(u32 *)(slot_base(slot) + SLOT_ID_OFFSET) | (u64)mode << 32 | (u64)kernel << 40 | (u64)user << 48;
  profile.next = addresses + kernel + user;
  __asm__ volatile("mov %0, %%cr2" : : "r"(fault_address));
}

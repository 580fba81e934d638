/* The imports of the kernel core (machine.ts) for the C that wasm2c writes: small ones inline, the rest in machine.c
 * and the assembly files.
 *
 * M(result, name, arguments) defines an import as the generated code calls it: wasm2c passes an instance first, which
 * is not used.
 * SAFETY: addresses come from trusted TypeScript files, which check them; linear-memory ranges are checked here. */
#ifndef TYPIX_MACHINE_H
#define TYPIX_MACHINE_H

#include "wasm-types.h"

#define MACHINE_DIRECT_BASE 0xffff800000000000ull
#define MACHINE_LINEAR_LIMIT 0x40000000u
#define MACHINE_USER_LIMIT 0x00007ffffffff000ull
/* As native.h has them (machine.c compares): STACK_TOP_OFFSET - REGS_SIZE, EXIT_DIRTY, USER_FLAGS_ALLOWED, USER_FLAGS_FIXED. */
#define MACHINE_REGISTERS_OFFSET (0xc000 - 23 * 8)
#define MACHINE_EXIT_DIRTY 2
#define MACHINE_FLAGS_ALLOWED 0x250dd5
#define MACHINE_FLAGS_FIXED 0x202

struct w2c_machine;
#define MACHINE_INLINE static inline __attribute__((always_inline, unused))
#define M0(result, name) MACHINE_INLINE result w2c_machine_##name(struct w2c_machine *instance_)
#define M(result, name, ...) MACHINE_INLINE result w2c_machine_##name(struct w2c_machine *instance_, __VA_ARGS__)

/* One image, no global offset table. */
#pragma GCC visibility push(hidden)
/* ---- what lies behind: user-copy.S, memory.S, machine.c, fpu.c ---- */
u32 user_copy(void *to, const void *from, u64 length);
u32 user_fill(void *to, u32 byte, u64 length);
s32 user_string(char *to, const char *from, u32 max);
u32 user_load32(u32 *to, const u32 *from);
u32 user_load64(u64 *to, const u64 *from);
u32 user_store32(u32 *to, u32 value);
u32 user_store64(u64 *to, u64 value);
u32 user_compare_exchange32(u32 *to, u32 expected, u32 desired, u32 *found);
void zero_frame(void *to);
void copy_frame(void *to, const void *from);
u64 read_word_or_zero(u64 address);

u64 machine_read_msr(u32 msr);
void machine_write_msr(u32 msr, u64 value);
u64 machine_read_control(u32 control);
void machine_write_control(u32 control, u64 value);
u32 machine_hardware_random(u64 *to);
void machine_wait_for_interrupt(void);
void machine_take_interrupts(void);
__attribute__((noreturn)) void machine_halt_forever(void);
__attribute__((noreturn)) void machine_triple_fault(void);
u32 machine_stress_user_copies(void);
void machine_thread_prepare(u32 slot);
void machine_thread_fork(u32 slot, u32 from);
void machine_thread_release(u32 slot);
void machine_thread_switch(u32 to);
u64 machine_user_register(u32 slot, u32 number);
void machine_set_user_register(u32 slot, u32 number, u64 value);
void machine_store_user_context(u32 slot, u64 *to);
u32 machine_load_user_context(u32 slot, const u64 *from);
void machine_fpu_save(u32 slot);
void machine_fpu_reload(u32 slot);
void machine_fpu_reset(u32 slot);
u32 machine_fpu_state_size(void);
void machine_set_return_work(u32 pending);
void machine_scan_stacks(void);
u64 machine_image_region(u32 region, u32 end);
u64 machine_image_section(u32 section, u32 end);
u64 machine_stack_word(u64 address);
void machine_early_console_byte(u32 byte);
void machine_profile_buffer(u64 address, u32 bytes);
u64 machine_profile_figure(u32 which);
void machine_name_slot(u32 slot, u32 id);
__attribute__((noreturn)) void machine_bad_range(void);
extern u64 live_slots[];
#pragma GCC visibility pop

/* ---- physical memory ---- */
#define PHYSICAL(type, address) (*(volatile type __attribute__((may_alias)) *)(MACHINE_DIRECT_BASE + (address)))
MACHINE_INLINE void *machine_physical(u64 address) { return (void *)(MACHINE_DIRECT_BASE + address); }
/* Linear memory as a host pointer; a range that leaves the window would reach other kernel memory or user space. */
MACHINE_INLINE void *machine_linear(u32 address, u32 length) {
  if (__builtin_expect((u64)address + length > MACHINE_LINEAR_LIMIT, 0)) machine_bad_range();
  return (void *)(LINEAR_BASE + address);
}
M(u32, physRead8, u64 address) { return PHYSICAL(u8, address); }
M(u32, physRead16, u64 address) { return PHYSICAL(u16, address); }
M(u32, physRead32, u64 address) { return PHYSICAL(u32, address); }
M(u64, physRead64, u64 address) { return PHYSICAL(u64, address); }
M(void, physWrite8, u64 address, u32 value) { PHYSICAL(u8, address) = (u8)value; }
M(void, physWrite16, u64 address, u32 value) { PHYSICAL(u16, address) = (u16)value; }
M(void, physWrite32, u64 address, u32 value) { PHYSICAL(u32, address) = value; }
M(void, physWrite64, u64 address, u64 value) { PHYSICAL(u64, address) = value; }
M(void, physCopy, u64 to, u64 from, u32 length) { memcpy(machine_physical(to), machine_physical(from), length); }
M(void, physFill, u64 to, u32 byte, u32 length) { memset(machine_physical(to), (int)byte, length); }
M(void, physZeroFrame, u64 to) { zero_frame(machine_physical(to)); }
M(void, physCopyFrame, u64 to, u64 from) { copy_frame(machine_physical(to), machine_physical(from)); }
M(void, physToLinear, u32 to, u64 from, u32 length) { memcpy(machine_linear(to, length), machine_physical(from), length); }
M(void, linearToPhys, u64 to, u32 from, u32 length) { memcpy(machine_physical(to), machine_linear(from, length), length); }
M(u32, physCompare, u64 a, u64 b, u32 length) { return (u32)memcmp(machine_physical(a), machine_physical(b), length); }

/* ---- user memory; the range is checked here once more, so that no mistake above can reach kernel addresses ---- */
MACHINE_INLINE int machine_user_range(u64 address, u64 length) {
  return __builtin_expect(address <= MACHINE_USER_LIMIT - length, 1);
}
M(u32, userToLinear, u32 to, u64 from, u32 length) {
  return machine_user_range(from, length) ? user_copy(machine_linear(to, length), (const void *)from, length) : length;
}
M(u32, linearToUser, u64 to, u32 from, u32 length) {
  return machine_user_range(to, length) ? user_copy((void *)to, machine_linear(from, length), length) : length;
}
M(u32, userToPhys, u64 to, u64 from, u32 length) {
  return machine_user_range(from, length) ? user_copy(machine_physical(to), (const void *)from, length) : length;
}
M(u32, physToUser, u64 to, u64 from, u32 length) {
  return machine_user_range(to, length) ? user_copy((void *)to, machine_physical(from), length) : length;
}
M(u32, userFill, u64 to, u32 byte, u32 length) {
  return machine_user_range(to, length) ? user_fill((void *)to, byte, length) : length;
}
/* The string may lie less than `max` bytes below the limit: only its first byte is checked, the rest faults. */
M(u32, userStringToLinear, u32 to, u64 from, u32 max) {
  if (!machine_user_range(from, 1)) return (u32)-1;
  u64 room = MACHINE_USER_LIMIT - from;
  if (max <= room) return (u32)user_string(machine_linear(to, max), (const char *)from, max);
  s32 length = user_string(machine_linear(to, max), (const char *)from, (u32)room);
  return length == (s32)room ? (u32)-1 : (u32)length;
}
M(u32, userRead32, u32 to, u64 from) {
  return machine_user_range(from, 4) ? user_load32(machine_linear(to, 4), (const u32 *)from) : 1;
}
M(u32, userRead64, u32 to, u64 from) {
  return machine_user_range(from, 8) ? user_load64(machine_linear(to, 8), (const u64 *)from) : 1;
}
M(u32, userWrite32, u64 to, u32 value) { return machine_user_range(to, 4) ? user_store32((u32 *)to, value) : 1; }
M(u32, userWrite64, u64 to, u64 value) { return machine_user_range(to, 8) ? user_store64((u64 *)to, value) : 1; }
M(u32, userCompareExchange32, u64 to, u32 expected, u32 desired, u32 found) {
  return machine_user_range(to, 4) ? user_compare_exchange32((u32 *)to, expected, desired, machine_linear(found, 4)) : 1;
}

/* ---- CPU ---- */
M(u32, cpuid, u32 leaf, u32 subleaf, u32 number) {
  u32 a, b, c, d;
  __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(subleaf));
  return number == 0 ? a : number == 1 ? b : number == 2 ? c : d;
}
M(u64, readMsr, u32 msr) { return machine_read_msr(msr); }
M(void, writeMsr, u32 msr, u64 value) { machine_write_msr(msr, value); }
M(u64, readControl, u32 control) { return machine_read_control(control); }
M(void, writeControl, u32 control, u64 value) {
  if (__builtin_constant_p(control) && control == 3) __asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
  else machine_write_control(control, value);
}
M(void, invalidatePage, u64 address) { __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory"); }
M0(u64, readTsc) {
  u32 low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (u64)high << 32 | low;
}
M(u32, portRead8, u32 port) {
  u8 value;
  __asm__ volatile("inb %w1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
M(u32, portRead16, u32 port) {
  u16 value;
  __asm__ volatile("inw %w1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
M(u32, portRead32, u32 port) {
  u32 value;
  __asm__ volatile("inl %w1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
M(void, portWrite8, u32 port, u32 value) { __asm__ volatile("outb %b0, %w1" : : "a"(value), "Nd"(port) : "memory"); }
M(void, portWrite16, u32 port, u32 value) { __asm__ volatile("outw %w0, %w1" : : "a"(value), "Nd"(port) : "memory"); }
M(void, portWrite32, u32 port, u32 value) { __asm__ volatile("outl %0, %w1" : : "a"(value), "Nd"(port) : "memory"); }
M(u32, mmioRead32, u64 address) {
  u32 value;
  __asm__ volatile("movl %1, %0" : "=r"(value) : "m"(PHYSICAL(u32, address)) : "memory");
  return value;
}
M(void, mmioWrite32, u64 address, u32 value) {
  __asm__ volatile("movl %1, %0" : "=m"(PHYSICAL(u32, address)) : "r"(value) : "memory");
}
M(u32, hardwareRandom64, u32 to) { return machine_hardware_random(machine_linear(to, 8)); }
M0(void, pause) { __asm__ volatile("pause" : : : "memory"); }
M0(void, waitForInterrupt) { machine_wait_for_interrupt(); }
M0(void, takeInterrupts) { machine_take_interrupts(); }
M0(void, haltForever) { machine_halt_forever(); }
M0(void, tripleFault) { machine_triple_fault(); }
M0(u32, stressUserCopies) { return machine_stress_user_copies(); }

/* ---- threads ---- */
M0(u32, slotLimit) { return 32768; }
M(u64, stackTop, u32 slot) { return 0xffffc90000000000ull + ((u64)slot << 16) + 0xc000; }
M(void, threadPrepare, u32 slot) { machine_thread_prepare(slot); }
M(void, threadFork, u32 slot, u32 from) { machine_thread_fork(slot, from); }
M(void, threadRelease, u32 slot) { machine_thread_release(slot); }
M(void, threadSwitch, u32 to) { machine_thread_switch(to); }
M0(u32, currentSlot) {
  u32 slot;
  __asm__ volatile("movl %%gs:16, %0" : "=r"(slot) : : "memory");
  return slot;
}
/* General registers of live slots are read and written in place where the number is a constant (21 and up are not in the frame). */
#define MACHINE_REGISTER_PLACE(slot, number) (0xffffc90000000000ull + ((u64)(slot) << 16) + MACHINE_REGISTERS_OFFSET + 8 * (number))
MACHINE_INLINE int machine_slot_is_live(u32 slot) { return slot < 32768 && (live_slots[slot / 64] >> (slot % 64) & 1); }
M(u64, userRegister, u32 slot, u32 number) {
  if (!__builtin_constant_p(number) || number > 20 || __builtin_expect(!machine_slot_is_live(slot), 0)) return machine_user_register(slot, number);
  return *(u64 *)MACHINE_REGISTER_PLACE(slot, number);
}
M(void, setUserRegister, u32 slot, u32 number, u64 value) {
  int is_plain = __builtin_constant_p(number) && number < 20 && number != 17;
  if (!is_plain || __builtin_expect(!machine_slot_is_live(slot), 0)) {
    machine_set_user_register(slot, number, value);
    return;
  }
  if (number == 18) value = (value & MACHINE_FLAGS_ALLOWED) | MACHINE_FLAGS_FIXED;
  *(u64 *)MACHINE_REGISTER_PLACE(slot, number) = value;
  __asm__ volatile("cmpl %0, %%gs:16; jne 1f; orl %1, %%gs:20; 1:" : : "r"(slot), "i"(MACHINE_EXIT_DIRTY) : "memory", "cc");
}
M(void, storeUserContext, u32 slot, u32 to) { machine_store_user_context(slot, machine_linear(to, 18 * 8)); }
M(u32, loadUserContext, u32 slot, u32 from) { return machine_load_user_context(slot, machine_linear(from, 18 * 8)); }
M(void, fpuSave, u32 slot) { machine_fpu_save(slot); }
M(void, fpuReload, u32 slot) { machine_fpu_reload(slot); }
M(void, fpuReset, u32 slot) { machine_fpu_reset(slot); }
M0(u32, fpuStateSize) { return machine_fpu_state_size(); }
M(void, setReturnWork, u32 pending) { machine_set_return_work(pending); }
M0(void, scanStacks) { machine_scan_stacks(); }

/* ---- boot, symbols, embedded data ---- */
M(u64, imageRegion, u32 region, u32 end) { return machine_image_region(region, end); }
M0(u64, linearBase) { return LINEAR_BASE; }
M0(u64, imageBase) { return 0xffffffff00000000ull; }
M(u64, imageSection, u32 section, u32 end) { return machine_image_section(section, end); }
M(u64, frameReturnAddress, u64 frame_pointer) { return machine_stack_word(frame_pointer + 8); }
M(u64, frameParent, u64 frame_pointer) { return machine_stack_word(frame_pointer); }
M0(u64, currentFramePointer) { return (u64)__builtin_frame_address(0); }
M(void, profileBuffer, u64 address, u32 bytes) { machine_profile_buffer(address, bytes); }
M(u64, profileFigure, u32 which) { return machine_profile_figure(which); }
M(void, nameSlot, u32 slot, u32 id) { machine_name_slot(slot, id); }
M(void, earlyConsoleByte, u32 byte) { machine_early_console_byte(byte); }

#undef M
#undef M0
#undef PHYSICAL
#endif

// Names of registers and exceptions of the CPU, for reports. Nothing here allocates.

/** User registers in the order of the machine contract. */
@inline export const USER_REGISTER_COUNT: u32 = 23;

/** Names of the user registers in the order of the machine contract. */
export function userRegisterName(register: u32): string {
  switch (register) {
    case 0: return "r15";
    case 1: return "r14";
    case 2: return "r13";
    case 3: return "r12";
    case 4: return "rbp";
    case 5: return "rbx";
    case 6: return "r11";
    case 7: return "r10";
    case 8: return "r9 ";
    case 9: return "r8 ";
    case 10: return "rax";
    case 11: return "rcx";
    case 12: return "rdx";
    case 13: return "rsi";
    case 14: return "rdi";
    case 15: return "orig_rax";
    case 16: return "rip";
    case 17: return "cs ";
    case 18: return "eflags";
    case 19: return "rsp";
    case 20: return "ss ";
    case 21: return "fs_base";
    default: return "gs_base";
  }
}

/** Name of an exception vector (Intel SDM volume 3, table 6-1). */
export function exceptionName(vector: u32): string {
  switch (vector) {
    case 0: return "divide error";
    case 1: return "debug";
    case 2: return "non-maskable interrupt";
    case 3: return "breakpoint";
    case 4: return "overflow";
    case 5: return "bound range exceeded";
    case 6: return "invalid opcode";
    case 7: return "device not available";
    case 8: return "double fault";
    case 10: return "invalid TSS";
    case 11: return "segment not present";
    case 12: return "stack segment fault";
    case 13: return "general protection fault";
    case 14: return "page fault";
    case 16: return "x87 floating-point error";
    case 17: return "alignment check";
    case 18: return "machine check";
    case 19: return "SIMD floating-point error";
    case 21: return "control protection fault";
    default: return "unknown exception";
  }
}

/** Control registers that reports show: CR0, CR3, CR4. */
@inline export const REPORTED_CONTROLS: u32 = 3;

/** Number of the control register in the machine contract. */
export function controlNumber(index: u32): u32 {
  return index == 0 ? 0 : index + 2;
}

export function controlName(index: u32): string {
  switch (index) {
    case 0: return "CR0";
    case 1: return "CR3";
    default: return "CR4";
  }
}

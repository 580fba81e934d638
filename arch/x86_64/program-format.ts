// What programs for this CPU look like, and what they are told of it.

/** e_machine of ELF files: EM_X86_64 (System V ABI, AMD64 supplement). */
@inline export const ELF_MACHINE: u32 = 62;

/** The machine of uname(2). */
export const MACHINE_NAME: string = "x86_64";

/** The same with its NUL in eight bytes, for AT_PLATFORM. */
@inline export const PLATFORM_TEXT: u64 = 0x0034_365f_3638_78;

// The machine: every import of the kernel core, and nothing else. TRUSTED.
//
// All input reaches the core through these functions (hardware, time, randomness, user memory), so the same
// `.wasm` runs natively (arch/x86_64/native/machine.h and the assembly stub) and under Node with a simulated machine
// (tests/simulated-machine/). Physical addresses and user addresses are u64, linear-memory addresses usize (32 bit),
// so the compiler keeps the two apart. Raw imports are for trusted files; everyone else uses the typed,
// bounds-checked wrappers above them (kernel/mm/frames/frame.ts, kernel/mm/user/user-access.ts, arch/x86_64/*.ts).
//
// "Slot" is the number of a native kernel stack with its saved registers; slot 0 is the boot (idle) thread.

// ---- physical memory, through the direct map ------------------------------------------------------------------
@external("machine", "physRead8") export declare function physRead8(address: u64): u32;
@external("machine", "physRead16") export declare function physRead16(address: u64): u32;
@external("machine", "physRead32") export declare function physRead32(address: u64): u32;
@external("machine", "physRead64") export declare function physRead64(address: u64): u64;
@external("machine", "physWrite8") export declare function physWrite8(address: u64, value: u32): void;
@external("machine", "physWrite16") export declare function physWrite16(address: u64, value: u32): void;
@external("machine", "physWrite32") export declare function physWrite32(address: u64, value: u32): void;
@external("machine", "physWrite64") export declare function physWrite64(address: u64, value: u64): void;
/** Copies between non-overlapping physical ranges. */
@external("machine", "physCopy") export declare function physCopy(to: u64, from: u64, length: u32): void;
@external("machine", "physFill") export declare function physFill(to: u64, byte: u32, length: u32): void;
/** Zeroes one 4 KiB frame with the fastest stores of this CPU. */
@external("machine", "physZeroFrame") export declare function physZeroFrame(to: u64): void;
@external("machine", "physCopyFrame") export declare function physCopyFrame(to: u64, from: u64): void;
@external("machine", "physToLinear") export declare function physToLinear(to: usize, from: u64, length: u32): void;
@external("machine", "linearToPhys") export declare function linearToPhys(to: u64, from: usize, length: u32): void;
/** memcmp(3) of two physical ranges: negative, zero or positive. */
@external("machine", "physCompare") export declare function physCompare(a: u64, b: u64, length: u32): i32;

// ---- user memory of the current address space; faults are resolved by the exported `pageFault`, ----------------
// ---- or end the copy. Callers have checked the range against the user limit. May sleep (page fault). ------------
/** Each returns the number of bytes NOT copied (0: complete). */
@external("machine", "userToLinear") export declare function userToLinear(to: usize, from: u64, length: u32): u32;
@external("machine", "linearToUser") export declare function linearToUser(to: u64, from: usize, length: u32): u32;
@external("machine", "userToPhys") export declare function userToPhys(to: u64, from: u64, length: u32): u32;
@external("machine", "physToUser") export declare function physToUser(to: u64, from: u64, length: u32): u32;
@external("machine", "userFill") export declare function userFill(to: u64, byte: u32, length: u32): u32;
/** Copies a NUL-terminated string of at most `max` bytes with its NUL. Returns its length without the NUL,
 *  `max` when no NUL came within `max` bytes, or -1 when user memory faulted. */
@external("machine", "userStringToLinear") export declare function userStringToLinear(to: usize, from: u64, max: u32): i32;
/** Reads or writes one aligned or unaligned value. Reads store the value at linear address `to`. 0: done, 1: fault. */
@external("machine", "userRead32") export declare function userRead32(to: usize, from: u64): u32;
@external("machine", "userRead64") export declare function userRead64(to: usize, from: u64): u32;
@external("machine", "userWrite32") export declare function userWrite32(to: u64, value: u32): u32;
@external("machine", "userWrite64") export declare function userWrite64(to: u64, value: u64): u32;
/** Atomic compare-and-exchange on an aligned user word; stores the value found at linear address `found`. 0/1 as above. */
@external("machine", "userCompareExchange32")
export declare function userCompareExchange32(to: u64, expected: u32, desired: u32, found: usize): u32;

// ---- CPU ---------------------------------------------------------------------------------------------------
/** Which register of CPUID's result: 0 eax, 1 ebx, 2 ecx, 3 edx. */
@external("machine", "cpuid") export declare function cpuid(leaf: u32, subleaf: u32, register: u32): u32;
@external("machine", "readMsr") export declare function readMsr(msr: u32): u64;
@external("machine", "writeMsr") export declare function writeMsr(msr: u32, value: u64): void;
/** control: 0, 2, 3, 4, or 8 for XCR0 */
@external("machine", "readControl") export declare function readControl(control: u32): u64;
@external("machine", "writeControl") export declare function writeControl(control: u32, value: u64): void;
@external("machine", "invalidatePage") export declare function invalidatePage(address: u64): void;
@external("machine", "readTsc") export declare function readTsc(): u64;
@external("machine", "portRead8") export declare function portRead8(port: u32): u32;
@external("machine", "portRead16") export declare function portRead16(port: u32): u32;
@external("machine", "portRead32") export declare function portRead32(port: u32): u32;
@external("machine", "portWrite8") export declare function portWrite8(port: u32, value: u32): void;
@external("machine", "portWrite16") export declare function portWrite16(port: u32, value: u32): void;
@external("machine", "portWrite32") export declare function portWrite32(port: u32, value: u32): void;
/** Device registers: never merged, never dropped, never reordered among themselves. */
@external("machine", "mmioRead32") export declare function mmioRead32(address: u64): u32;
@external("machine", "mmioWrite32") export declare function mmioWrite32(address: u64, value: u32): void;
/** One hardware random number stored at linear address `to`; 0: done, 1: none available (no RDRAND/RDSEED). */
@external("machine", "hardwareRandom64") export declare function hardwareRandom64(to: usize): u32;
@external("machine", "pause") export declare function pause(): void;
/** Interrupts on, sleep until one was handled, interrupts off. Used by the idle thread only. */
@external("machine", "waitForInterrupt") export declare function waitForInterrupt(): void;
/** Interrupts on for an instant, then off: lets pending ones in at an explicit pre-emption point. */
@external("machine", "takeInterrupts") export declare function takeInterrupts(): void;
/** Stops this CPU for ever, interrupts off. */
@external("machine", "haltForever") export declare function haltForever(): void;
/** Triple fault: the last resort of reboot(2). */
@external("machine", "tripleFault") export declare function tripleFault(): void;
/** From now on every user copy faults at its first access, resolved by the exported `pageFault`. 0: this CPU cannot (no SMAP). */
@external("machine", "stressUserCopies") export declare function stressUserCopies(): u32;

// ---- threads: native kernel stacks ---------------------------------------------------------------------------
/** Number of slots there can be; slot s has its stack at stackTop(s). */
@external("machine", "slotLimit") export declare function slotLimit(): u32;
/** Kernel virtual address of one past the highest byte of the slot's stack. The stack is STACK_PAGES pages below it;
 *  the page at the top address is the slot's FPU page; the page below the stack is the guard, never mapped. */
@external("machine", "stackTop") export declare function stackTop(slot: u32): u64;
/** Makes a fresh slot (its pages mapped by the caller) that starts in the exported `threadMain(slot)` when first
 *  switched to, and goes to user mode through its user registers when that returns. User registers are zeroed,
 *  the FPU page holds the initial state. */
@external("machine", "threadPrepare") export declare function threadPrepare(slot: u32): void;
/** As threadPrepare, then copies user registers and FPU state of slot `from` (the current one). */
@external("machine", "threadFork") export declare function threadFork(slot: u32, from: u32): void;
/** The slot is dead: its stack is no longer scanned by the collector. Its pages may be unmapped afterwards. */
@external("machine", "threadRelease") export declare function threadRelease(slot: u32): void;
/** Saves this thread, resumes slot `to`; returns when somebody switches back. */
@external("machine", "threadSwitch") export declare function threadSwitch(to: u32): void;
@external("machine", "currentSlot") export declare function currentSlot(): u32;
/** User registers of a slot (struct pt_regs order of Linux: 0 r15, 1 r14, 2 r13, 3 r12, 4 rbp, 5 rbx, 6 r11, 7 r10,
 *  8 r9, 9 r8, 10 rax, 11 rcx, 12 rdx, 13 rsi, 14 rdi, 15 orig_rax, 16 rip, 17 cs, 18 eflags, 19 rsp, 20 ss,
 *  then 21 fs_base, 22 gs_base). cs and ss are fixed by the return path; eflags is masked by the caller. */
@external("machine", "userRegister") export declare function userRegister(slot: u32, register: u32): u64;
@external("machine", "setUserRegister") export declare function setUserRegister(slot: u32, register: u32, value: u64): void;
/** Stores the slot's r8 … r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip and flags (the order of struct sigcontext) as
 *  18 words at `to`. */
@external("machine", "storeUserContext") export declare function storeUserContext(slot: u32, to: usize): void;
/** Sets the same registers from 18 words at `from`; flags are masked. 1 (and nothing done): rip is no user address. */
@external("machine", "loadUserContext") export declare function loadUserContext(slot: u32, from: usize): u32;
/** Brings the slot's FPU page up to date with the registers (physical address of the page: the caller knows it). */
@external("machine", "fpuSave") export declare function fpuSave(slot: u32): void;
/** The slot's FPU page was changed: registers are loaded from it before the next return to user mode. */
@external("machine", "fpuReload") export declare function fpuReload(slot: u32): void;
/** Resets the slot's FPU page to the initial state (execve). */
@external("machine", "fpuReset") export declare function fpuReset(slot: u32): void;
/** Bytes of the XSAVE area in use on this CPU; 512 with FXSAVE only. */
@external("machine", "fpuStateSize") export declare function fpuStateSize(): u32;
/** Non-zero makes the way back to user mode call the exported `returnToUser()` (signals, rescheduling). */
@external("machine", "setReturnWork") export declare function setReturnWork(pending: u32): void;
/** Calls the exported `gcMarkWord` for each word of every live slot's stack (the current one's spilled registers included)
 *  that could be an address inside linear memory. */
@external("machine", "scanStacks") export declare function scanStacks(): void;

// ---- profiler (arch/x86_64/native/profile.c) ------------------------------------------------------------------------------
/** From now on each NMI stores a sample in `bytes` bytes of physical memory from `address` on, until they are full; 0: stops. */
@external("machine", "profileBuffer") export declare function profileBuffer(address: u64, bytes: u32): void;
/** 0: bytes of samples stored, 1: samples that found no room, 2: NMIs since boot. */
@external("machine", "profileFigure") export declare function profileFigure(which: u32): u64;
/** Gives a mapped slot the thread number that samples show. */
@external("machine", "nameSlot") export declare function nameSlot(slot: u32, id: u32): void;

// ---- boot, symbols, embedded data ------------------------------------------------------------------------------
/** Region of physical memory that holds: 0 the kernel image, 1 linear memory as mapped at entry, 2 early page tables,
 *  3 the vDSO image (page aligned ELF), 4 the symbol table, 5 frames of slot 0's and the interrupt stacks, 6 the vDSO's data page. `end` 0: start address, 1: one past the end. */
@external("machine", "imageRegion") export declare function imageRegion(region: u32, end: u32): u64;
/** Virtual address where linear memory begins, and where the kernel image is linked. */
@external("machine", "linearBase") export declare function linearBase(): u64;
@external("machine", "imageBase") export declare function imageBase(): u64;
/** Page protection of the kernel image by section, for W^X. section: 0 text, 1 read-only data, 2 data and bss.
 *  `end` as above; virtual addresses. */
@external("machine", "imageSection") export declare function imageSection(section: u32, end: u32): u64;
/** The rbp chain of a kernel stack: frame pointer -> caller's return address / frame pointer; 0 ends it. Checked reads. */
@external("machine", "frameReturnAddress") export declare function frameReturnAddress(framePointer: u64): u64;
@external("machine", "frameParent") export declare function frameParent(framePointer: u64): u64;
@external("machine", "currentFramePointer") export declare function currentFramePointer(): u64;
/** Emits one byte on the earliest console there is (serial port 0x3f8 natively, standard output under Node). */
@external("machine", "earlyConsoleByte") export declare function earlyConsoleByte(byte: u32): void;

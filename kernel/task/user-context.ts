// What the kernel asks of the architecture about user mode: the one file of kernel/task that says where that is.
//
// An architecture offers these names (arch/x86_64/user/ is the one there is): `UserContext`, the user mode of a thread as
// program counter, stack pointer, thread pointer, system call and result; the traps of user mode as signals; signal
// frames; what the auxiliary vector says about the CPU; the format of programs; the vDSO; arch_prctl(2). They are called
// directly, without a virtual call: a kernel is built for one architecture.

export { UserContext } from "../../arch/x86_64/user/user-context";
export { faultAccess, isPageFault, notePageFault, noteTrap, trapCode, trapName, trapPlace, trapSignal } from "../../arch/x86_64/user/trap";
export { SignalFrame, belowRedZone, framePlace, minimumSignalStack } from "../../arch/x86_64/user/signal-frame";
export { hardwareCapabilities, hardwareCapabilities2 } from "../../arch/x86_64/user/program-features";
export { initSignalFpu } from "../../arch/x86_64/user/signal-fpu";
export { ELF_MACHINE, PLATFORM_TEXT } from "../../arch/x86_64/program-format";
export { mapVdso } from "../../arch/x86_64/user/vdso-mapping";
export { archPrctl } from "../../arch/x86_64/user/arch-prctl";

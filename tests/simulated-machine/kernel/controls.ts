// Controls of the simulated machine for unit tests of kernel code. AssemblyScript; for *.test.ts only.
// What each import of arch/x86_64/machine.ts does here is in machine.ts in the folder above.

/** The TSC's present value, and how far it goes at each reading. */
@external("simulation", "setTsc") export declare function setTsc(value: u64, step: u64): void;
/** One register (0 eax … 3 edx) of a CPUID leaf. */
@external("simulation", "setCpuid") export declare function setCpuid(leaf: u32, subleaf: u32, register: u32, value: u32): void;
/** The value of a control register. */
@external("simulation", "setControl") export declare function setControl(control: u32, value: u64): void;
/** What reads of a port give from now on. */
@external("simulation", "setPort") export declare function setPort(port: u32, value: u32): void;
/** The port writes so far, in order. */
@external("simulation", "portWriteCount") export declare function portWriteCount(): i32;
@external("simulation", "portWritePort") export declare function portWritePort(index: i32): i32;
@external("simulation", "portWriteValue") export declare function portWriteValue(index: i32): i32;
/** The addresses given to invalidatePage so far, in order. */
@external("simulation", "invalidatedPageCount") export declare function invalidatedPageCount(): i32;
@external("simulation", "invalidatedPage") export declare function invalidatedPage(index: i32): u64;
/** Whether hardwareRandom64 has numbers. */
@external("simulation", "setHardwareRandom") export declare function setHardwareRandom(available: bool): void;
/** What earlyConsoleByte received. */
@external("simulation", "consoleLength") export declare function consoleLength(): i32;
@external("simulation", "consoleByte") export declare function consoleByte(index: i32): i32;
/** The last value of setReturnWork. */
@external("simulation", "returnWork") export declare function returnWork(): u32;
/** Writes a line to the test's output. */
@external("simulation", "log") export declare function log(message: string): void;

// The entry file of the kernel core: its exports are what native code calls (docs/machine-contract.md), each one line
// to the subsystem that answers. `boot` brings the system up in order and becomes the idle thread.

import { growLinear } from "../arch/x86_64/kernel-mapping";
import { haltForever } from "../arch/x86_64/machine";
import { readBootInfo } from "../arch/x86_64/boot-info";
import { logInfo } from "../kernel/runtime/log";
import { panic } from "../kernel/runtime/panic";
import { CommandLine } from "./command-line";
import { startLogConsoles, startTerminals } from "./consoles";
import { startDevices } from "./devices";
import { startFileSystems } from "./file-systems";
import { startMemory } from "./memory";

/** Runs once on the boot CPU, interrupts off; becomes the idle thread. Does not return. */
export function boot(protocol: u32, address: u64): void {
  const info = readBootInfo(protocol, address);
  const commandLine = new CommandLine(info.commandLine);
  startLogConsoles(commandLine);
  if (info.problem.length > 0) panic("boot information: " + info.problem);
  if (!startMemory(info)) panic("not enough memory");
  startDevices(info, commandLine);
  startFileSystems();
  startTerminals(commandLine);
  haltForever();
}

/** From memory.grow. */
export function growLinearMemory(wasmPages: u32): i32 {
  return growLinear(wasmPages);
}

export function threadMain(slot: u32): void {
  haltForever();
}
export function syscall(nr: u64, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  return -38;
}
export function returnToUser(): void {}
export function interrupt(vector: u32, fromUser: u32): void {}
export function userTrap(vector: u32, error: u64, address: u64): void {
  haltForever();
}
export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  return 0;
}
export function kernelFault(vector: u32, error: u64, address: u64, ip: u64, framePointer: u64): void {
  panic("kernel fault");
}
export { gcMarkWord } from "../kernel/runtime/collector";

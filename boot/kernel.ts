// The entry file of the kernel core: its exports are what native code calls (docs/machine-contract.md).

import { earlyConsoleByte, haltForever } from "../arch/x86_64/machine";

/** Runs once on the boot CPU, interrupts off; becomes the idle thread. Does not return. */
export function boot(protocol: u32, info: u64): void {
  print("Typix: hello\r\n");
  haltForever();
}

function print(text: string): void {
  for (let i = 0; i < text.length; i++) earlyConsoleByte(text.charCodeAt(i));
}

export function growLinearMemory(wasmPages: u32): i32 {
  return 0;
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
  print("kernel fault\r\n");
  haltForever();
}
export function gcMarkWord(address: u32): void {}

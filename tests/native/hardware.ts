// A core for trying the hardware layer in QEMU: prints what boot information, ACPI and CPUID say, takes a few timer
// interrupts, then powers off. Built with `toolchain/build.ts --entry tests/native/hardware.ts`.

import { readAcpi } from "../../arch/x86_64/platform/acpi";
import { enableIrq, endOfInterrupt, interruptControllerName, PIC_VECTOR_BASE } from "../../arch/x86_64/platform/apic";
import { readBootInfo } from "../../arch/x86_64/platform/boot-info";
import { cpuFlags, detectCpu } from "../../arch/x86_64/cpu-features";
import { earlyConsoleByte, haltForever, readTsc, waitForInterrupt } from "../../arch/x86_64/machine";
import { startPlatform } from "../../arch/x86_64/platform/platform";
import { powerOff, reboot } from "../../arch/x86_64/platform/power";
import { programTimer, timerDescription, timerVector } from "../../arch/x86_64/platform/timer";

let timerCount: u32 = 0;
let otherCount: u32 = 0;

function print(text: string): void {
  for (let i = 0; i < text.length; i++) earlyConsoleByte(text.charCodeAt(i));
}

function hex(value: u64): string {
  return " 0x" + value.toString(16);
}

export function boot(protocol: u32, info: u64): void {
  const start = readTsc();
  const told = readBootInfo(protocol, info);
  print("boot: problem '" + told.problem + "' rsdp" + hex(told.rsdp) + " efi " + told.isEfi.toString() + "\n");
  for (let i = 0; i < told.memory.length; i++) {
    const range = told.memory[i];
    print("memory" + hex(range.start) + hex(range.end) + " " + range.kind.toString() + "\n");
  }
  let line = "";
  for (let i = 0; i < told.commandLine.length; i++) line += String.fromCharCode(told.commandLine[i]);
  print("command line: " + line + "\n");
  for (let i = 0; i < told.modules.length; i++) print("module" + hex(told.modules[i].start) + hex(told.modules[i].end) + "\n");
  const screen = told.framebuffer;
  if (screen !== null) {
    print("screen" + hex(screen.address) + " " + screen.width.toString() + "x" + screen.height.toString() + " bits " + screen.bitsPerPixel.toString() + " kind " + screen.kind.toString() + "\n");
  }
  const cpu = detectCpu();
  print(cpu.vendor + " | " + cpu.brand + " | " + cpu.hypervisor + " family " + cpu.family.toString() + " model " + cpu.model.toString() + "\nflags: " + cpuFlags(cpu) + "\n");
  const acpi = readAcpi(told.rsdp, told.isEfi);
  if (acpi !== null) {
    print("acpi: cpus " + acpi.localApics.length.toString() + " ioapics " + acpi.ioApics.length.toString() + " overrides " + acpi.overrides.length.toString()
      + " pm1a" + hex(acpi.pm1aControl) + " timer" + hex(acpi.pmTimer) + " hpet" + hex(acpi.hpetAddress) + " s5 " + acpi.hasS5.toString() + hex(acpi.s5TypeA)
      + " sleep" + hex(acpi.sleepControl.address) + " reset" + hex(acpi.reset.address) + hex(acpi.resetValue) + " century" + hex(acpi.centuryRegister) + "\n");
  }
  const before = readTsc();
  const hz = startPlatform(acpi);
  const after = readTsc();
  print("tsc " + hz.toString() + " Hz, " + timerDescription() + ", " + interruptControllerName() + ", init us " + ((after - before) * 1000000 / hz).toString()
    + " before us " + ((before - start) * 1000000 / hz).toString() + "\n");
  enableIrq(4, PIC_VECTOR_BASE + 4);
  for (let i = 0; i < 10; i++) {
    const deadline = readTsc() + hz / 50;
    const count = timerCount;
    programTimer(deadline);
    while (timerCount == count || readTsc() < deadline) {
      if (timerCount != count) programTimer(deadline);
      waitForInterrupt();
    }
    print(" " + ((readTsc() - deadline) * 1000000 / hz).toString());
  }
  print(" us late\ntimer interrupts " + timerCount.toString() + " others " + otherCount.toString() + "\n");
  if (line.includes("reboot")) reboot();
  powerOff();
  print("still on\n");
  haltForever();
}

export function growLinearMemory(wasmPages: u32): i32 {
  return 0;
}
export function threadMain(slot: u32): void {
  print("thread " + slot.toString());
}
export function syscall(nr: u64, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  return -38;
}
export function returnToUser(): void {}
export function interrupt(vector: u32, fromUser: u32): void {
  if (vector == timerVector()) timerCount++;
  else otherCount++;
  endOfInterrupt();
}
export function userTrap(vector: u32, error: u64, address: u64): void {}
export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  return 0;
}
export function kernelFault(vector: u32, error: u64, address: u64, ip: u64, framePointer: u64): void {
  print("kernel fault " + vector.toString() + hex(error) + hex(address) + hex(ip) + "\n");
  haltForever();
}
export function gcMarkWord(address: u32): void {}

// Instructions of the CPU that everyone may use: they have no effect on memory. TRUSTED only because it names imports.

import {
  cpuid as machineCpuid, haltForever as machineHalt, nameSlot as machineNameSlot, pause as machinePause, profileFigure, readControl,
  readTsc as machineTsc, tripleFault as machineTripleFault,
} from "./machine";

/** Which register of CPUID's result: 0 eax, 1 ebx, 2 ecx, 3 edx. */
@safe @inline export function cpuid(leaf: u32, subleaf: u32, register: u32): u32 {
  return machineCpuid(leaf, subleaf, register);
}

/** The time-stamp counter. */
@safe @inline export function readTsc(): u64 {
  return machineTsc();
}

/** CR4, and XCR0 (0 without XSAVE: CR4.OSXSAVE clear). */
@safe export function controlRegister4(): u64 {
  return readControl(4);
}
@safe export function extendedControl(): u64 {
  return (readControl(4) & (1 << 18)) != 0 ? readControl(8) : 0;
}

@safe export function pause(): void {
  machinePause();
}

/** Stops this CPU for ever. */
@safe export function haltForever(): void {
  machineHalt();
}

/** Resets the machine. */
@safe export function tripleFault(): void {
  machineTripleFault();
}

/** The profiler's figures (machine contract, profileFigure). */
@safe export function sampleFigure(which: u32): u64 {
  return profileFigure(which);
}

/** The number that samples show for the thread of a kernel stack: a note in the stack's own page. */
@safe @inline export function nameSampledSlot(slot: u32, id: u32): void {
  machineNameSlot(slot, id);
}

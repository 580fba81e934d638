// The CPUID instruction, for everyone: it has no effect on memory. TRUSTED only because it names an import.

import { cpuid as machineCpuid } from "./machine";

/** Which register of CPUID's result: 0 eax, 1 ebx, 2 ecx, 3 edx. */
@safe @inline export function cpuid(leaf: u32, subleaf: u32, register: u32): u32 {
  return machineCpuid(leaf, subleaf, register);
}

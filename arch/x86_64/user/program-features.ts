// CPU features that programs learn from the auxiliary vector (AT_HWCAP, AT_HWCAP2).

import { controlRegister4, cpuid, extendedControl } from "../cpuid";

/** CR4.FSGSBASE: programs may use RDFSBASE and relatives. */
@inline const CR4_FSGSBASE: u64 = 1 << 16;
@inline const HWCAP2_FSGSBASE: u64 = 2;

/** AT_HWCAP: CPUID 1, edx. */
export function hardwareCapabilities(): u64 {
  return <u64>cpuid(1, 0, 3);
}

/** AT_HWCAP2 */
export function hardwareCapabilities2(): u64 {
  return (controlRegister4() & CR4_FSGSBASE) != 0 ? HWCAP2_FSGSBASE : 0;
}

/** Offset of a state component (2 … 62) in the standard XSAVE area; SDM volume 1, 13.4.3. */
export function componentOffset(component: u32): u32 {
  return cpuid(0xd, component, 1);
}

/** Bytes of a state component. */
export function componentSize(component: u32): u32 {
  return cpuid(0xd, component, 0);
}

/** XCR0: the state components that XSAVE keeps; 0 without XSAVE (CR4.OSXSAVE clear). */
export function enabledStateComponents(): u64 {
  return extendedControl();
}

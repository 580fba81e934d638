// FPU state in signal frames (Linux Documentation/arch/x86/xstate, sigcontext.h `_fpx_sw_bytes`).
//
// The frame holds the XSAVE area in standard form; its software bytes (offset 464) say so by a magic number, and a second
// one behind the area shows that nothing was cut off. A program may change or forge all of it: what could make XRSTOR
// fault (reserved header bytes, unknown components, reserved MXCSR bits) is masked here. Sleeps (user copies).

import { Errno } from "../../../kernel/abi/errno";
import { UserIn } from "../../../kernel/mm/user/user-memory";
import { UserArguments } from "../../../kernel/mm/user/user-arguments";
import { FpuArea } from "./fpu-area";
import { componentOffset, componentSize, enabledStateComponents } from "./program-features";
import { fpuSize } from "./registers";
import { UserContext } from "./user-context";

@inline const LEGACY_SIZE: u32 = 512;
@inline const SOFTWARE_BYTES: u32 = 464;
@inline const HEADER: u32 = 512;
/** Legacy area and header. */
@inline const BASIC_SIZE: u32 = 576;
@inline const MAGIC1: u32 = 0x46505853;
@inline const MAGIC2: u32 = 0x46505845;
@inline const MXCSR: u32 = 24;
@inline const MXCSR_MASK: u32 = 28;
@inline const INITIAL_MXCSR: u32 = 0x1f80;
@inline const DEFAULT_MXCSR_MASK: u32 = 0xffbf;
@inline const X87_AND_SSE: u64 = 3;

/** True if the CPU has XSAVE, so that frames carry more than the legacy area. */
@inline
export function hasExtendedState(): bool {
  return fpuSize() > LEGACY_SIZE;
}

/** Bytes of FPU state in a frame, the second magic number included. */
@inline
export function fpuFrameSize(): u32 {
  const size = fpuSize();
  return size > LEGACY_SIZE ? size + 4 : size;
}

/** Components that the area has room for: all that the machine saves (bits of XCR0). */
function knownComponents(area: FpuArea): u64 {
  const known = enabledComponents;
  return known != 0 ? known : area.read64(HEADER) | X87_AND_SSE;
}

/** XCR0 as the machine set it; 0 until `initSignalFpu`, or without XSAVE. */
@bootOnly let enabledComponents: u64 = 0;

/** Components above x87 and SSE: bit, offset, size. Those in their initial state are neither copied out nor in. */
@inline const COMPONENTS: i32 = 8;
@bootOnly const componentBits = new StaticArray<u64>(COMPONENTS);
@bootOnly const componentOffsets = new StaticArray<u32>(COMPONENTS);
@bootOnly const componentSizes = new StaticArray<u32>(COMPONENTS);
@bootOnly let componentCount: i32 = 0;

/** Learns what the XSAVE area consists of. Boot. */
export function initSignalFpu(): void {
  enabledComponents = enabledStateComponents();
  // More than there is room for are not used by any CPU this kernel enables.
  for (let component: u32 = 2; component < 63 && componentCount < COMPONENTS; component++) {
    if (((enabledComponents >> <u64>component) & 1) == 0) continue;
    componentBits[componentCount] = (<u64>1) << <u64>component;
    componentOffsets[componentCount] = componentOffset(component);
    componentSizes[componentCount] = componentSize(component);
    componentCount++;
  }
}

/** Copies the components of `set` to user memory. False: fault. */
@sleeps function putComponents(area: FpuArea, address: u64, set: u64): bool {
  for (let i = 0; i < componentCount; i++) {
    if ((componentBits[i] & set) == 0) continue;
    const offset = componentOffsets[i];
    if (!area.toUser(address + <u64>offset, offset, componentSizes[i])) return false;
  }
  return true;
}

/** Copies the components of `set` from user memory. False: fault. */
@sleeps function takeComponents(area: FpuArea, address: u64, set: u64): bool {
  for (let i = 0; i < componentCount; i++) {
    if ((componentBits[i] & set) == 0) continue;
    const offset = componentOffsets[i];
    if (!area.fromUser(address + <u64>offset, offset, componentSizes[i])) return false;
  }
  return true;
}

/** Writes the FPU state to user memory at `address` (64-byte aligned). False: fault. */
@sleeps export function saveFpu(user: UserContext, claims: UserArguments, address: u64): bool {
  const area = user.savedFpu();
  const size = fpuSize();
  area.clear(SOFTWARE_BYTES, 48);
  if (hasExtendedState()) {
    area.write32(SOFTWARE_BYTES, MAGIC1);
    area.write32(SOFTWARE_BYTES + 4, size + 4);
    area.write64(SOFTWARE_BYTES + 8, knownComponents(area));
    area.write32(SOFTWARE_BYTES + 16, size);
    // x87 and SSE state is always valid in the frame, in its initial form too.
    area.write64(HEADER, area.read64(HEADER) | X87_AND_SSE);
  }
  const first = hasExtendedState() ? BASIC_SIZE : LEGACY_SIZE;
  if (!area.toUser(address, 0, first)) return false;
  if (!hasExtendedState()) return true;
  if (!putComponents(area, address, area.read64(HEADER))) return false;
  return claims.out0.claim(address).writeU32(<u64>size, MAGIC2) == 0;
}

/** A handler starts with the state that a program starts with. `saveFpu` has put the interrupted one away. */
export function clearFpu(user: UserContext): void {
  if (!hasExtendedState()) {
    user.resetFpu();
    return;
  }
  // No component is in the area, so XRSTOR gives all their initial form; MXCSR alone it takes from there (SDM, XRSTOR).
  const area = user.fpu;
  area.write64(HEADER, 0);
  area.write32(MXCSR, INITIAL_MXCSR);
  user.reloadFpu();
}

/** Loads the FPU state from user memory at `address`; 0: initial state. False: fault or no valid state. */
@sleeps export function restoreFpu(user: UserContext, claims: UserArguments, address: u64): bool {
  if (address == 0) {
    user.resetFpu();
    return true;
  }
  const isExtended = hasExtendedState() && hasMagic(claims.in0.claim(address));
  const size = isExtended ? BASIC_SIZE : LEGACY_SIZE;
  if (hardwareMask == 0) hardwareMask = mxcsrMask(user.savedFpu());
  const area = user.fpu;
  // From here on the page holds the state: a sleep in the copy must not save the registers over it.
  user.reloadFpu();
  let isValid = area.fromUser(address, 0, size);
  isValid = isValid && isImageValid(area, isExtended);
  if (isValid && isExtended) isValid = takeComponents(area, address, area.read64(HEADER));
  complete(area, isExtended);
  if (!isValid) user.resetFpu();
  return isValid;
}

@sleeps function hasMagic(claim: UserIn): bool {
  const size = fpuSize();
  if (claim.readU32(<u64>SOFTWARE_BYTES) == -Errno.EFAULT || claim.value != <u64>MAGIC1) return false;
  if (claim.readU32(<u64>SOFTWARE_BYTES + 16) == -Errno.EFAULT || claim.value != <u64>size) return false;
  return claim.readU32(<u64>size) == 0 && claim.value == <u64>MAGIC2;
}

/** MXCSR bits this CPU has; 0 until the first frame is restored. */
@kernelLock let hardwareMask: u32 = 0;

/** The same, as the CPU's own FXSAVE image says. */
function mxcsrMask(area: FpuArea): u32 {
  const mask = area.read32(MXCSR_MASK);
  return mask != 0 ? mask : DEFAULT_MXCSR_MASK;
}

/** False for images that XRSTOR refuses: reserved MXCSR bits, unknown components, the compacted form. */
function isImageValid(area: FpuArea, isExtended: bool): bool {
  if ((area.read32(MXCSR) & ~hardwareMask) != 0) return false;
  if (!isExtended) return true;
  return (area.read64(HEADER) & ~enabledOrBasic()) == 0
    && area.read64(HEADER + 8) == 0 && area.read64(HEADER + 16) == 0;
}

/** Fills in what a frame without extended state does not say, and what the CPU reserves. */
function complete(area: FpuArea, isExtended: bool): void {
  area.write32(MXCSR_MASK, hardwareMask);
  if (!hasExtendedState()) return;
  // Without extended state the other components take their initial form.
  const components = isExtended ? area.read64(HEADER) & enabledOrBasic() : X87_AND_SSE;
  area.write64(HEADER, components);
  area.write32(MXCSR, area.read32(MXCSR) & hardwareMask);
  area.clear(HEADER + 8, 56);
}

function enabledOrBasic(): u64 {
  return enabledComponents != 0 ? enabledComponents : X87_AND_SSE;
}

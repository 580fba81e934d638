// What reports need of the machine: reads that change nothing, the earliest console, and the end. TRUSTED (imports).
//
// The symbol table is read by offset, checked against its region, so a damaged table yields zeroes and no fault.
// No globals: this file is used before any initialiser has run. Nothing here allocates or sleeps.

import {
  currentFramePointer, currentSlot, earlyConsoleByte, frameParent, frameReturnAddress, haltForever, imageBase,
  imageRegion, linearBase, physRead32, physRead8, readControl, setReturnWork, userRegister,
} from "../../../arch/x86_64/machine";

/** Number of the image region that holds the symbol table (machine contract). */
@inline const SYMBOL_REGION: u32 = 4;

/** Writes one byte to the console that works before any driver. */
@safe export function writeEarlyByte(byte: u32): void {
  earlyConsoleByte(byte);
}

/** Stops this CPU for ever. */
@safe export function stopCpu(): void {
  haltForever();
  unreachable();
}

/** A control register by its number in the machine contract. */
@safe export function controlRegister(control: u32): u64 {
  return readControl(control);
}

/** The current thread never was in user mode (boot thread). */
@safe export function isBootThread(): bool {
  return currentSlot() == 0;
}

/** A register that the current thread had in user mode, numbered as in the machine contract. */
@safe export function currentUserRegister(register: u32): u64 {
  return userRegister(currentSlot(), register);
}

/** Frame pointer of the caller, for a walk along the frames. */
@safe export function callerFrame(): u64 {
  return currentFramePointer();
}

/** Return address of a frame, 0 at the end or for a broken chain (reads are checked by the machine). */
@safe export function returnAddressOf(framePointer: u64): u64 {
  return frameReturnAddress(framePointer);
}

/** The frame that called this one; 0 at the end. */
@safe export function parentFrame(framePointer: u64): u64 {
  return frameParent(framePointer);
}

/** The exported `returnToUser` is to run before user mode is entered. */
@safe export function askForReturnWork(): void {
  setReturnWork(1);
}

/** A code address as an offset into the kernel image. */
@safe export function imageOffset(address: u64): u64 {
  return address - imageBase();
}

/** An address as an offset into linear memory. */
@safe export function linearOffset(address: u64): u64 {
  return address - linearBase();
}

/** Bytes of the symbol table, 0 when there is none. */
@safe export function symbolTableSize(): u32 {
  const start = imageRegion(SYMBOL_REGION, 0);
  const end = imageRegion(SYMBOL_REGION, 1);
  return end > start && end - start < 0x1000_0000 ? <u32>(end - start) : 0;
}

/** Aligned 32-bit word of the symbol table, 0 outside it. */
@safe export function symbolTableWord(offset: u32): u32 {
  if (<u64>offset + 4 > <u64>symbolTableSize()) return 0;
  return physRead32(imageRegion(SYMBOL_REGION, 0) + <u64>offset);
}

/** Byte of the symbol table, 0 outside it. */
@safe export function symbolTableByte(offset: u32): u32 {
  if (offset >= symbolTableSize()) return 0;
  return physRead8(imageRegion(SYMBOL_REGION, 0) + <u64>offset);
}

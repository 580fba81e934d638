// Kernel stacks ("slots", machine contract) and the switch between them. TRUSTED (drives the machine's threads).
//
// Some free slots stay mapped (kernel-mapping.ts), so a fork rarely touches page tables; beyond those a slot's frames go back with its
// thread. A slot is released only after its thread has switched away for the last time: the scheduler keeps that order.

import {
  setReturnWork, slotLimit, takeInterrupts, threadFork, threadPrepare, threadRelease, threadSwitch, waitForInterrupt,
} from "../../arch/x86_64/machine";
import { mapKernelStack, unmapKernelStack } from "../../arch/x86_64/memory/kernel-mapping";

/** Slots that were used and are free, as a stack: the last one freed, whose stack is most likely mapped, goes first. */
@kernelLock let free: StaticArray<u32> = new StaticArray<u32>(0);
@kernelLock let freeCount: i32 = 0;
/** Lowest slot never used; slot 0 is the idle thread. */
@kernelLock let nextFresh: u32 = 1;

/** What a slot is for this file, by number: FREE, TAKEN (mapped, no thread yet) or RUNS (a thread's). */
@kernelLock let states: StaticArray<u8> = new StaticArray<u8>(0);
const FREE: u8 = 0;
const TAKEN: u8 = 1;
const RUNS: u8 = 2;

/** The slot changes from one state to another; anything else would give one stack to two threads, and ends the operation. */
@inline function change(slot: u32, from: u8, to: u8): void {
  if (states[slot] != from) throw new Error("kernel stack in another state");
  states[slot] = to;
}

/** A free kernel stack, or 0 if there is none (threads or memory are exhausted). */
@safe export function allocateSlot(): u32 {
  if (freeCount > 0) {
    const slot = free[freeCount - 1];
    if (!mapKernelStack(slot)) return 0;
    change(slot, FREE, TAKEN);
    freeCount--;
    return slot;
  }
  if (free.length == 0) {
    free = new StaticArray<u32>(slotLimit());
    states = new StaticArray<u8>(slotLimit());
  }
  if (nextFresh >= slotLimit()) return 0;
  const slot = nextFresh;
  if (!mapKernelStack(slot)) return 0;
  change(slot, FREE, TAKEN);
  nextFresh++;
  return slot;
}

/** Returns a slot that no thread was prepared on. */
@safe export function freeSlot(slot: u32): void {
  change(slot, TAKEN, FREE);
  unmapKernelStack(slot);
  free[freeCount] = slot;
  freeCount++;
}

/** The dead thread's stack is no longer scanned; it may be used again. */
@safe export function releaseSlot(slot: u32): void {
  threadRelease(slot);
  change(slot, RUNS, TAKEN);
  freeSlot(slot);
}

/** The slot starts in `threadMain` with zeroed user registers. */
@safe @inline
export function prepareSlot(slot: u32): void {
  change(slot, TAKEN, RUNS);
  threadPrepare(slot);
}

/** As `prepareSlot`, with the user registers and FPU state of the current thread's slot. */
@safe @inline
export function forkSlot(slot: u32, from: u32): void {
  change(slot, TAKEN, RUNS);
  threadFork(slot, from);
}

/** Continues on another stack; returns when somebody switches back. */
@sleeps @safe @inline
export function switchToSlot(slot: u32): void {
  threadSwitch(slot);
}

/** Whether the way back to user mode passes through `returnToUser`. */
@safe @inline
export function setWorkPending(isPending: bool): void {
  setReturnWork(isPending ? 1 : 0);
}

/** Sleeps with interrupts on until one was handled. Idle thread only. */
@safe @inline
export function idleUntilInterrupt(): void {
  waitForInterrupt();
}

/** Handles interrupts that are pending, and goes on. */
@safe @inline
export function letInterruptsIn(): void {
  takeInterrupts();
}

// Device interrupts: who handles which interrupt line, and how often each came (/proc/interrupts).
//
// A driver registers a handler for a line (ISA numbering; global system interrupts above 15); lines may be shared. The
// exported `interrupt(vector)` calls `dispatchInterrupt`. Handlers run with interrupts off: no allocation, no sleep.

import { enableIrq, endOfInterrupt } from "../arch/x86_64/apic";

/** Vector of line 0; line n has vector IRQ_VECTOR_BASE + n. */
@inline export const IRQ_VECTOR_BASE: u32 = 0x30;
/** Lines that can have handlers. */
@inline export const IRQ_LIMIT: u32 = 64;

export abstract class InterruptHandler {
  /** Next handler of the same line. */
  next: InterruptHandler | null = null;

  /** Name in /proc/interrupts. */
  abstract get name(): string;

  /** Serves the device. Several devices may share the line: nothing to do is no error. */
  abstract handle(): void;
}

const handlers = new StaticArray<InterruptHandler | null>(<i32>IRQ_LIMIT);
const counts = new StaticArray<u64>(<i32>IRQ_LIMIT);
/** Interrupts on device vectors that no handler was registered for. */
let unexpected: u64 = 0;

/** Adds a handler and lets the line's interrupts through. False if there is no such line or nothing routes it. */
export function registerInterrupt(irq: u32, handler: InterruptHandler): bool {
  if (irq >= IRQ_LIMIT) return false;
  const first = handlers[<i32>irq];
  handler.next = first;
  handlers[<i32>irq] = handler;
  return first !== null || enableIrq(irq, IRQ_VECTOR_BASE + irq);
}

/** True if the vector belongs to a device line. */
export function isDeviceVector(vector: u32): bool {
  return vector - IRQ_VECTOR_BASE < IRQ_LIMIT;
}

/** Serves an interrupt of a device line, its end included. */
export function dispatchInterrupt(vector: u32): void {
  const irq = vector - IRQ_VECTOR_BASE;
  if (irq >= IRQ_LIMIT) return;
  let handler = handlers[<i32>irq];
  if (handler === null) unexpected++;
  else counts[<i32>irq]++;
  while (handler !== null) {
    handler.handle();
    handler = handler.next;
  }
  endOfInterrupt();
}

/** The first handler of a line, or null. */
export function interruptHandler(irq: u32): InterruptHandler | null {
  return irq < IRQ_LIMIT ? handlers[<i32>irq] : null;
}

export function interruptCount(irq: u32): u64 {
  return irq < IRQ_LIMIT ? counts[<i32>irq] : 0;
}

export function unexpectedInterrupts(): u64 {
  return unexpected;
}

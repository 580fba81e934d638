// Device interrupts: who handles which interrupt line, and how often each came (/proc/interrupts).
//
// A driver registers a handler for a line (ISA numbering; global system interrupts above 15); lines may be shared. The
// exported `interrupt(vector)` calls `dispatchInterrupt`. Handlers run with interrupts off: no allocation, no sleep.

import { enableIrq, endOfInterrupt, interruptControllerName } from "../arch/x86_64/platform/apic";
import { nmiCount } from "../arch/x86_64/platform/sampling";
import { addProcText } from "../kernel/procfs/proc-text";
import { setInterruptTotals } from "../kernel/procfs/system/system-files";
import { interruptCame } from "../kernel/random/entropy";
import { ByteBuilder } from "../kernel/runtime/text/byte-builder";

/** Vector of line 0; line n has vector IRQ_VECTOR_BASE + n. */
@inline export const IRQ_VECTOR_BASE: u32 = 0x30;
/** Lines that can have handlers. */
@inline export const IRQ_LIMIT: u32 = 64;

/** Of the local APIC: its timer's interrupts (or the PIT's, where that drives the timers), and spurious ones. */
@kernelLock let timerInterrupts: u64 = 0;
@kernelLock let spuriousInterrupts: u64 = 0;

@inline
export function countTimerInterrupt(): void {
  timerInterrupts++;
}

export function countSpuriousInterrupt(): void {
  spuriousInterrupts++;
}

export abstract class InterruptHandler {
  /** Next handler of the same line. */
  next: InterruptHandler | null = null;

  /** Name in /proc/interrupts. */
  abstract get name(): string;

  /** Serves the device. Several devices may share the line: nothing to do is no error. */
  abstract handle(): void;
}

@kernelLock const handlers = new StaticArray<InterruptHandler | null>(<i32>IRQ_LIMIT);
@kernelLock const counts = new StaticArray<u64>(<i32>IRQ_LIMIT);
/** Interrupts on device vectors that no handler was registered for. */
@kernelLock let unexpected: u64 = 0;

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
  interruptCame(irq);
  let handler = handlers[<i32>irq];
  if (handler === null) unexpected++;
  else counts[<i32>irq]++;
  while (handler !== null) {
    handler.handle();
    handler = handler.next;
  }
  endOfInterrupt();
}

/** A line of /proc/interrupts about an interrupt of the CPU itself. */
function countLine(out: ByteBuilder, name: string, count: u64, meaning: string): void {
  out.append(name).append(": ").appendPadded(count, 10).append(meaning).newline();
}

/** /proc/interrupts. */
function showInterrupts(out: ByteBuilder): void {
  out.append("           CPU0       \n");
  for (let irq: u32 = 0; irq < IRQ_LIMIT; irq++) {
    let handler = handlers[<i32>irq];
    if (handler === null) continue;
    out.appendPadded(irq, 3).append(": ").appendPadded(counts[<i32>irq], 10).appendByte(0x20);
    out.appendColumn(interruptControllerName(), 8).append("  ").appendUnsigned(irq).append("-edge      ");
    while (handler !== null) {
      out.append(handler.name);
      handler = handler.next;
      if (handler !== null) out.append(", ");
    }
    out.newline();
  }
  countLine(out, "NMI", nmiCount(), "   Non-maskable interrupts");
  countLine(out, "LOC", timerInterrupts, "   Local timer interrupts");
  countLine(out, "SPU", spuriousInterrupts, "   Spurious interrupts");
  out.append("ERR: ").appendPadded(unexpected, 10).newline();
}

/** The numbers of the "intr" line of /proc/stat. */
function showTotals(out: ByteBuilder): void {
  let total = unexpected + timerInterrupts + spuriousInterrupts + nmiCount();
  for (let irq: u32 = 0; irq < IRQ_LIMIT; irq++) total += counts[<i32>irq];
  out.appendUnsigned(total);
  for (let irq: u32 = 0; irq < IRQ_LIMIT; irq++) out.appendByte(0x20).appendUnsigned(counts[<i32>irq]);
}

/** Adds the counts to /proc; before procfs is first mounted. */
export function registerProcInterrupts(): void {
  addProcText("", "interrupts", 0o444, showInterrupts);
  setInterruptTotals(showTotals);
}

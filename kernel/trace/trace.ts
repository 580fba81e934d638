// Tracepoints: what happens in the kernel, with time stamps, in a buffer outside linear memory. TRUSTED (writes it).
//
// A tracepoint is `if (traceMask & Trace.X) trace(Event.Y, a, b)`: one load and one test of a global while tracing is off.
// The buffer is filled from its start; events that find no room are counted. Lowest layer: everything may call this, from
// any context. Nothing sleeps or allocates; no initialiser is needed (@lazy), as the runtime calls it early.
//
// An event is 32 bytes: TSC (8), task id (4), kind (4), two words. scripts/cli/profile/recording.ts reads it.

import { physWrite64, readTsc } from "../../arch/x86_64/machine";
import { Event, Trace } from "./events";

export { Event, Trace } from "./events";

/** Bytes of an event. */
@safe export const EVENT_BYTES: u32 = 32;

/** The Trace bits that are on; 0: tracing is off. */
@kernelLock @safe @lazy export let traceMask: u32 = 0;
/** Events that found no room. */
@kernelLock @safe @lazy export let lostEvents: u64 = 0;
/** Id of the task that runs, as far as events say. */
@thisCpu @lazy let taskId: u32 = 0;
/** Physical addresses of the buffer: where the next event goes, and where it begins and ends. */
@kernelLock @lazy let next: u64 = 0;
@kernelLock @lazy let start: u64 = 0;
@kernelLock @lazy let end: u64 = 0;

/**
 * Starts recording the events of `mask` into the `bytes` bytes of physical memory at `address`, which are the caller's until
 * `setTraceMask(0)` and beyond. `task` runs now.
 */
@unsafe export function startTrace(mask: u32, address: u64, bytes: u32, task: u32): void {
  start = address;
  next = address;
  end = address + <u64>bytes;
  lostEvents = 0;
  taskId = task;
  traceMask = mask;
}

/** Changes what is recorded; 0 stops. */
@safe export function setTraceMask(mask: u32): void {
  traceMask = mask;
}

/** Bytes of events in the buffer. */
@safe export function tracedBytes(): u32 {
  return <u32>(next - start);
}

/** Records an event of the running task. */
@safe export function trace(kind: u32, a: u64, b: u64): void {
  traceOf(taskId, kind, a, b);
}

/** Records an event of another task. */
@safe export function traceOf(task: u32, kind: u32, a: u64, b: u64): void {
  const at = next;
  if (at + EVENT_BYTES > end) {
    lostEvents++;
    return;
  }
  next = at + EVENT_BYTES;
  // SAFETY: startTrace was given the range, and the event lies within it.
  physWrite64(at, readTsc());
  physWrite64(at + 8, <u64>task | <u64>kind << 32);
  physWrite64(at + 16, a);
  physWrite64(at + 24, b);
}

/** The CPU goes from one task to another; called whenever any tracing is on, so that events know their task. */
@safe export function traceSwitch(to: u32, state: u32): void {
  if (traceMask & Trace.SCHEDULER) trace(Event.SWITCH, <u64>to, <u64>state);
  taskId = to;
}

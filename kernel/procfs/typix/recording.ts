// Recording on demand: starts and stops the profiler and the tracepoints, into the memory of record-buffer.ts.
//
// A profile records names and mappings of tasks as events, so that its addresses can be understood later; those
// go into the trace's buffer. Nothing here sleeps.

import { lostSamples, sampledBytes, stopSampling } from "../../../arch/x86_64/platform/sampling";
import { Errno } from "../../abi/errno";
import { profileBuffer, traceBuffer } from "../../mm/frames/record-buffer";
import { isIdle } from "../../sync/scheduler";
import { Task, Watch } from "../../task/task";
import { traceProgram } from "../../task/exec/trace-program";
import { Event, Trace, lostEvents, setTraceMask, traceMask, traceOf, tracedBytes } from "../../trace/trace";
import { currentTask } from "../../task/current";
import { initialNamespaces } from "../../task/initial-namespaces";

/** Usual sizes of the buffers, as powers of two of frames: 8 MiB; 512 KiB for names alone. */
@inline const PROFILE_ORDER: u32 = 11;
@inline const TRACE_ORDER: u32 = 11;
@inline const NAMES_ORDER: u32 = 7;

/** Samples a second while the profiler runs, else 0; and what it was last. */
@kernelLock export let samplingHz: u32 = 0;
@kernelLock export let lastSamplingHz: u32 = 0;

/** Starts sampling. 0, -ENOMEM, or -EOPNOTSUPP: no source of NMIs at a fixed rate. `order` 0: the usual size. */
export function startProfile(hz: u32, order: u32): i32 {
  stopProfile();
  if (!profileBuffer.prepare(order == 0 ? PROFILE_ORDER : order)) return -Errno.ENOMEM;
  if (traceMask == 0) {
    const named = startEvents(Trace.TASKS, NAMES_ORDER);
    if (named < 0) return named;
  }
  if (!profileBuffer.sample(hz)) {
    if (traceMask == Trace.TASKS) setTraceMask(0);
    return -Errno.EOPNOTSUPP;
  }
  samplingHz = hz;
  lastSamplingHz = hz;
  return 0;
}

/** Stops sampling; the samples stay. */
export function stopProfile(): void {
  if (samplingHz == 0) return;
  stopSampling();
  samplingHz = 0;
  if (traceMask == Trace.TASKS) setTraceMask(0);
}

/** Starts recording events; what was recorded before is gone. 0 or -ENOMEM. */
export function startTracing(mask: u32, order: u32): i32 {
  stopTracing();
  return startEvents(mask | Trace.TASKS, order == 0 ? TRACE_ORDER : order);
}

/** Stops recording; the events stay. A running profile goes on without names of new tasks. */
export function stopTracing(): void {
  setTraceMask(0);
  watchAll(false);
}

function startEvents(mask: u32, order: u32): i32 {
  if (!traceBuffer.prepare(order)) return -Errno.ENOMEM;
  traceBuffer.trace(mask, isIdle() ? 0 : currentTask().traceId);
  if ((mask & (Trace.SYSTEM_CALLS | Trace.ERRORS)) != 0) watchAll(true);
  recordTasks();
  return 0;
}

/** Sends the system calls of all tasks, and of their children, past the tracepoint, or no longer. */
function watchAll(on: bool): void {
  let process = initialNamespaces.pids.nextProcess(1);
  while (process !== null) {
    let task: Task | null = process.firstThread;
    while (task !== null) {
      if (on) task.watch |= Watch.TRACE;
      else task.watch &= ~Watch.TRACE;
      task = task.threadNext;
    }
    process = initialNamespaces.pids.nextProcess(process.tgid + 1);
  }
}

/** Records the names of all tasks and the code they have mapped. */
function recordTasks(): void {
  let process = initialNamespaces.pids.nextProcess(1);
  while (process !== null) {
    let task: Task | null = process.firstThread;
    while (task !== null) {
      if (task.isLeader) traceProgram(task);
      else traceOf(task.traceId, Event.FORK, <u64>task.tid, <u64>task.tgid);
      task = task.threadNext;
    }
    process = initialNamespaces.pids.nextProcess(process.tgid + 1);
  }
}

/** Bytes recorded, and records that found no room. */
export function profiledBytes(): u32 { return !profileBuffer.isThere ? 0 : sampledBytes(); }
export function profileLost(): u64 { return lostSamples(); }
export function eventBytes(): u32 { return !traceBuffer.isThere ? 0 : tracedBytes(); }
export function eventsLost(): u64 { return lostEvents; }

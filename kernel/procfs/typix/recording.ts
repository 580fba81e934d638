// Recording on demand: starts and stops the profiler and the tracepoints, and owns the memory that they fill.
//
// Both buffers are runs of frames outside linear memory, allocated when first needed and kept until a start with another
// size. A profile records names and mappings of tasks as events, so that its addresses can be understood later; those
// go into the trace's buffer. Nothing here sleeps.

import { lostSamples, sampledBytes, startSampling, stopSampling } from "../../../arch/x86_64/platform/sampling";
import { Errno } from "../../abi/errno";
import { Frame, NO_FRAME, allocateContiguous, frameAddress, frameInRun, frameRead64, releaseContiguous } from "../../mm/frames/frame";
import { isIdle } from "../../sync/scheduler";
import { nextProcess } from "../../task/pid";
import { Task, Watch } from "../../task/task";
import { traceProgram } from "../../task/exec/trace-program";
import { ticks } from "../../time/clock";
import { Event, Trace, lostEvents, setTraceMask, startTrace, traceMask, traceOf, tracedBytes } from "../../trace/trace";
import { currentTask } from "../../task/current";

/** Usual sizes of the buffers, as powers of two of frames: 8 MiB; 512 KiB for names alone. */
@inline const PROFILE_ORDER: u32 = 11;
@inline const TRACE_ORDER: u32 = 11;
@inline const NAMES_ORDER: u32 = 7;
@inline const FRAME_BYTES: u32 = 4096;

/** A contiguous buffer that something fills from its beginning. */
@final
export class RecordBuffer {
  frames: Frame = NO_FRAME;
  order: u32 = 0;
  /** Time-stamp counter when the recording began. */
  startTsc: u64 = 0;

  /** Makes sure of 2^order frames: 0 or -ENOMEM. */
  prepare(order: u32): i32 {
    if (this.frames != NO_FRAME && this.order == order) return 0;
    if (this.frames != NO_FRAME) releaseContiguous(this.frames, this.order);
    this.frames = allocateContiguous(order, u64.MAX_VALUE);
    this.order = order;
    return this.frames == NO_FRAME ? -Errno.ENOMEM : 0;
  }

  get address(): u64 { return frameAddress(this.frames); }
  get bytes(): u32 { return FRAME_BYTES << this.order; }

  /** The word at a multiple of 8 below `bytes`. */
  word(offset: u32): u64 {
    if (this.frames == NO_FRAME || offset >= this.bytes) return 0;
    return frameRead64(frameInRun(this.frames, offset / FRAME_BYTES), offset & (FRAME_BYTES - 1) & ~7);
  }
}

@kernelLock export const profileBuffer = new RecordBuffer();
@kernelLock export const traceBuffer = new RecordBuffer();

/** Samples a second while the profiler runs, else 0; and what it was last. */
@kernelLock export let samplingHz: u32 = 0;
@kernelLock export let lastSamplingHz: u32 = 0;

/** Starts sampling. 0, -ENOMEM, or -EOPNOTSUPP: no source of NMIs at a fixed rate. `order` 0: the usual size. */
export function startProfile(hz: u32, order: u32): i32 {
  stopProfile();
  const prepared = profileBuffer.prepare(order == 0 ? PROFILE_ORDER : order);
  if (prepared < 0) return prepared;
  if (traceMask == 0) {
    const named = startEvents(Trace.TASKS, NAMES_ORDER);
    if (named < 0) return named;
  }
  profileBuffer.startTsc = ticks();
  if (!startSampling(hz, profileBuffer.frames, profileBuffer.order)) {
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
  const prepared = traceBuffer.prepare(order);
  if (prepared < 0) return prepared;
  traceBuffer.startTsc = ticks();
  startTrace(mask, traceBuffer.address, traceBuffer.bytes, isIdle() ? 0 : currentTask().traceId);
  if ((mask & (Trace.SYSTEM_CALLS | Trace.ERRORS)) != 0) watchAll(true);
  recordTasks();
  return 0;
}

/** Sends the system calls of all tasks, and of their children, past the tracepoint, or no longer. */
function watchAll(on: bool): void {
  let process = nextProcess(1);
  while (process !== null) {
    let task: Task | null = process.firstThread;
    while (task !== null) {
      if (on) task.watch |= Watch.TRACE;
      else task.watch &= ~Watch.TRACE;
      task = task.threadNext;
    }
    process = nextProcess(process.tgid + 1);
  }
}

/** Records the names of all tasks and the code they have mapped. */
function recordTasks(): void {
  let process = nextProcess(1);
  while (process !== null) {
    let task: Task | null = process.firstThread;
    while (task !== null) {
      if (task.isLeader) traceProgram(task);
      else traceOf(task.traceId, Event.FORK, <u64>task.tid, <u64>task.tgid);
      task = task.threadNext;
    }
    process = nextProcess(process.tgid + 1);
  }
}

/** Bytes recorded, and records that found no room. */
export function profiledBytes(): u32 { return profileBuffer.frames == NO_FRAME ? 0 : sampledBytes(); }
export function profileLost(): u64 { return lostSamples(); }
export function eventBytes(): u32 { return traceBuffer.frames == NO_FRAME ? 0 : tracedBytes(); }
export function eventsLost(): u64 { return lostEvents; }

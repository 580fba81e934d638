// Resource limits of a process (getrlimit(2)). Values are numbers of bytes, seconds or objects; INFINITY: none.
// fork copies the object. Nothing sleeps.

import { totalFrameCount } from "../../mm/frames/frame";

export namespace Limit {
  @inline export const CPU: i32 = 0;
  @inline export const FSIZE: i32 = 1;
  @inline export const DATA: i32 = 2;
  @inline export const STACK: i32 = 3;
  @inline export const CORE: i32 = 4;
  @inline export const RSS: i32 = 5;
  @inline export const NPROC: i32 = 6;
  @inline export const NOFILE: i32 = 7;
  @inline export const MEMLOCK: i32 = 8;
  @inline export const AS: i32 = 9;
  @inline export const LOCKS: i32 = 10;
  @inline export const SIGPENDING: i32 = 11;
  @inline export const MSGQUEUE: i32 = 12;
  @inline export const NICE: i32 = 13;
  @inline export const RTPRIO: i32 = 14;
  @inline export const RTTIME: i32 = 15;
  @inline export const COUNT: i32 = 16;
}

/** RLIM_INFINITY */
@inline export const INFINITY: u64 = u64.MAX_VALUE;
/** Kernel stacks there can be (machine contract). */
const MOST_THREADS: i32 = 32768;
const LEAST_THREADS: i32 = 20;
/** Threads are not to take more than an eighth of memory with their kernel stacks of four frames. */
const FRAMES_A_THREAD: u32 = 32;

/** Most tasks there may be: /proc/sys/kernel/threads-max. */
export function threadsMax(): i32 {
  return max(LEAST_THREADS, min(<i32>(totalFrameCount() / FRAMES_A_THREAD), MOST_THREADS));
}

@final
export class ResourceLimits {
  readonly soft: StaticArray<u64> = new StaticArray<u64>(Limit.COUNT);
  readonly hard: StaticArray<u64> = new StaticArray<u64>(Limit.COUNT);

  /** The limits of init. */
  static initial(): ResourceLimits {
    const limits = new ResourceLimits();
    for (let i = 0; i < Limit.COUNT; i++) limits.set(i, INFINITY, INFINITY);
    limits.set(Limit.STACK, 8 << 20, INFINITY);
    limits.set(Limit.CORE, 0, INFINITY);
    const half = <u64>threadsMax() / 2;
    limits.set(Limit.NPROC, half, half);
    limits.set(Limit.NOFILE, 1024, 1048576);
    limits.set(Limit.MEMLOCK, 8 << 20, 8 << 20);
    limits.set(Limit.SIGPENDING, half, half);
    limits.set(Limit.MSGQUEUE, 819200, 819200);
    limits.set(Limit.NICE, 0, 0);
    limits.set(Limit.RTPRIO, 0, 0);
    return limits;
  }

  set(resource: i32, soft: u64, hard: u64): void {
    this.soft[resource] = soft;
    this.hard[resource] = hard;
  }

  copy(): ResourceLimits {
    const other = new ResourceLimits();
    for (let i = 0; i < Limit.COUNT; i++) other.set(i, this.soft[i], this.hard[i]);
    return other;
  }
}

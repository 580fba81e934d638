// Entropy from jitter: how long the same work takes differs from time to time, by caches, memory refresh, other clocks, the host of
// a virtual machine. For CPUs without a generator of their own. Each measured time is absorbed; windows that pass the health test
// (jitter-health.ts) are worth 1/8 bit for each sample that is not stuck, after two windows worth nothing. If a test fails, what the
// run gave counts for nothing; it is tried again some times, then interrupts must do. Runs as deferred work, in short slices.

import { ignore } from "../runtime/ignore";
import { logWarn } from "../runtime/log/log";
import { DelayedWork, deferredWork } from "../sync/work-queue";
import { monotonicNs, nsToTicks, ticks } from "../time/clock";
import { absorb, credit, isRandomReady } from "./entropy";
import { JitterHealth, Verdict } from "./jitter-health";

/** Memory that is walked through: more than a first-level cache of data. */
const MEMORY_WORDS: i32 = 16384;
const STEP: i32 = 1031;
const ACCESSES: i32 = 64;
const SAMPLES_PER_BIT: i32 = 8;
const WINDOWS_AT_START: i32 = 2;
const SLICE_NS: u64 = 500_000;
const RETRY_NS: u64 = 1_000_000_000;
const ATTEMPTS: i32 = 10;

@final
class JitterWork extends DelayedWork {
  private readonly memory: StaticArray<u32> = new StaticArray<u32>(MEMORY_WORDS);
  private health: JitterHealth = new JitterHealth();
  private at: i32 = 0;
  private windows: i32 = 0;
  private attempts: i32 = 0;
  private bits: u32 = 0;
  private lastTime: u64 = 0;

  run(): void {
    const end = ticks() + nsToTicks(SLICE_NS);
    while (!isRandomReady() && ticks() < end) {
      this.lastTime = this.timeExercise();
      const verdict = this.health.take(this.lastTime);
      if (verdict == Verdict.FAILED) {
        this.failed();
        return;
      }
      if (verdict == Verdict.PASSED && ++this.windows > WINDOWS_AT_START) this.collected(<u32>(this.health.good / SAMPLES_PER_BIT));
    }
    if (!isRandomReady()) ignore(deferredWork.queue(this));
  }

  /** Counts only once enough of one unbroken run is there, so that a later failure takes all of it away. */
  private collected(bits: u32): void {
    this.bits += bits;
    if (this.bits >= 256) credit(this.bits, "jitter of the time-stamp counter");
  }

  private failed(): void {
    this.health = new JitterHealth();
    this.windows = 0;
    this.bits = 0;
    if (++this.attempts < ATTEMPTS) deferredWork.queueAt(this, monotonicNs() + RETRY_NS);
    else logWarn("random: the time-stamp counter has no jitter; interrupts have to do");
  }

  /** Ticks that some work takes, the same instructions each time: the last time is absorbed, and memory walked through. */
  private timeExercise(): u64 {
    const start = ticks();
    absorb(this.lastTime);
    const memory = this.memory;
    let at = this.at;
    for (let i = 0; i < ACCESSES; i++) {
      at = (at + STEP) & (MEMORY_WORDS - 1);
      memory[at]++;
    }
    this.at = at;
    return ticks() - start;
  }
}

/** Begins to collect, if the generator is not ready. Once kernel threads run. */
export function startJitter(): void {
  if (!isRandomReady()) ignore(deferredWork.queue(new JitterWork()));
}

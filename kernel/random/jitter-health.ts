// Judges whether times that were measured vary unpredictably (after NIST SP 800-90B, 4.4 and 6.3.8). Pure arithmetic; nothing sleeps.
//
// A sample is stuck if it, its difference from the one before, or the difference of that is zero. Two tests fail a source that yields
// less than 1/8 bit a sample, with a chance of 2^-30 to fail a good one: too many stuck samples in a row, and, in a window, a
// predictor that says "as 1 (2, … 8) samples ago" and is nearly always right: a machine whose clock counts instructions is caught.

@inline export const WINDOW: i32 = 512;
/** 1 + 30 / (1/8) */
@inline const STUCK_LIMIT: i32 = 241;
/** Least C with P(X >= C) <= 2^-30 for X binomial with 512 tries of chance 2^-1/8. */
@inline const RIGHT_LIMIT: i32 = 502;
@inline const LAGS: i32 = 8;

/** What a sample leads to. */
export namespace Verdict {
  /** Nothing yet. */
  @inline export const MORE: i32 = 0;
  /** A window has ended well: `good` samples in it were not stuck. */
  @inline export const PASSED: i32 = 1;
  /** The source is not random enough: what it gave counts for nothing. */
  @inline export const FAILED: i32 = 2;
}

@final
export class JitterHealth {
  /** Samples of the last window that were not stuck. */
  good: i32 = 0;
  private readonly history: StaticArray<u64> = new StaticArray<u64>(LAGS);
  private readonly right: StaticArray<i32> = new StaticArray<i32>(LAGS);
  private lastDifference: u64 = 0;
  private count: i32 = 0;
  private goodSoFar: i32 = 0;
  private stuckInARow: i32 = 0;

  /** Takes a measured time. */
  take(time: u64): i32 {
    const difference = time - this.history[0];
    const isStuck = time == 0 || difference == 0 || difference == this.lastDifference;
    this.lastDifference = difference;
    for (let lag = 0; lag < LAGS; lag++) {
      if (this.history[lag] == time) this.right[lag]++;
    }
    for (let lag = LAGS - 1; lag > 0; lag--) this.history[lag] = this.history[lag - 1];
    this.history[0] = time;
    if (isStuck) {
      if (++this.stuckInARow >= STUCK_LIMIT) return Verdict.FAILED;
    } else {
      this.stuckInARow = 0;
      this.goodSoFar++;
    }
    return ++this.count == WINDOW ? this.endWindow() : Verdict.MORE;
  }

  private endWindow(): i32 {
    let isPredictable = false;
    for (let lag = 0; lag < LAGS; lag++) {
      if (this.right[lag] >= RIGHT_LIMIT) isPredictable = true;
      this.right[lag] = 0;
    }
    this.good = this.goodSoFar;
    this.goodSoFar = 0;
    this.count = 0;
    return isPredictable ? Verdict.FAILED : Verdict.PASSED;
  }
}

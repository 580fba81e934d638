// Splits CPU time, which is measured, into user and system time, which are estimated from samples, such that neither ever goes
// back, however the ratio of the samples moves (getrusage(2), proc(5): programs compute differences). Nothing sleeps.

@final
export class CpuSplit {
  /** What was last shown. */
  userNs: u64 = 0;
  systemNs: u64 = 0;

  /** Brings both up to a total that never decreases; `userSamples` and `systemSamples` give the ratio (no samples: all user time). */
  update(totalNs: u64, userSamples: u64, systemSamples: u64): void {
    if (this.userNs + this.systemNs >= totalNs) return;
    const user = max(userShare(totalNs, userSamples, systemSamples), this.userNs);
    // Neither may take away what the other was already shown to have.
    this.userNs = min(user, totalNs - this.systemNs);
    this.systemNs = totalNs - this.userNs;
  }
}

/**
 * The user part of a total, by the ratio of samples; all of it when no sample fell into the kernel.
 * In steps that cannot overflow: totals are below 2^63 ns, samples below 2^32.
 */
export function userShare(totalNs: u64, userSamples: u64, systemSamples: u64): u64 {
  if (systemSamples == 0) return totalNs;
  const samples = userSamples + systemSamples;
  return totalNs / samples * userSamples + totalNs % samples * userSamples / samples;
}

import { expectEqual, expectTrue } from "../runtime/expect";
import { JitterHealth, Verdict, WINDOW } from "./jitter-health";

/** What times that repeat a pattern lead to, within some windows. */
function verdictOf(pattern: u64[]): i32 {
  const health = new JitterHealth();
  for (let i = 0; i < 4 * WINDOW; i++) {
    if (health.take(pattern[i % pattern.length]) == Verdict.FAILED) return Verdict.FAILED;
  }
  return Verdict.PASSED;
}

export function testConstantTimesFail(): void {
  expectEqual(verdictOf([1000]), Verdict.FAILED);
  expectEqual(verdictOf([0]), Verdict.FAILED);
}

export function testPeriodicTimesFail(): void {
  expectEqual(verdictOf([1000, 1003]), Verdict.FAILED);
  expectEqual(verdictOf([1000, 1000, 1000, 1400]), Verdict.FAILED);
  expectEqual(verdictOf([5, 9, 2, 7, 30, 1, 12, 8]), Verdict.FAILED);
}

export function testRisingTimesFail(): void {
  const health = new JitterHealth();
  let verdict: i32 = Verdict.MORE;
  for (let i = 0; i < 2 * WINDOW && verdict != Verdict.FAILED; i++) verdict = health.take(<u64>(1000 + 3 * i));
  expectEqual(verdict, Verdict.FAILED);
}

export function testNoisyTimesPass(): void {
  const health = new JitterHealth();
  let noise: u64 = 0x243f6a8885a308d3;
  let windows = 0;
  for (let i = 0; i < 8 * WINDOW; i++) {
    noise = noise * 6364136223846793005 + 1442695040888963407;
    const verdict = health.take(1000 + (noise >> 60));
    expectTrue(verdict != Verdict.FAILED);
    if (verdict == Verdict.PASSED) {
      windows++;
      expectTrue(health.good > WINDOW / 2, "most samples are not stuck");
    }
  }
  expectEqual(windows, 8);
}

export function testAFewOutliersDoNotMakeAClockRandom(): void {
  const health = new JitterHealth();
  let verdict: i32 = Verdict.MORE;
  for (let i = 0; i < 4 * WINDOW && verdict != Verdict.FAILED; i++) verdict = health.take(i % 200 == 0 ? <u64>(9000 + i) : 1000);
  expectEqual(verdict, Verdict.FAILED);
}

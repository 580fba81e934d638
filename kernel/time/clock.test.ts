import { expectEqual, expectTrue } from "../runtime/expect";
import { initClock, monotonicNs, nsToTicks, realtimeNs, setRealtime, ticksToNs } from "./clock";
import { nextPeriod } from "./timer";

export function testConversionsAtManyFrequencies(): void {
  const frequencies: StaticArray<u64> = [100_000_000, 999_999_999, 1_000_000_000, 2_445_403_000, 5_000_000_000];
  for (let i = 0; i < frequencies.length; i++) {
    const hz = frequencies[i];
    initClock(hz, 0);
    const second = ticksToNs(hz);
    expectTrue(second > 999_999_990 && second < 1_000_000_010, "one second");
    // Thirty years do not overflow, and the error stays below a part in ten million.
    const years = ticksToNs(hz * 946_080_000);
    expectTrue(years > 946_079_900_000_000_000 && years < 946_080_100_000_000_000, "thirty years");
    const ticks = nsToTicks(1_500_000_000);
    expectTrue(ticks >= hz / 2 * 3 - 16 && ticks <= hz / 2 * 3 + 16, "one and a half seconds in ticks");
  }
}

export function testRealTimeFollowsMonotonicTime(): void {
  initClock(1_000_000_000, 5_000_000_000);
  const before = monotonicNs();
  setRealtime(1_000_000_000_000);
  const real = realtimeNs();
  expectTrue(real >= 1_000_000_000_000 && real < 1_001_000_000_000, "set");
  expectTrue(monotonicNs() >= before, "monotonic time does not care");
}

export function testNextPeriodPassesOverMissedOnes(): void {
  expectEqual<u64>(nextPeriod(100, 10, 100), 110, "exactly due");
  expectEqual<u64>(nextPeriod(100, 10, 109), 110, "within the period");
  expectEqual<u64>(nextPeriod(100, 10, 135), 140, "three missed");
  expectEqual<u64>(nextPeriod(100, 10, 50), 110, "early");
}

import { beginThreads } from "../../sync/test-threads";
import { runDueTimers } from "../../time/timer";
import { expectEqual, expectTrue } from "../../runtime/expect";
import { setTsc } from "../../../tests/simulated-machine/kernel/controls";
import { decay, loadAverage, loadHundredths, startLoadAverage } from "./load-average";

const ONE: u64 = 2048;
const ONE_MINUTE: u64 = 1884;

export function testAConstantLoadIsReachedAndNeverPassed(): void {
  let load: u64 = 0;
  let before: u64 = 0;
  for (let i = 0; i < 200; i++) {
    before = load;
    load = decay(load, ONE_MINUTE, 3 * ONE);
    expectTrue(load >= before && load <= 3 * ONE);
  }
  expectEqual<u64>(load, 3 * ONE);
}

export function testAfterAMinuteTwoThirdsAreThere(): void {
  let load: u64 = 0;
  for (let i = 0; i < 12; i++) load = decay(load, ONE_MINUTE, ONE);
  // 1 - 1/e is 0.632
  expectTrue(load * 1000 / ONE > 620 && load * 1000 / ONE < 645);
}

export function testIdleGoesBackToZero(): void {
  let load: u64 = 50 * ONE;
  for (let i = 0; i < 400; i++) load = decay(load, ONE_MINUTE, 0);
  expectEqual<u64>(load, 0);
}

export function testItIsSampledEveryFiveSeconds(): void {
  setTsc(0, 0);
  beginThreads();
  startLoadAverage();
  setTsc(4_999_000_000, 0);
  runDueTimers();
  expectEqual<u64>(loadAverage(0), 0);
  setTsc(5_001_000_000, 0);
  runDueTimers();
  // The test's thread runs, and the rest of one is 1 - 1884/2048, rounded up.
  expectEqual<u64>(loadHundredths(0), 8);
  expectEqual<u64>(loadHundredths(2), 1);
  expectEqual<u64>(loadAverage(0), 164 << 5);
}

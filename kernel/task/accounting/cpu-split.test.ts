import { expectEqual, expectTrue } from "../../runtime/expect";
import { CpuSplit } from "./cpu-split";

export function testSplitsByTheRatioOfSamples(): void {
  const split = new CpuSplit();
  split.update(1000, 3, 1);
  expectEqual<u64>(split.userNs, 750, "three quarters");
  expectEqual<u64>(split.systemNs, 250, "the rest");
}

export function testNeitherGoesBack(): void {
  const split = new CpuSplit();
  split.update(1000, 1, 0);
  split.update(1100, 1, 9);
  expectEqual<u64>(split.userNs, 1000, "user time stays");
  expectEqual<u64>(split.systemNs, 100, "all new time is system time");
  split.update(1200, 99, 1);
  expectTrue(split.userNs >= 1000 && split.systemNs >= 100, "both keep what they had");
  expectEqual<u64>(split.userNs + split.systemNs, 1200, "together they are the total");
  split.update(900, 1, 1);
  expectEqual<u64>(split.userNs + split.systemNs, 1200, "a smaller total changes nothing");
}

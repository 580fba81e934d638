// Stress modes and checks that the kernel's command line asks for: gcstress[=N], a collection at every N-th allocation (docs/inside/kernel-heap.md);
// sleepstress=SEED[,N], a sleep at every place that may sleep, in one of N cases; lockcheck, the order
// of locks is checked (docs/locks-and-sleeping.md).

import { faultOnEachCopy } from "../../kernel/mm/user/user-access";
import { setStressEvery } from "../../kernel/runtime/heap/heap";
import { checkLockRanks, stressLocks } from "../../kernel/sync/mutex";
import { logWarn } from "../../kernel/runtime/log/log";
import { startSleepStress } from "../../kernel/sync/sleep-stress";
import { CommandLine } from "../command-line";

/** What the command line does not say. */
const DEFAULT_ONE_IN: u32 = 2;

/** Before there are tasks. */
export function startStress(commandLine: CommandLine): void {
  if (commandLine.has("gcstress")) setStressEvery(<u32>max(commandLine.number("gcstress", 1), 1));
  if (commandLine.has("lockcheck")) checkLockRanks();
  const sleeps = commandLine.value("sleepstress");
  if (sleeps === null) return;
  const numbers = sleeps.split(",");
  const seed = U64.parseInt(numbers[0]);
  stressLocks();
  if (!faultOnEachCopy()) logWarn("sleepstress: user copies do not sleep, this CPU has no SMAP");
  startSleepStress(seed, numbers.length > 1 ? <u32>U64.parseInt(numbers[1]) : DEFAULT_ONE_IN);
}

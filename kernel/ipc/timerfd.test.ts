import { Errno } from "../abi/errno";
import { O_NONBLOCK } from "../abi/fcntl";
import { IoDestination } from "../mm/user/io-buffer";
import { expectEqual, expectTrue } from "../runtime/expect";
import { readU64 } from "../runtime/text/byte-access";
import { OtherThread, beginThreads } from "../sync/test-threads";
import { setRealtime } from "../time/clock";
import { runDueTimers } from "../time/timer";
import { initWallTimers } from "../time/wall-timer";
import { setTsc } from "../../tests/simulated-machine/kernel/controls";
import { TimerFile, initTimerFiles } from "./timerfd";
import { PollEvent } from "../abi/poll";

const SECOND: u64 = 1_000_000_000;

/** At one tick a nanosecond and no time passing by itself. */
function begin(realtimeNs: u64 = 0): void {
  setTsc(0, 0);
  beginThreads(realtimeNs);
}

function passTo(ns: u64): void {
  setTsc(ns, 0);
  runDueTimers();
}

/** Expirations read, or -errno. */
function take(file: TimerFile): i64 {
  const bytes = new StaticArray<u8>(8);
  const count = file.read(new IoDestination().claimBytes(bytes, 0, 8));
  return count == 8 ? <i64>readU64(bytes, 0) : count;
}

export function testOneExpiry(): void {
  begin();
  const file = TimerFile.create(false, O_NONBLOCK);
  expectEqual<u64>(file.remaining(), 0, "not set");
  file.set(5 * SECOND, 0, false);
  passTo(3 * SECOND);
  expectEqual<u64>(file.remaining(), 2 * SECOND);
  expectEqual<i64>(take(file), -Errno.EAGAIN);
  expectEqual<u32>(file.poll(null), 0);
  passTo(6 * SECOND);
  expectEqual<u32>(file.poll(null), PollEvent.IN);
  expectEqual<i64>(take(file), 1);
  expectEqual<i64>(take(file), -Errno.EAGAIN, "taken");
  expectEqual<u64>(file.remaining(), 0);
}

export function testPeriodsThatWentByAreCounted(): void {
  begin();
  const file = TimerFile.create(false, O_NONBLOCK);
  file.set(2 * SECOND, SECOND, false);
  passTo(2 * SECOND);
  passTo(7 * SECOND + SECOND / 2);
  expectEqual<i64>(take(file), 6, "at 2, 3, 4, 5, 6 and 7 seconds");
  expectEqual<u64>(file.remaining(), SECOND / 2);
  passTo(8 * SECOND);
  expectEqual<i64>(take(file), 1);
}

export function testSettingForgetsWhatWasNotRead(): void {
  begin();
  const file = TimerFile.create(false, O_NONBLOCK);
  file.set(SECOND, 0, false);
  passTo(2 * SECOND);
  file.set(0, 0, false);
  expectEqual<i64>(take(file), -Errno.EAGAIN);
  passTo(10 * SECOND);
  expectEqual<i64>(take(file), -Errno.EAGAIN, "stopped");
}

export function testAStepOfTheClockCancelsThoseWhoAsk(): void {
  begin(1000 * SECOND);
  initWallTimers();
  initTimerFiles();
  const asks = TimerFile.create(true, O_NONBLOCK);
  const other = TimerFile.create(true, O_NONBLOCK);
  asks.set(5000 * SECOND, 0, true);
  other.set(5000 * SECOND, 0, false);
  setRealtime(2000 * SECOND);
  expectEqual<u32>(asks.poll(null), PollEvent.IN);
  expectEqual<i64>(take(asks), -Errno.ECANCELED);
  expectEqual<i64>(take(asks), -Errno.EAGAIN, "told once");
  expectEqual<i64>(take(other), -Errno.EAGAIN);
  expectEqual<u64>(other.remaining(), 3000 * SECOND, "the deadline is one of real time");
  setRealtime(6000 * SECOND);
  runDueTimers();
  expectEqual<i64>(take(other), 1, "the step went past it");
  asks.release();
  setRealtime(1);
  expectTrue(asks.nextFile === null, "it watches no longer");
}

@final
class Sleeper extends OtherThread {
  run(): void { passTo(4 * SECOND); }
}

export function testAReaderSleepsUntilTheDeadline(): void {
  begin();
  const file = TimerFile.create(false, 0);
  file.set(4 * SECOND, 0, false);
  new Sleeper().start();
  expectEqual<i64>(take(file), 1);
}

import { expectEqual, expectTrue } from "../runtime/expect";
import { allocatePid, findPid, findProcess, findTask, nextProcess, pidsInUse } from "./pid";
import { addTask, makeProcess } from "./test-tasks";

export function testNumbersAscendAndAreFoundUntilFree(): void {
  const used = pidsInUse();
  const first = allocatePid()!;
  const second = allocatePid()!;
  expectEqual<i32>(second.number, first.number + 1);
  expectTrue(findPid(first.number) === first);
  expectEqual<i32>(pidsInUse(), used + 2);
  first.freeIfUnused();
  second.freeIfUnused();
  expectTrue(findPid(first.number) === null);
  expectEqual<i32>(pidsInUse(), used);
  expectTrue(allocatePid()!.number > second.number, "a number is not given again at once");
}

export function testWhatBearsANumber(): void {
  const process = makeProcess();
  const thread = addTask(process);
  expectTrue(findProcess(process.tgid) === process && findTask(process.tgid) === process.leader);
  expectTrue(findTask(thread.tid) === thread && findProcess(thread.tid) === null, "a thread's number is no process");
  expectTrue(findPid(0) === null && findPid(-5) === null && findPid(1 << 20) === null);
  expectTrue(nextProcess(process.tgid) === process);
  expectTrue(nextProcess(process.tgid + 1) !== process);
}

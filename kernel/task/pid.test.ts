import { expectEqual, expectTrue } from "../runtime/expect";
import { initialNamespaces } from "./initial-namespaces";
import { addTask, makeProcess } from "./test-tasks";

export function testNumbersAscendAndAreFoundUntilFree(): void {
  const pids = initialNamespaces.pids;
  const used = pids.used;
  const first = pids.allocate()!;
  const second = pids.allocate()!;
  expectEqual<i32>(second.number, first.number + 1);
  expectTrue(pids.find(first.number) === first);
  expectEqual<i32>(pids.used, used + 2);
  first.freeIfUnused();
  second.freeIfUnused();
  expectTrue(pids.find(first.number) === null);
  expectEqual<i32>(pids.used, used);
  expectTrue(pids.allocate()!.number > second.number, "a number is not given again at once");
}

export function testWhatBearsANumber(): void {
  const pids = initialNamespaces.pids;
  const process = makeProcess();
  const thread = addTask(process);
  expectTrue(pids.findProcess(process.tgid) === process && pids.findTask(process.tgid) === process.leader);
  expectTrue(pids.findTask(thread.tid) === thread && pids.findProcess(thread.tid) === null, "a thread's number is no process");
  expectTrue(pids.find(0) === null && pids.find(-5) === null && pids.find(1 << 20) === null);
  expectTrue(pids.nextProcess(process.tgid) === process);
  expectTrue(pids.nextProcess(process.tgid + 1) !== process);
}

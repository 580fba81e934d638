import { expectEqual, expectFalse, expectTrue } from "../runtime/expect";
import { initialNamespaces } from "./initial-namespaces";
import { ProcessGroup } from "./session";
import { makeProcess } from "./test-tasks";

export function testAGroupIsOrphanedWithoutALinkToItsSession(): void {
  // Process 1 is nobody's link.
  makeProcess();
  const shell = makeProcess();
  const job = makeProcess(shell.group);
  shell.addChild(job);
  expectTrue(job.group.isOrphaned(), "parent and child in one group");
  job.group.remove(job);
  const group = new ProcessGroup(job.pid, shell.session);
  group.add(job);
  expectFalse(group.isOrphaned(), "the shell is in another group of the session");
  expectTrue(group.isOrphaned(job), "the only link does not count when it leaves");
  shell.removeChild(job);
  const stranger = makeProcess();
  stranger.addChild(job);
  expectTrue(group.isOrphaned(), "a parent in another session is no link");
}

export function testAGroupIsStoppedIfAMemberIs(): void {
  const process = makeProcess();
  expectFalse(process.group.hasStopped);
  process.isStopped = true;
  expectTrue(process.group.hasStopped);
}

export function testANumberIsInUseWhileAGroupBearsIt(): void {
  const leader = makeProcess();
  const number = leader.tgid;
  const member = makeProcess(leader.group);
  leader.group.remove(leader);
  leader.pid.process = null;
  leader.pid.task = null;
  leader.pid.freeIfUnused();
  expectTrue(initialNamespaces.pids.find(number) !== null, "the group still has a member");
  member.group.remove(member);
  expectTrue(initialNamespaces.pids.find(number) === null, "group and session have ended");
}

export function testThreadsAndChildrenAreLists(): void {
  const parent = makeProcess();
  const first = makeProcess();
  const second = makeProcess();
  const third = makeProcess();
  parent.addChild(first);
  parent.addChild(second);
  parent.addChild(third);
  parent.removeChild(second);
  expectTrue(parent.firstChild === first && first.siblingNext === third && parent.lastChild === third && second.parent === null);
  parent.removeChild(third);
  parent.removeChild(first);
  expectTrue(parent.firstChild === null && parent.lastChild === null);
  expectEqual<i32>(parent.threadCount, 1);
  parent.removeThread(parent.firstThread!);
  expectTrue(parent.firstThread === null && parent.threadCount == 0);
}

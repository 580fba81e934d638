import { Errno } from "../abi/errno";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../abi/mman";
import { addMemory } from "../mm/frames/frame";
import { PagingFeatures, initMemory } from "../mm/frames/init";
import { MapRequest } from "../mm/cache/mapped-object";
import { AddressSpace } from "../mm/space/address-space";
import { mapRegion } from "../mm/space/map";
import { resolveFault } from "../mm/user/simulated-faults";
import { UserIn, UserOut } from "../mm/user/user-memory";
import { expectEqual, expectTrue } from "../runtime/expect";
import { Poller } from "../sync/poll";
import { OtherThread, beginThreads } from "../sync/test-threads";
import { WaitQueue } from "../sync/wait-queue";
import { NEVER } from "../time/timer";
import { OpenFile } from "../vfs/file/open-file";
import {
  EPOLLET, EPOLLEXCLUSIVE, EPOLLONESHOT, EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EVENT_SIZE, EpollFile, initEpoll,
} from "./epoll";
import { PollEvent } from "../abi/poll";

const MIB: u64 = 0x10_0000;
const IN: u32 = PollEvent.IN;
const OUT: u32 = PollEvent.OUT;

/** What the machine calls when a user copy misses. */
export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  return resolveFault(address, error);
}

/** A file that is as ready as a test says. */
@final
class TestFile extends OpenFile {
  readonly queue: WaitQueue = new WaitQueue();
  ready: u32 = 0;

  constructor() { super(2); }

  poll(poller: Poller | null): u32 {
    if (poller !== null) poller.watch(this.queue);
    return this.ready;
  }

  become(ready: u32): void {
    this.ready = ready;
    this.queue.wakeAll();
  }
}

/** Where events are written: a page of user memory. */
let buffer: u64 = 0;

function begin(): EpollFile {
  beginThreads();
  addMemory(8 * MIB, 64 * MIB);
  expectTrue(initMemory([0, 64 * MIB], new PagingFeatures()));
  const space = AddressSpace.create()!;
  space.activate();
  const request = new MapRequest();
  request.length = 4096;
  request.protection = PROT_READ | PROT_WRITE;
  request.flags = MAP_PRIVATE | MAP_ANONYMOUS;
  buffer = <u64>mapRegion(space, request);
  initEpoll();
  return new EpollFile(2);
}

/** Events that epoll_wait gives at once. */
function collect(epoll: EpollFile, limit: i32 = 16): i32 {
  return epoll.wait(new UserOut().claim(buffer), limit, 0);
}

function eventAt(index: i32): u32 {
  const events = new UserIn().claim(buffer);
  expectEqual<i32>(events.readU32(<u64>index * <u64>EVENT_SIZE), 0);
  return <u32>events.value;
}

function dataAt(index: i32): u64 {
  const events = new UserIn().claim(buffer);
  expectEqual<i32>(events.readU64(<u64>index * <u64>EVENT_SIZE + 4), 0);
  return events.value;
}

export function testAnEventIsPackedAndCarriesItsData(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN, 0x1122334455667788), 0);
  expectEqual<i32>(collect(epoll), 0);
  file.become(IN | OUT);
  expectEqual<i32>(collect(epoll), 1);
  expectEqual<u32>(eventAt(0), IN, "what was not asked for is left out");
  expectEqual<u64>(dataAt(0), 0x1122334455667788);
}

export function testLevelTriggeredItemsStay(): void {
  const epoll = begin();
  const file = new TestFile();
  file.ready = IN;
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN, 0), 0);
  expectEqual<i32>(collect(epoll), 1, "ready when it was added");
  expectEqual<i32>(collect(epoll), 1);
  file.ready = 0;
  expectEqual<i32>(collect(epoll), 0);
}

export function testEdgeTriggeredItemsWantANewEvent(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN | EPOLLET, 0), 0);
  file.become(IN);
  expectEqual<i32>(collect(epoll), 1);
  expectEqual<i32>(collect(epoll), 0);
  file.become(IN);
  expectEqual<i32>(collect(epoll), 1);
}

export function testOneShotItemsWantToBeArmedAgain(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN | EPOLLONESHOT, 0), 0);
  file.become(IN);
  expectEqual<i32>(collect(epoll), 1);
  file.become(IN);
  expectEqual<i32>(collect(epoll), 0);
  expectEqual<i32>(epoll.control(EPOLL_CTL_MOD, 5, file, IN | EPOLLONESHOT, 0), 0);
  expectEqual<i32>(collect(epoll), 1);
}

export function testErrorAndHangUpNeedNotBeAskedFor(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, 0, 0), 0);
  file.become(PollEvent.HUP | PollEvent.ERR | IN);
  expectEqual<i32>(collect(epoll), 1);
  expectEqual<u32>(eventAt(0), PollEvent.HUP | PollEvent.ERR);
}

export function testMoreReadyItemsThanRoomTakeTurns(): void {
  const epoll = begin();
  for (let i = 0; i < 3; i++) {
    const file = new TestFile();
    file.ready = IN;
    expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, i, file, IN, <u64>i), 0);
  }
  expectEqual<i32>(collect(epoll, 2), 2);
  expectEqual<u64>(dataAt(0), 0);
  expectEqual<u64>(dataAt(1), 1);
  expectEqual<i32>(collect(epoll, 2), 2);
  expectEqual<u64>(dataAt(0), 2, "the one that had no room comes first");
}

export function testRefusals(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_MOD, 5, file, IN, 0), -Errno.ENOENT);
  expectEqual<i32>(epoll.control(EPOLL_CTL_DEL, 5, file, IN, 0), -Errno.ENOENT);
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN, 0), 0);
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, OUT, 0), -Errno.EEXIST);
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 6, file, IN, 0), 0, "under another number");
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 7, file, IN | EPOLLEXCLUSIVE | EPOLLONESHOT, 0), -Errno.EINVAL);
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 7, file, IN | EPOLLEXCLUSIVE, 0), 0);
  expectEqual<i32>(epoll.control(EPOLL_CTL_MOD, 7, file, IN, 0), -Errno.EINVAL);
}

export function testInstancesNestButNotInACircle(): void {
  const outer = begin();
  const middle = new EpollFile(2);
  const inner = new EpollFile(2);
  const file = new TestFile();
  expectEqual<i32>(outer.control(EPOLL_CTL_ADD, 5, middle, IN, 0), 0);
  expectEqual<i32>(middle.control(EPOLL_CTL_ADD, 5, inner, IN, 0), 0);
  expectEqual<i32>(inner.control(EPOLL_CTL_ADD, 5, outer, IN, 0), -Errno.ELOOP);
  expectEqual<i32>(inner.control(EPOLL_CTL_ADD, 5, file, IN, 0), 0);
  expectEqual<i32>(collect(outer), 0);
  file.become(IN);
  expectEqual<i32>(collect(outer), 1, "readiness goes up");
  expectEqual<u32>(inner.poll(null), PollEvent.IN | PollEvent.RDNORM);
}

export function testAnItemEndsWithItsFile(): void {
  const epoll = begin();
  const file = new TestFile();
  file.ready = IN;
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN, 0), 0);
  file.release();
  expectEqual<i32>(collect(epoll), 0);
  expectTrue(file.queue.isEmpty);
}

export function testAnInstanceLeavesItsFiles(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN, 0), 0);
  epoll.release();
  expectTrue(file.queue.isEmpty);
  expectTrue(file.watches === null);
}

export function testABadBufferLosesNoEvent(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN | EPOLLET, 0), 0);
  file.become(IN);
  expectEqual<i32>(epoll.wait(new UserOut().claim(16), 1, 0), -Errno.EFAULT);
  expectEqual<i32>(collect(epoll), 1);
}

@final
class Waker extends OtherThread {
  constructor(readonly file: TestFile) { super(); }
  run(): void { this.file.become(IN); }
}

export function testAWaiterSleepsUntilAFileIsReady(): void {
  const epoll = begin();
  const file = new TestFile();
  expectEqual<i32>(epoll.control(EPOLL_CTL_ADD, 5, file, IN, 9), 0);
  new Waker(file).start();
  expectEqual<i32>(epoll.wait(new UserOut().claim(buffer), 1, NEVER), 1);
  expectEqual<u64>(dataAt(0), 9);
}

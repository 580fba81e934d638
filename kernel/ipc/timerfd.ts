// timerfd_create(2): a timer that is read. Reading gives the number of expirations since the last read; setting the clock
// can cancel a read (TFD_TIMER_CANCEL_ON_SET). Sleeps in read only.

import { Errno } from "../abi/errno";
import { IoDestination } from "../mm/user/io-buffer";
import { writeU64 } from "../runtime/text/byte-access";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { WaitQueue } from "../sync/wait-queue";
import { ClockListener, addClockListener, monotonicNs, realtimeNs } from "../time/clock";
import { armTimer, nextPeriod } from "../time/timer";
import { WallTimer, armWallTimer, cancelWallTimer } from "../time/wall-timer";
import { bindToSharedInode } from "../vfs/file/anonymous";
import { OpenFile } from "../vfs/file/open-file";
import { PollEvent } from "../abi/poll";

@final
class FileTimer extends WallTimer {
  file: TimerFile | null = null;

  expired(): void {
    const file = this.file;
    if (file !== null) file.ticked();
  }
}

@final
export class TimerFile extends OpenFile {
  private readonly timer: FileTimer = new FileTimer();
  private readonly readers: WaitQueue = new WaitQueue();
  intervalNs: u64 = 0;
  /** Next expiry on the timer's clock; 0: not set. */
  deadline: u64 = 0;
  /** Expirations that no read has taken yet, those of the running period not counted. */
  private expirations: u64 = 0;
  isCancelOnSet: bool = false;
  private wasCancelled: bool = false;
  nextFile: TimerFile | null = null;
  previousFile: TimerFile | null = null;

  constructor(readonly isWall: bool, flags: u32) {
    super(flags | 2);
    this.timer.file = this;
  }

  static create(isWall: bool, flags: u32): TimerFile {
    const file = new TimerFile(isWall, flags);
    bindToSharedInode(file);
    return file;
  }

  now(): u64 { return this.isWall ? realtimeNs() : monotonicNs(); }

  /** Starts the timer for `deadline` on its clock, or stops it (0). */
  set(deadline: u64, intervalNs: u64, isCancelOnSet: bool): void {
    cancelWallTimer(this.timer);
    this.expirations = 0;
    this.wasCancelled = false;
    this.intervalNs = intervalNs;
    this.deadline = deadline;
    this.watchClock(isCancelOnSet);
    if (deadline != 0) this.arm();
  }

  /** What is left until the next expiry; 0: not set. */
  remaining(): u64 {
    if (this.deadline == 0) return 0;
    const now = this.now();
    if (this.deadline > now) return this.deadline - now;
    return this.intervalNs == 0 ? 0 : nextPeriod(this.deadline, this.intervalNs, now) - now;
  }

  /** The deadline came. Interrupt context. */
  ticked(): void {
    this.expirations++;
    if (this.intervalNs != 0) {
      const next = nextPeriod(this.deadline, this.intervalNs, this.now());
      this.expirations += (next - this.deadline) / this.intervalNs - 1;
      this.deadline = next;
      this.arm();
    } else {
      this.deadline = 0;
    }
    this.readers.wakeAll();
  }

  /** Real time was set. */
  clockStepped(): void {
    this.wasCancelled = true;
    this.readers.wakeAll();
  }

  @sleeps read(to: IoDestination): i64 {
    if (to.segmentLength() < 8) return -Errno.EINVAL;
    while (true) {
      if (this.wasCancelled) {
        this.wasCancelled = false;
        return -Errno.ECANCELED;
      }
      if (this.expirations != 0) return this.take(to);
      if (this.isNonBlocking) return -Errno.EAGAIN;
      const waited = waitOn(this.readers);
      if (waited < 0) return <i64>waited;
    }
  }

  /** There is no position, but asking for it is no error (noop_llseek). */
  seek(offset: i64, whence: u32): i64 {
    return 0;
  }

  poll(poller: Poller | null): u32 {
    if (poller !== null) poller.watch(this.readers);
    return this.expirations != 0 || this.wasCancelled ? PollEvent.IN : 0;
  }

  released(): void {
    cancelWallTimer(this.timer);
    this.watchClock(false);
  }

  description(): StaticArray<u8> | null { return NAME; }

  @sleeps private take(to: IoDestination): i64 {
    const bytes = new StaticArray<u8>(8);
    writeU64(bytes, 0, this.expirations);
    this.expirations = 0;
    return to.putBytes(bytes, 0, 8);
  }

  private arm(): void {
    if (this.isWall) armWallTimer(this.timer, this.deadline);
    else armTimer(this.timer, this.deadline);
  }

  /** Joins or leaves the list of those whom a step of the clock cancels. */
  private watchClock(isWatching: bool): void {
    if (this.isCancelOnSet == isWatching) return;
    this.isCancelOnSet = isWatching;
    if (isWatching) {
      const next = watchers;
      this.nextFile = next;
      if (next !== null) next.previousFile = this;
      watchers = this;
      return;
    }
    const next = this.nextFile;
    const previous = this.previousFile;
    if (previous === null) watchers = next;
    else previous.nextFile = next;
    if (next !== null) next.previousFile = previous;
    this.nextFile = null;
    this.previousFile = null;
  }
}

@kernelLock let watchers: TimerFile | null = null;

@final
class CancelWatchers extends ClockListener {
  clockChanged(isStep: bool): void {
    if (!isStep) return;
    let file = watchers;
    while (file !== null) {
      file.clockStepped();
      file = file.nextFile;
    }
  }
}

/** Boot. */
export function initTimerFiles(): void {
  addClockListener(new CancelWatchers());
}

/** "anon_inode:[timerfd]" */
const NAME: StaticArray<u8> = [
  0x61, 0x6e, 0x6f, 0x6e, 0x5f, 0x69, 0x6e, 0x6f, 0x64, 0x65, 0x3a, 0x5b, 0x74, 0x69, 0x6d, 0x65, 0x72, 0x66, 0x64, 0x5d,
];

// Pending signals of a thread or of a process: a mask, and a list of details for those signals that have any.
//
// A standard signal is pending at most once; real-time signals queue up. A bit of the mask without an entry in the
// list is a signal sent by the kernel (SI_KERNEL) or one for which no entry could be had (SI_USER from nobody). Setting a bit allocates
// nothing, so interrupt handlers may do it.

import { Pool } from "../../runtime/containers/pool";
import { SignalInfo } from "./signal-info";
import { SignalCode, signalBit } from "../../abi/signal";

@kernelLock const spareInfos = new Pool<SignalInfo>(64);

/** An entry to fill. Not for interrupt context. */
export function takeSignalInfo(): SignalInfo {
  const info = spareInfos.take();
  if (info === null) return new SignalInfo();
  info.charged = null;
  return info;
}

/** Returns an entry that is in no queue. */
export function giveSignalInfo(info: SignalInfo): void {
  if (info.isPreallocated) return;
  info.next = null;
  spareInfos.give(info);
}

/** Told when a queued entry leaves its queue: accounting of RLIMIT_SIGPENDING. */
export abstract class QueueObserver {
  abstract released(info: SignalInfo): void;
}

@bootOnly let observer: QueueObserver | null = null;
export function setQueueObserver(watcher: QueueObserver): void { observer = watcher; }

@final
export class SignalQueue {
  /** Pending signals, bit n - 1 for signal n. */
  mask: u64 = 0;
  /** Of the bits without an entry: those that the kernel sent. */
  private fromKernel: u64 = 0;
  private first: SignalInfo | null = null;
  private last: SignalInfo | null = null;

  /** Marks a signal of the kernel pending, without details. */
  @inline
  mark(number: i32): void {
    this.mask |= signalBit(number);
    this.fromKernel |= signalBit(number);
  }

  /** Marks a signal pending whose details found no place: it looks as if nobody had sent it (sigqueue(3)). */
  markUnknown(number: i32): void {
    this.mask |= signalBit(number);
    this.fromKernel &= ~signalBit(number);
  }

  /** Appends an entry, which the queue owns from now on. */
  append(info: SignalInfo): void {
    info.next = null;
    info.isQueued = true;
    const last = this.last;
    if (last === null) this.first = info;
    else last.next = info;
    this.last = info;
    this.mask |= signalBit(info.number);
  }

  /** Takes one pending signal `number` out and describes it in `into`. */
  take(number: i32, into: SignalInfo): void {
    let previous: SignalInfo | null = null;
    let info = this.first;
    while (info !== null && info.number != number) {
      previous = info;
      info = info.next;
    }
    if (info === null) {
      this.mask &= ~signalBit(number);
      into.reset(number, (this.fromKernel & signalBit(number)) != 0 ? SignalCode.KERNEL : SignalCode.USER);
      return;
    }
    into.copyFrom(info);
    let another = info.next;
    while (another !== null && another.number != number) another = another.next;
    if (another === null) this.mask &= ~signalBit(number);
    this.unlink(previous, info);
  }

  /** Drops every pending signal of a set. */
  discard(set: u64): void {
    if ((this.mask & set) == 0) return;
    this.mask &= ~set;
    let previous: SignalInfo | null = null;
    let info = this.first;
    while (info !== null) {
      const next = info.next;
      if ((signalBit(info.number) & set) != 0) this.unlink(previous, info);
      else previous = info;
      info = next;
    }
  }

  /** Takes a preallocated entry out, if it is here: its timer goes. */
  withdraw(entry: SignalInfo): void {
    let previous: SignalInfo | null = null;
    let info = this.first;
    let others = false;
    let found = false;
    while (info !== null) {
      const next = info.next;
      if (info === entry) {
        this.unlink(previous, info);
        found = true;
      } else {
        if (info.number == entry.number) others = true;
        previous = info;
      }
      info = next;
    }
    if (found && !others) this.mask &= ~signalBit(entry.number);
  }

  private unlink(previous: SignalInfo | null, info: SignalInfo): void {
    const next = info.next;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    info.next = null;
    info.isQueued = false;
    const watcher = observer;
    if (info.charged !== null && watcher !== null) watcher.released(info);
    giveSignalInfo(info);
  }
}

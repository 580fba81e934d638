// signalfd(2): pending signals of the reading thread and its process, read as structures. Sleeps in read only.

import { SignalfdSiginfo } from "../../abi/generated/structs";
import { Errno } from "../../abi/errno";
import { IoDestination } from "../../mm/user/io-buffer";
import { fillBytes, writeU32, writeU64 } from "../../runtime/text/byte-access";
import { Poller } from "../../sync/poll";
import { waitOn } from "../../sync/sleep";
import { bindToSharedInode } from "../../vfs/file/anonymous";
import { OpenFile } from "../../vfs/file/open-file";
import { dequeue } from "./signal-delivery";
import { SignalInfo } from "./signal-info";
import { updateSignalPending } from "./signal";
import { Task } from "../task";
import { Signal, SignalCode } from "../../abi/signal";
import { PollEvent } from "../../abi/poll";
import { currentTask } from "../current";

@final
export class SignalFile extends OpenFile {
  constructor(
    /** Signals that it reports. */
    public mask: u64,
    flags: u32,
  ) {
    super(flags | 2);
  }

  static create(mask: u64, flags: u32): SignalFile {
    const file = new SignalFile(mask, flags);
    bindToSharedInode(file);
    return file;
  }

  @sleeps read(to: IoDestination): i64 {
    const size = <u64>SignalfdSiginfo.SIZE;
    if (to.remaining < size) return -Errno.EINVAL;
    const task = currentTask();
    const bytes = new StaticArray<u8>(<i32>SignalfdSiginfo.SIZE);
    let total: i64 = 0;
    while (to.remaining >= size) {
      const number = dequeue(task, this.mask);
      if (number == 0) {
        if (total != 0) break;
        if (this.isNonBlocking) return -Errno.EAGAIN;
        const waited = waitOn(task.process.signalWaiters);
        if (waited < 0) return <i64>waited;
        continue;
      }
      updateSignalPending(task);
      describe(task.delivered, bytes);
      const put = to.putBytes(bytes, 0, bytes.length);
      if (put < 0) return total != 0 ? total : put;
      total += put;
    }
    return total;
  }

  /** There is no position, but asking for it is no error (noop_llseek). */
  seek(offset: i64, whence: u32): i64 {
    return 0;
  }

  poll(poller: Poller | null): u32 {
    const task: Task = currentTask();
    if (poller !== null) poller.watch(task.process.signalWaiters);
    const pending = (task.pending.mask | task.process.pending.mask) & this.mask;
    return pending != 0 ? PollEvent.IN | PollEvent.RDNORM : 0;
  }

  description(): StaticArray<u8> | null { return NAME; }
}

/** struct signalfd_siginfo: the fields that the kind of signal has. */
function describe(info: SignalInfo, bytes: StaticArray<u8>): void {
  fillBytes(bytes, 0, 0, bytes.length);
  writeU32(bytes, <i32>SignalfdSiginfo.ssi_signo, <u32>info.number);
  writeU32(bytes, <i32>SignalfdSiginfo.ssi_errno, <u32>info.errno);
  writeU32(bytes, <i32>SignalfdSiginfo.ssi_code, <u32>info.code);
  if (info.code == SignalCode.TIMER) {
    writeU32(bytes, <i32>SignalfdSiginfo.ssi_tid, <u32>info.word0);
    writeU32(bytes, <i32>SignalfdSiginfo.ssi_overrun, <u32>(info.word0 >> 32));
    describeValue(info, bytes);
    return;
  }
  if (info.code > 0 && info.code != SignalCode.KERNEL && isFault(info.number)) {
    writeU64(bytes, <i32>SignalfdSiginfo.ssi_addr, info.word0);
    return;
  }
  if (info.code > 0 && info.number == Signal.IO) {
    writeU32(bytes, <i32>SignalfdSiginfo.ssi_band, <u32>info.word0);
    writeU32(bytes, <i32>SignalfdSiginfo.ssi_fd, <u32>info.word1);
    return;
  }
  writeU32(bytes, <i32>SignalfdSiginfo.ssi_pid, <u32>info.word0);
  writeU32(bytes, <i32>SignalfdSiginfo.ssi_uid, <u32>(info.word0 >> 32));
  if (info.number == Signal.CHLD && info.code > 0) {
    writeU32(bytes, <i32>SignalfdSiginfo.ssi_status, <u32>info.word1);
    writeU64(bytes, <i32>SignalfdSiginfo.ssi_utime, info.word2);
    writeU64(bytes, <i32>SignalfdSiginfo.ssi_stime, info.word3);
  } else if (info.code < 0 && info.code != SignalCode.TKILL) {
    describeValue(info, bytes);
  }
}

function describeValue(info: SignalInfo, bytes: StaticArray<u8>): void {
  writeU32(bytes, <i32>SignalfdSiginfo.ssi_int, <u32>info.word1);
  writeU64(bytes, <i32>SignalfdSiginfo.ssi_ptr, info.word1);
}

function isFault(number: i32): bool {
  return number == Signal.SEGV || number == Signal.BUS || number == Signal.ILL || number == Signal.FPE || number == Signal.TRAP;
}

/** "anon_inode:[signalfd]" */
const NAME: StaticArray<u8> = [
  0x61, 0x6e, 0x6f, 0x6e, 0x5f, 0x69, 0x6e, 0x6f, 0x64, 0x65, 0x3a, 0x5b, 0x73, 0x69, 0x67, 0x6e, 0x61, 0x6c, 0x66, 0x64,
  0x5d,
];

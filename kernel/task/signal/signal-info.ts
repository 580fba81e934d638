// siginfo_t as the kernel keeps it (signal(7), sigaction(2)).
//
// siginfo_t is three 32-bit fields and a union of 32 bytes at offset 16 that matter; a SignalInfo holds exactly these, so
// what rt_sigqueueinfo(2) passes comes out unchanged. Nothing here sleeps.

import { SIGINFO_SIZE } from "../../abi/signal";
import { fillBytes, readU32, readU64, writeU32, writeU64 } from "../../runtime/text/byte-access";
import { UserAccount } from "../accounting/user-account";

/** One signal with what siginfo_t says about it. */
@final
export class SignalInfo {
  number: i32 = 0;
  errno: i32 = 0;
  code: i32 = 0;
  /** Bytes 16 … 47 of siginfo_t. */
  word0: u64 = 0;
  word1: u64 = 0;
  word2: u64 = 0;
  word3: u64 = 0;
  /** Next in a queue. */
  next: SignalInfo | null = null;
  /** Uid whose RLIMIT_SIGPENDING it counts against; -1: none. */
  charged: UserAccount | null = null;
  /** Belongs to a timer and is never pooled; it is in a queue while `isQueued`. */
  isPreallocated: bool = false;
  isQueued: bool = false;

  /** Si_pid and si_uid. */
  setSender(pid: i32, uid: u32): SignalInfo {
    this.word0 = <u64><u32>pid | ((<u64>uid) << 32);
    return this;
  }

  reset(number: i32, code: i32): SignalInfo {
    this.number = number;
    this.errno = 0;
    this.code = code;
    this.word0 = 0;
    this.word1 = 0;
    this.word2 = 0;
    this.word3 = 0;
    return this;
  }

  copyFrom(other: SignalInfo): void {
    this.number = other.number;
    this.errno = other.errno;
    this.code = other.code;
    this.word0 = other.word0;
    this.word1 = other.word1;
    this.word2 = other.word2;
    this.word3 = other.word3;
  }
}

/** Writes SignalInfo as siginfo_t. */
export function storeSignalInfo(info: SignalInfo, bytes: StaticArray<u8>, at: i32): void {
  fillBytes(bytes, at, 0, SIGINFO_SIZE);
  writeU32(bytes, at, <u32>info.number);
  writeU32(bytes, at + 4, <u32>info.errno);
  writeU32(bytes, at + 8, <u32>info.code);
  writeU64(bytes, at + 16, info.word0);
  writeU64(bytes, at + 24, info.word1);
  writeU64(bytes, at + 32, info.word2);
  writeU64(bytes, at + 40, info.word3);
}

/** Reads siginfo_t. */
export function loadSignalInfo(info: SignalInfo, bytes: StaticArray<u8>, at: i32): void {
  info.number = <i32>readU32(bytes, at);
  info.errno = <i32>readU32(bytes, at + 4);
  info.code = <i32>readU32(bytes, at + 8);
  info.word0 = readU64(bytes, at + 16);
  info.word1 = readU64(bytes, at + 24);
  info.word2 = readU64(bytes, at + 32);
  info.word3 = readU64(bytes, at + 40);
}

// The strings of an execve(2): arguments and environment as they will lie on the new stack, and the limits on them.
//
// Strings are copied to one kernel array before the old program goes; a script's interpreter puts strings in front.
// Sleeps (page faults while copying in).

import { Errno } from "../../abi/errno";
import { UserIn, UserPath } from "../../mm/user/user-memory";
import { copyBytes, findByte } from "../../runtime/text/byte-access";
import { heapReserveOk } from "../../runtime/heap/heap";
import { Task } from "../task";
import { Limit } from "../accounting/resource-limits";

/** Most bytes of one string with its NUL. */
@inline const STRING_LIMIT: i32 = 131072;
/** ARG_MAX: allowed whatever RLIMIT_STACK is. */
@inline const LEAST_TOTAL: u64 = 131072;
/** Three quarters of the default stack limit. */
@inline const MOST_TOTAL: u64 = 6 << 20;
@inline const FIRST_SIZE: i32 = 16384;

/** A list of NUL-terminated strings, one after the other. */
@final
export class StringList {
  bytes: StaticArray<u8> = new StaticArray<u8>(FIRST_SIZE);
  /** Bytes used, and strings in them. */
  length: i32 = 0;
  count: i32 = 0;

  clear(): void {
    this.length = 0;
    this.count = 0;
    // What a huge argument list needed is not kept.
    if (this.bytes.length > 4 * FIRST_SIZE) this.bytes = new StaticArray<u8>(FIRST_SIZE);
  }

  /** Makes room for `more` bytes. False: out of memory. */
  reserve(more: i32): bool {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return true;
    let size = this.bytes.length;
    while (size < needed) size *= 2;
    if (!heapReserveOk(<u32>size)) return false;
    const larger = new StaticArray<u8>(size);
    copyBytes(larger, 0, this.bytes, 0, this.length);
    this.bytes = larger;
    return true;
  }

  /** Appends bytes and a NUL. */
  add(bytes: StaticArray<u8>, at: i32, length: i32): bool {
    if (!this.reserve(length + 1)) return false;
    copyBytes(this.bytes, this.length, bytes, at, length);
    this.bytes[this.length + length] = 0;
    this.length += length + 1;
    this.count++;
    return true;
  }

  /** Drops the first string. */
  dropFirst(): void {
    if (this.count == 0) return;
    const end = findByte(this.bytes, 0, this.length, 0) + 1;
    copyBytes(this.bytes, 0, this.bytes, end, this.length - end);
    this.length -= end;
    this.count--;
  }

  /** Puts the strings of `other` in front. */
  prepend(other: StringList): bool {
    if (!this.reserve(other.length)) return false;
    copyBytes(this.bytes, other.length, this.bytes, 0, this.length);
    copyBytes(this.bytes, 0, other.bytes, 0, other.length);
    this.length += other.length;
    this.count += other.count;
    return true;
  }
}

@final
export class ExecArguments {
  readonly argv: StringList = new StringList();
  readonly envp: StringList = new StringList();
  /** Bytes that strings and pointers may take, and have taken. */
  private limit: u64 = 0;
  private used: u64 = 0;

  /** Copies both lists in. 0, -E2BIG, -EFAULT or -ENOMEM. */
  @sleeps fetch(task: Task, argv: UserIn, envp: UserIn): i32 {
    this.begin(task);
    let status = this.fetchList(task, argv, this.argv);
    if (status == 0) status = this.fetchList(task, envp, this.envp);
    if (status == 0 && this.argv.count == 0) status = this.addEmptyArgument();
    return status;
  }

  /** For lists that the kernel makes itself. */
  begin(task: Task): void {
    this.argv.clear();
    this.envp.clear();
    const stack = task.process.limits.soft[Limit.STACK] / 4;
    const most = stack < MOST_TOTAL ? stack : MOST_TOTAL;
    this.limit = most > LEAST_TOTAL ? most : LEAST_TOTAL;
    this.used = 8;
  }

  /** True if the lists fit, after strings were put in front. */
  get fits(): bool {
    const pointers = <u64>(this.argv.count + this.envp.count) * 8;
    return <u64>(this.argv.length + this.envp.length) + pointers <= this.limit;
  }

  /** A program always has an argv[0] (Linux 5.18). */
  private addEmptyArgument(): i32 {
    return this.argv.add(this.argv.bytes, 0, 0) ? 0 : -Errno.ENOMEM;
  }

  @sleeps private fetchList(task: Task, pointers: UserIn, list: StringList): i32 {
    if (pointers.isNull) return 0;
    const string: UserPath = task.arguments.path1;
    let index: u64 = 0;
    while (true) {
      if (pointers.readU64(index * 8) < 0) return -Errno.EFAULT;
      if (pointers.value == 0) return 0;
      const status = this.fetchString(string.claim(pointers.value), list);
      if (status < 0) return status;
      if (task.killPending) return -Errno.ERESTARTNOHAND;
      index++;
    }
  }

  @sleeps private fetchString(string: UserPath, list: StringList): i32 {
    let room = 256;
    while (true) {
      if (!list.reserve(room)) return -Errno.ENOMEM;
      const length = string.fetchString(list.bytes, list.length, room);
      if (length >= 0) {
        this.used += <u64>length + 9;
        if (this.used > this.limit) return -Errno.E2BIG;
        list.length += length + 1;
        list.count++;
        return 0;
      }
      if (length == -Errno.EFAULT) return length;
      if (room >= STRING_LIMIT) return -Errno.E2BIG;
      room *= 8;
      if (room > STRING_LIMIT) room = STRING_LIMIT;
    }
  }
}

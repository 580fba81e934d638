// FdTable: the file descriptors of one process or of several (CLONE_FILES).
//
// Two bit maps say which descriptors are taken (reserved or open) and which close on exec. A reserved descriptor
// reads as not open (EBADF) until it is installed: reserve, copy results out, then install or cancel.
// Nothing here sleeps, but closing a file runs its `released`.

import { Errno } from "../../abi/errno";
import { Counted } from "../../runtime/containers/counted";
import { countsAlways } from "../../sync/sleep-stress";
import { OpenFile } from "./open-file";
import { closeFile } from "./close-file";

const FIRST_SIZE: i32 = 64;
/** Ceiling of RLIMIT_NOFILE (/proc/sys/fs/nr_open). */
export const NR_OPEN: i32 = 1048576;

@final
export class FdTable extends Counted {
  private files: StaticArray<OpenFile | null> = new StaticArray<OpenFile | null>(FIRST_SIZE);
  /** Bit n of word n / 64: descriptor n is taken. */
  private taken: StaticArray<u64> = new StaticArray<u64>(FIRST_SIZE / 64);
  private closeOnExec: StaticArray<u64> = new StaticArray<u64>(FIRST_SIZE / 64);
  /** No descriptor below is free. */
  private firstFree: i32 = 0;
  /** RLIMIT_NOFILE of the owner; the task layer keeps it up to date. */
  limit: i32 = 1024;
  /**
   * Another task may close descriptors while a call of one works on their files: the call retains them. As long as only
   * one task has the table nobody can, and no count is needed.
   */
  isShared: bool = countsAlways();

  /** The open file, or null (EBADF). No reference is taken: retain it, or use it before sleeping. */
  @inline get(fd: i32): OpenFile | null {
    const files = this.files;
    return <u32>fd < <u32>files.length ? files[fd] : null;
  }

  /** The same without descriptors that are only places (O_PATH). */
  @inline getFile(fd: i32): OpenFile | null {
    const file = this.get(fd);
    return file === null || file.isPath ? null : file;
  }

  /** One past the highest descriptor there can be at the moment. */
  get size(): i32 {
    return this.files.length;
  }

  /** Takes the lowest free descriptor from `min` on: its number or -EMFILE (-EINVAL when `min` is out of range). */
  reserve(min: i32 = 0): i32 {
    if (min < 0 || (min > 0 && min >= this.limit)) return -Errno.EINVAL;
    const fd = this.findFree(max(min, this.firstFree));
    if (fd >= this.limit) return -Errno.EMFILE;
    this.ensure(fd);
    this.setBit(this.taken, fd);
    if (min <= this.firstFree) this.firstFree = fd + 1;
    return fd;
  }

  /** Makes a reserved descriptor refer to the file; the table takes over the caller's reference. */
  install(fd: i32, file: OpenFile, isCloseOnExec: bool = false): void {
    this.files[fd] = file;
    if (isCloseOnExec) this.setBit(this.closeOnExec, fd);
    else this.clearBit(this.closeOnExec, fd);
  }

  /** Gives a reserved descriptor back. */
  cancel(fd: i32): void {
    this.clearBit(this.taken, fd);
    this.clearBit(this.closeOnExec, fd);
    if (fd < this.firstFree) this.firstFree = fd;
  }

  /** Reserves and installs in one step: the descriptor or -EMFILE; on failure the caller keeps its reference. */
  add(file: OpenFile, isCloseOnExec: bool = false, min: i32 = 0): i32 {
    const fd = this.reserve(min);
    if (fd >= 0) this.install(fd, file, isCloseOnExec);
    return fd;
  }

  /** close(2): 0 or -EBADF. */
  close(fd: i32): i32 {
    const file = this.get(fd);
    if (file === null) return -Errno.EBADF;
    this.files[fd] = null;
    this.cancel(fd);
    closeFile(this, file);
    return 0;
  }

  /** dup2(2) proper: makes `to` (closed first if open) a duplicate of the file; `to` or -errno. */
  replace(to: i32, file: OpenFile, isCloseOnExec: bool): i32 {
    if (to < 0 || to >= this.limit) return -Errno.EBADF;
    this.ensure(to);
    const old = this.files[to];
    if (old === null && this.isTaken(to)) return -Errno.EBUSY;
    file.retain();
    this.setBit(this.taken, to);
    this.install(to, file, isCloseOnExec);
    if (old !== null) closeFile(this, old);
    return to;
  }

  isCloseOnExec(fd: i32): bool {
    return this.testBit(this.closeOnExec, fd);
  }

  setCloseOnExec(fd: i32, isSet: bool): void {
    if (isSet) this.setBit(this.closeOnExec, fd);
    else this.clearBit(this.closeOnExec, fd);
  }

  /** The lowest open descriptor from `from` on, or -1: for /proc/PID/fd and close_range. */
  nextOpen(from: i32): i32 {
    const taken = this.taken;
    let fd = max(from, 0);
    while (fd < this.files.length) {
      const word = taken[fd >> 6] >> <u64>(fd & 63);
      if (word == 0) {
        fd = (fd | 63) + 1;
        continue;
      }
      fd += <i32>ctz(word);
      if (this.files[fd] !== null) return fd;
      fd++;
    }
    return -1;
  }

  /** A table of its own with the same open files, for fork(2) and unshare(CLONE_FILES). Reserved ones are free in it. */
  forkCopy(): FdTable {
    const other = new FdTable();
    other.limit = this.limit;
    const last = this.lastOpen();
    if (last < 0) return other;
    other.ensure(last);
    const from = this.files;
    const to = other.files;
    for (let fd = this.nextOpen(0); fd >= 0; fd = this.nextOpen(fd + 1)) {
      const file = from[fd];
      if (file === null) continue;
      file.retain();
      to[fd] = file;
      other.setBit(other.taken, fd);
      if (this.testBit(this.closeOnExec, fd)) other.setBit(other.closeOnExec, fd);
    }
    other.firstFree = 0;
    return other;
  }

  constructor() {
    super(1);
  }

  /** For one more task that shares the table. */
  share(): FdTable {
    this.retain();
    this.isShared = true;
    return this;
  }

  /** A task left it; the last one closes everything. */
  release(): void {
    const isOver = this.drop();
    if (this.references == 1) this.isShared = countsAlways();
    if (!isOver) return;
    this.end();
    this.closeAll();
  }

  /** Closes what is marked close-on-exec (execve(2)). */
  closeOnExecve(): void {
    const marks = this.closeOnExec;
    for (let word = 0; word < marks.length; word++) {
      while (marks[word] != 0) {
        const fd = (word << 6) + <i32>ctz(marks[word]);
        this.clearBit(marks, fd);
        // A reserved descriptor has no file: close answers EBADF and changes nothing.
        if (this.close(fd) != 0) continue;
      }
    }
  }

  private closeAll(): void {
    for (let fd = this.nextOpen(0); fd >= 0; fd = this.nextOpen(fd)) {
      if (this.close(fd) != 0) break;
    }
  }

  private lastOpen(): i32 {
    const taken = this.taken;
    for (let word = taken.length - 1; word >= 0; word--) {
      if (taken[word] != 0) return (word << 6) + 63 - <i32>clz(taken[word]);
    }
    return -1;
  }

  private findFree(from: i32): i32 {
    const taken = this.taken;
    let fd = from;
    while (fd < this.files.length) {
      const free = ~taken[fd >> 6] >> <u64>(fd & 63);
      if (free != 0) return fd + <i32>ctz(free);
      fd = (fd | 63) + 1;
    }
    return fd;
  }

  /** Makes room for descriptor `fd`. */
  private ensure(fd: i32): void {
    const old = this.files;
    if (fd < old.length) return;
    let size = old.length;
    while (size <= fd) size *= 2;
    const files = new StaticArray<OpenFile | null>(size);
    for (let i = 0; i < old.length; i++) files[i] = old[i];
    const taken = new StaticArray<u64>(size / 64);
    const marks = new StaticArray<u64>(size / 64);
    for (let i = 0; i < this.taken.length; i++) {
      taken[i] = this.taken[i];
      marks[i] = this.closeOnExec[i];
    }
    this.files = files;
    this.taken = taken;
    this.closeOnExec = marks;
  }

  private isTaken(fd: i32): bool {
    return this.testBit(this.taken, fd);
  }

  private testBit(bits: StaticArray<u64>, fd: i32): bool {
    return ((bits[fd >> 6] >> <u64>(fd & 63)) & 1) != 0;
  }

  private setBit(bits: StaticArray<u64>, fd: i32): void {
    bits[fd >> 6] |= <u64>1 << <u64>(fd & 63);
  }

  private clearBit(bits: StaticArray<u64>, fd: i32): void {
    bits[fd >> 6] &= ~(<u64>1 << <u64>(fd & 63));
  }
}

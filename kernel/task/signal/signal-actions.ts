// What a process does on each signal: the table that sigaction(2) changes. Tasks with CLONE_SIGHAND share one
// SignalActions; fork copies it, lazily: the arrays are shared until one side writes. Nothing sleeps.

import { Counted } from "../../runtime/containers/counted";
import { IGNORED_BY_DEFAULT, SIG_DFL, SIG_IGN, Signal, signalBit } from "../../abi/signal";

/** Four words for each signal: handler, flags, restorer, mask. */
@inline const WORDS: i32 = 4;

@final
export class SignalActions extends Counted {
  private table: StaticArray<u64>;
  private isTableShared: bool = false;
  /** Signals whose handler is SIG_IGN. */
  ignored: u64 = 0;
  /** Signals that have a handler. */
  caught: u64 = 0;
  /** Signals that were ever set, here or before a fork: the others have flags 0. */
  touched: u64 = 0;

  constructor(table: StaticArray<u64> = new StaticArray<u64>(Signal.MAX * WORDS)) {
    super(1);
    this.table = table;
  }

  /** A task that shared them has gone. Of the last, nothing is left to give back. */
  release(): void {
    if (this.drop()) this.end();
  }

  @inline handler(number: i32): u64 { return this.table[(number - 1) * WORDS]; }
  @inline flags(number: i32): u64 { return this.table[(number - 1) * WORDS + 1]; }
  @inline restorer(number: i32): u64 { return this.table[(number - 1) * WORDS + 2]; }
  @inline mask(number: i32): u64 { return this.table[(number - 1) * WORDS + 3]; }

  set(number: i32, handler: u64, flags: u64, restorer: u64, mask: u64): void {
    this.unshare();
    const at = (number - 1) * WORDS;
    const table = this.table;
    table[at] = handler;
    table[at + 1] = flags;
    table[at + 2] = restorer;
    table[at + 3] = mask;
    const bit = signalBit(number);
    this.touched |= bit;
    this.ignored = handler == SIG_IGN ? this.ignored | bit : this.ignored & ~bit;
    this.caught = handler > SIG_IGN ? this.caught | bit : this.caught & ~bit;
  }

  /** SA_RESETHAND: back to the default, flags stay. */
  resetHandler(number: i32): void {
    this.set(number, SIG_DFL, this.flags(number), this.restorer(number), this.mask(number));
  }

  /** True if the signal has no effect when it is not blocked: ignored, or ignored by default. */
  isIgnored(number: i32): bool {
    const bit = signalBit(number);
    return (this.ignored & bit) != 0 || ((IGNORED_BY_DEFAULT & bit) != 0 && (this.caught & bit) == 0);
  }

  /** A copy for fork(2). */
  copy(): SignalActions {
    this.isTableShared = true;
    const other = new SignalActions(this.table);
    other.isTableShared = true;
    other.ignored = this.ignored;
    other.caught = this.caught;
    other.touched = this.touched;
    return other;
  }

  /** execve(2): handlers go, ignored signals stay ignored. */
  resetForExec(): SignalActions {
    const other = new SignalActions();
    for (let number = 1; number <= Signal.MAX; number++) {
      if ((this.ignored & signalBit(number)) != 0) other.set(number, SIG_IGN, 0, 0, 0);
    }
    return other;
  }

  private unshare(): void {
    if (!this.isTableShared) return;
    this.isTableShared = false;
    const from = this.table;
    const to = new StaticArray<u64>(Signal.MAX * WORDS);
    for (let i = 0; i < Signal.MAX * WORDS; i++) to[i] = from[i];
    this.table = to;
  }
}

// ReceiveRing: input that a tty's line discipline has not seen yet. Preallocated; nothing here sleeps or allocates.

@inline const SIZE: u32 = 4096;

@final
export class ReceiveRing {
  /** Kinds of entry: the high byte. */
  @inline static readonly BYTE: u32 = 0;
  @inline static readonly BREAK: u32 = 0x100;
  @inline static readonly DAMAGED: u32 = 0x200;
  /** Room below which drivers should hold back: what one interrupt may still deliver. */
  @inline static readonly RESERVE: i32 = 256;

  private readonly entries: StaticArray<u16> = new StaticArray<u16>(<i32>SIZE);
  private head: u32 = 0;
  private tail: u32 = 0;

  get isEmpty(): bool {
    return this.head == this.tail;
  }

  get room(): i32 {
    return <i32>(SIZE - (this.head - this.tail));
  }

  /** Adds an entry; a full ring drops it. */
  push(entry: u32): void {
    if (this.head - this.tail == SIZE) return;
    this.entries[<i32>(this.head & (SIZE - 1))] = <u16>entry;
    this.head++;
  }

  /** Takes the oldest entry; the ring is not empty. */
  take(): u32 {
    return <u32>this.entries[<i32>(this.tail++ & (SIZE - 1))];
  }

  /** The entry taken last is the oldest again. */
  putBack(): void {
    this.tail--;
  }

  clear(): void {
    this.tail = this.head;
  }
}

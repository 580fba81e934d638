// Two first-in-first-out buffers: `ByteRing` for bytes (fixed size), `ObjectQueue` for objects (grows). Positions never
// leave their arrays; taking an object clears its slot. Nothing here sleeps.

import { copyBytes } from "../text/byte-access";

/** A ring of bytes with a capacity that is a power of two. Allocates only when made. */
@final
export class ByteRing {
  private readonly data: StaticArray<u8>;
  private readonly mask: u32;
  /** Bytes ever taken and put; their difference is what the ring holds. */
  private taken: u32 = 0;
  private put: u32 = 0;

  /** `capacity` is rounded up to a power of two. */
  constructor(capacity: i32) {
    let size = 16;
    while (size < capacity) size <<= 1;
    this.data = new StaticArray<u8>(size);
    this.mask = <u32>size - 1;
  }

  /** Bytes in the ring. */
  get length(): i32 {
    return <i32>(this.put - this.taken);
  }

  /** Bytes that still fit. */
  get room(): i32 {
    return this.data.length - this.length;
  }

  get isEmpty(): bool {
    return this.put == this.taken;
  }

  clear(): void {
    this.taken = this.put;
  }

  /** Adds one byte; false when the ring is full. */
  putByte(byte: u8): bool {
    if (this.room == 0) return false;
    this.data[this.put & this.mask] = byte;
    this.put++;
    return true;
  }

  /** Takes one byte; -1 when the ring is empty. */
  takeByte(): i32 {
    if (this.isEmpty) return -1;
    const byte = this.data[this.taken & this.mask];
    this.taken++;
    return <i32>byte;
  }

  /** The byte at a distance from the front, -1 beyond the end. */
  peek(index: i32): i32 {
    if (<u32>index >= <u32>this.length) return -1;
    return <i32>this.data[(this.taken + <u32>index) & this.mask];
  }

  /** Takes back the byte added last; -1 when the ring is empty. */
  unputByte(): i32 {
    if (this.isEmpty) return -1;
    this.put--;
    return <i32>this.data[this.put & this.mask];
  }

  /** Adds as many bytes as fit; returns how many. */
  putBytes(from: StaticArray<u8>, offset: i32, length: i32): i32 {
    const count = min(length, this.room);
    if (count <= 0) return 0;
    const at = <i32>(this.put & this.mask);
    const head = min(count, this.data.length - at);
    copyBytes(this.data, at, from, offset, head);
    copyBytes(this.data, 0, from, offset + head, count - head);
    this.put += <u32>count;
    return count;
  }

  /** Takes up to `length` bytes; returns how many. */
  takeBytes(to: StaticArray<u8>, offset: i32, length: i32): i32 {
    const count = min(length, this.length);
    if (count <= 0) return 0;
    const at = <i32>(this.taken & this.mask);
    const head = min(count, this.data.length - at);
    copyBytes(to, offset, this.data, at, head);
    copyBytes(to, offset + head, this.data, 0, count - head);
    this.taken += <u32>count;
    return count;
  }
}

/** A queue of objects; allocates when it is full. */
@final
export class ObjectQueue<T> {
  private slots: StaticArray<T | null>;
  private head: i32 = 0;
  length: i32 = 0;

  constructor(capacity: i32 = 8) {
    let size = 4;
    while (size < capacity) size <<= 1;
    this.slots = new StaticArray<T | null>(size);
  }

  get isEmpty(): bool {
    return this.length == 0;
  }

  /** Adds at the end. */
  put(item: T): void {
    if (this.length == this.slots.length) this.grow();
    this.slots[(this.head + this.length) & (this.slots.length - 1)] = item;
    this.length++;
  }

  /** Takes from the front; null when the queue is empty. */
  take(): T | null {
    if (this.length == 0) return null;
    const item = this.slots[this.head];
    this.slots[this.head] = null;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.length--;
    return item;
  }

  /** The item at a distance from the front, or null. */
  peek(index: i32 = 0): T | null {
    if (<u32>index >= <u32>this.length) return null;
    return this.slots[(this.head + index) & (this.slots.length - 1)];
  }

  private grow(): void {
    const old = this.slots;
    const grown = new StaticArray<T | null>(old.length * 2);
    for (let i = 0; i < this.length; i++) grown[i] = old[(this.head + i) & (old.length - 1)];
    this.slots = grown;
    this.head = 0;
  }
}

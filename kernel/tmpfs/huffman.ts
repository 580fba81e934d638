// Huffman codes of deflate (RFC 1951, 3.2): decoding tables from code lengths.
//
// Codes up to FAST_BITS long are looked up in one step; longer ones are compared length by length in canonical order.
// Over-subscribed sets are refused, incomplete ones too unless they have a single code. Nothing here sleeps.

export const FAST_BITS: u32 = 10;
const FAST_SIZE: i32 = 1 << FAST_BITS;
const LONGEST: i32 = 15;

@final
export class HuffmanTable {
  /** By the next FAST_BITS bits of input: symbol * 16 + length, or 0 for a longer or invalid code. */
  readonly fast: StaticArray<u16> = new StaticArray<u16>(FAST_SIZE);
  /** Number of codes of each length. */
  private readonly counts: StaticArray<u16> = new StaticArray<u16>(LONGEST + 1);
  /** Symbols in the order of their codes. */
  private readonly symbols: StaticArray<u16>;
  private readonly offsets: StaticArray<u16> = new StaticArray<u16>(LONGEST + 2);

  constructor(symbolLimit: i32) {
    this.symbols = new StaticArray<u16>(symbolLimit);
  }

  /** Builds the table from `count` code lengths starting at `from`. False: not a valid set of codes. */
  build(lengths: StaticArray<u8>, from: i32, count: i32): bool {
    const counts = this.counts;
    const offsets = this.offsets;
    for (let i = 0; i <= LONGEST; i++) counts[i] = 0;
    for (let i = 0; i < count; i++) counts[lengths[from + i]]++;
    const unused = counts[0];
    counts[0] = 0;
    let left: i32 = 1;
    for (let length = 1; length <= LONGEST; length++) {
      left = (left << 1) - counts[length];
      if (left < 0) return false;
    }
    if (left > 0 && count - unused > 1) return false;
    offsets[1] = 0;
    for (let length = 1; length <= LONGEST; length++) offsets[length + 1] = offsets[length] + counts[length];
    for (let symbol = 0; symbol < count; symbol++) {
      const length = lengths[from + symbol];
      if (length != 0) this.symbols[offsets[length]++] = <u16>symbol;
    }
    this.fillFast();
    return true;
  }

  private fillFast(): void {
    const fast = this.fast;
    for (let i = 0; i < FAST_SIZE; i++) fast[i] = 0;
    let code: u32 = 0;
    let index = 0;
    for (let length: u32 = 1; length <= FAST_BITS; length++) {
      for (let n: u32 = this.counts[length]; n > 0; n--) {
        const entry = <u16>((<u32>this.symbols[index++] << 4) | length);
        for (let at = reverse(code, length); at < <u32>FAST_SIZE; at += <u32>1 << length) fast[at] = entry;
        code++;
      }
      code <<= 1;
    }
  }

  /** Decodes a code that is not in the fast table from the low bits of `bits`: symbol * 16 + length, or 0 if there is none. */
  decodeLong(bits: u64): u32 {
    let code: i32 = 0;
    let first: i32 = 0;
    let index: i32 = 0;
    let rest = bits;
    for (let length = 1; length <= LONGEST; length++) {
      code |= <i32>(rest & 1);
      rest >>= 1;
      const count = <i32>this.counts[length];
      if (code - count < first) return (<u32>this.symbols[index + (code - first)] << 4) | <u32>length;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return 0;
  }
}

/** The low `length` bits in opposite order: codes come most significant bit first. */
function reverse(code: u32, length: u32): u32 {
  let result: u32 = 0;
  for (let i: u32 = 0; i < length; i++) result |= ((code >> i) & 1) << (length - 1 - i);
  return result;
}

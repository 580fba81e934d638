// CRC-32 as gzip uses it (RFC 1952, 8): polynomial 0xedb88320, reflected. Nothing here sleeps.

@constant const table: StaticArray<u32> = makeTable();

function makeTable(): StaticArray<u32> {
  const result = new StaticArray<u32>(256);
  for (let i: u32 = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xedb88320 : value >> 1;
    result[i] = value;
  }
  return result;
}

@final
export class Crc32 {
  private state: u32 = 0xffffffff;
  /** Bytes added. */
  count: u64 = 0;

  add(bytes: StaticArray<u8>, at: i32, length: i32): void {
    let state = this.state;
    const lookup = table;
    for (let i = at, end = at + length; i < end; i++) state = lookup[(state ^ bytes[i]) & 0xff] ^ (state >> 8);
    this.state = state;
    this.count += <u64>length;
  }

  get value(): u32 {
    return ~this.state;
  }
}

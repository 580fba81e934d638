// Translation of user addresses as the CPU does it: four levels, large pages, the rights of every level together.
// Intel SDM vol. 3A, 4.5 (4-level paging) and 4.7 (page-fault error code).

export const PHYSICAL_MASK = 0x000ffffffffff000n;
const PRESENT = 1n;
const WRITABLE = 2n;
const USER = 4n;
const ACCESSED = 0x20n;
const DIRTY = 0x40n;
const LARGE = 0x80n;

export interface Fault {
  /** Page-fault error code: bit 0 protection, bit 1 write. Copies run in kernel mode, so bit 2 is clear. */
  error: number;
}

/** The page tables in simulated physical memory. */
export class PageTables {
  constructor(private readonly physical: DataView, private readonly readCr3: () => bigint) {}

  /** Physical address of a user address, or why the access faults. Sets accessed and dirty bits. */
  walk(address: bigint, isWrite: boolean): bigint | Fault {
    const writeBit = isWrite ? 2 : 0;
    let table = this.readCr3() & PHYSICAL_MASK;
    let rights = WRITABLE | USER;
    for (let shift = 39n; ; shift -= 9n) {
      const slot = Number(table + ((address >> shift) & 0x1ffn) * 8n);
      if (slot + 8 > this.physical.byteLength) return { error: writeBit };
      const entry = this.physical.getBigUint64(slot, true);
      if ((entry & PRESENT) === 0n) return { error: writeBit };
      rights &= entry;
      const isLeaf = shift === 12n || (shift < 39n && (entry & LARGE) !== 0n);
      if (!isLeaf) {
        this.physical.setBigUint64(slot, entry | ACCESSED, true);
        table = entry & PHYSICAL_MASK;
        continue;
      }
      if ((rights & USER) === 0n || (isWrite && (rights & WRITABLE) === 0n)) return { error: 1 | writeBit };
      this.physical.setBigUint64(slot, entry | ACCESSED | (isWrite ? DIRTY : 0n), true);
      const offsetMask = (1n << shift) - 1n;
      return (entry & PHYSICAL_MASK & ~offsetMask) | (address & offsetMask);
    }
  }
}

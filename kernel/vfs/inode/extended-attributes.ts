// Extended attributes kept in memory (xattr(7)): a short list of names and values of one inode. Nothing here sleeps.

import { Errno } from "../../abi/errno";
import { copyBytes } from "../../runtime/text/byte-access";
import { bytesEqual } from "../../runtime/text/bytes";

@inline export const XATTR_CREATE: u32 = 1;
@inline export const XATTR_REPLACE: u32 = 2;

@final
class ExtendedAttribute {
  constructor(readonly name: StaticArray<u8>, public value: StaticArray<u8>) {}
}

@final
export class ExtendedAttributes {
  private readonly items: ExtendedAttribute[] = [];

  /** The value, or null. */
  get(name: StaticArray<u8>): StaticArray<u8> | null {
    const index = this.indexOf(name);
    return index < 0 ? null : this.items[index].value;
  }

  /** Stores a copy-free value, or removes (null): 0, -EEXIST, -ENODATA. */
  set(name: StaticArray<u8>, value: StaticArray<u8> | null, flags: u32): i32 {
    const index = this.indexOf(name);
    if (value === null) {
      if (index < 0) return -Errno.ENODATA;
      this.items.splice(index, 1);
      return 0;
    }
    if (index >= 0) {
      if ((flags & XATTR_CREATE) != 0) return -Errno.EEXIST;
      this.items[index].value = value;
      return 0;
    }
    if ((flags & XATTR_REPLACE) != 0) return -Errno.ENODATA;
    this.items.push(new ExtendedAttribute(name, value));
    return 0;
  }

  /** All names, each ended by a NUL. */
  list(): StaticArray<u8> {
    let length = 0;
    for (let i = 0; i < this.items.length; i++) length += this.items[i].name.length + 1;
    const names = new StaticArray<u8>(length);
    let at = 0;
    for (let i = 0; i < this.items.length; i++) {
      const name = this.items[i].name;
      copyBytes(names, at, name, 0, name.length);
      at += name.length + 1;
    }
    return names;
  }

  private indexOf(name: StaticArray<u8>): i32 {
    for (let i = 0; i < this.items.length; i++) {
      if (bytesEqual(this.items[i].name, name)) return i;
    }
    return -1;
  }
}

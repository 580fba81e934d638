// Changes to asc's library that the kernel needs. Each replaces exact text, so a new version of asc that no longer
// has it stops the build instead of losing the change.

/** A replacement in one library file. */
interface Patch {
  file: string;
  from: string;
  to: string;
}

/**
 * `Array` leaves elements beyond `length` in its buffer (after `pop`, `splice`, a smaller `length`). The collector does
 * not visit them, so they may be freed; growing `length` or storing past the end would show them again. So the gap is
 * cleared whenever the length jumps.
 */
const PATCHES: Patch[] = [
  {
    file: 'array',
    from: `    ensureCapacity(changetype<usize>(this), newLength, alignof<T>(), false);
    this.length_ = newLength;`,
    to: `    let oldLength = this.length_;
    ensureCapacity(changetype<usize>(this), newLength, alignof<T>(), false);
    if (newLength > oldLength) memory.fill(this.dataStart + (<usize>oldLength << alignof<T>()), 0, <usize>(newLength - oldLength) << alignof<T>());
    this.length_ = newLength;`,
  },
  {
    file: 'array',
    from: `      ensureCapacity(changetype<usize>(this), index + 1, alignof<T>());
      this.length_ = index + 1;`,
    to: `      let oldLength = this.length_;
      ensureCapacity(changetype<usize>(this), index + 1, alignof<T>());
      if (index > oldLength) memory.fill(this.dataStart + (<usize>oldLength << alignof<T>()), 0, <usize>(index - oldLength) << alignof<T>());
      this.length_ = index + 1;`,
  },
];

/** The library with the changes made. */
export function patchLibrary(library: Record<string, string>): Record<string, string> {
  const result = { ...library };
  for (const { file, from, to } of PATCHES) {
    const text = result[file] ?? '';
    if (text.split(from).length !== 2) throw new Error(`asc's library file ${file} has changed: a patch of library-patches.ts does not fit`);
    result[file] = text.replace(from, () => to);
  }
  return result;
}

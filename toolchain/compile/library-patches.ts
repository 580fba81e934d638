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
const GAPS: Patch[] = [
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

/** `copyWithin(0, 5, 2)`: a negative count, taken for a size, would move all that follows in linear memory. */
const COUNTS: Patch[] = ['array', 'staticarray'].map((file) => ({
  file, from: 'let count = min(last - from, len - to);', to: 'let count = max(min(last - from, len - to), 0);',
}));

/**
 * A class's own `==` runs in the middle of the library's search. It may shorten the array, or make the map move its
 * entries, while the search holds a raw pointer. So a search through an array looks again each time, and keys that are
 * objects are compared by identity, as they are hashed.
 */
const SEARCHES: Patch[] = [
  {
    file: 'array',
    from: `    if (fromIndex < 0) fromIndex = max(len + fromIndex, 0);
    let ptr = this.dataStart;
    while (fromIndex < len) {
      if (load<T>(`,
    to: `    if (fromIndex < 0) fromIndex = max(len + fromIndex, 0);
    let ptr = this.dataStart;
    while (fromIndex < len) {
      if (isReference<T>() && !isString<T>()) {
        if (fromIndex >= this.length_) return -1;
        ptr = this.dataStart;
      }
      if (load<T>(`,
  },
  ...[['map', 'K'], ['set', 'T']].map(([file, key]) => ({
    file: file!, from: 'entry.key == key',
    to: `(isReference<${key}>() && !isString<${key}>() ? changetype<usize>(entry.key) == changetype<usize>(key) : entry.key == key)`,
  })),
];

const PATCHES: Patch[] = [...GAPS, ...COUNTS, ...SEARCHES];

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

// The cold end of a failed range check, apart from its callers so that they stay small. Does not return.

/** Reports a range outside its array and ends the current operation. */
export function rangeFailure(size: i32, offset: i32, length: i32): void {
  throw new RangeError(
    "range " + offset.toString() + " + " + length.toString() + " is outside an array of " + size.toString() + " bytes",
  );
}

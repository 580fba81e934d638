// The runtime interface of asc: what compiled code calls for `new`, for growing arrays, and for visiting references.
// TRUSTED. `__link` would be the write barrier of an incremental collector; marking is not incremental, so it is empty.

export { kernelAbort } from "../log/abort";
import { allocate, reallocate } from "./allocator";
import { collect, markReference } from "./collector";
import { rawAllocate, rawFree, rawReallocate } from "./raw-blocks";

// @ts-ignore: decorator
@global @unsafe
export function __new(size: usize, id: u32): usize {
  return allocate(size, id);
}

// @ts-ignore: decorator
@global @unsafe
export function __renew(object: usize, size: usize): usize {
  return reallocate(object, size);
}

// @ts-ignore: decorator
@global @unsafe @inline
export function __link(parent: usize, child: usize, expectMultiple: bool): void {}

// @ts-ignore: decorator
@global @unsafe
export function __visit(object: usize, cookie: u32): void {
  markReference(object);
}

// @ts-ignore: decorator
@global @unsafe
export function __collect(): void {
  collect();
}

// @ts-ignore: decorator
@global @unsafe
export function __alloc(size: usize): usize {
  return rawAllocate(size);
}

// @ts-ignore: decorator
@global @unsafe
export function __realloc(block: usize, size: usize): usize {
  return rawReallocate(block, size);
}

// @ts-ignore: decorator
@global @unsafe
export function __free(block: usize): void {
  rawFree(block);
}

// @ts-ignore: decorator
@global @unsafe
export function __pin(object: usize): usize {
  return object;
}

// @ts-ignore: decorator
@global @unsafe
export function __unpin(object: usize): void {}

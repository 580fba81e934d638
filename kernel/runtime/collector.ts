// The collector: marks what is reachable, then leaves the sweeping to the allocator. TRUSTED.

/** Collect at every allocation, poison what is freed. */
@lazy export let isStressed: bool = false;

export function collect(): void {
}

/** One word of a stack or a saved register that may lead into the heap (the machine's scanStacks calls it). */
export function gcMarkWord(address: u32): void {
}

/** A reference found in an object (asc's `__visit`). */
export function markReference(object: usize): void {
}

// Says that a call's result does not matter. The build refuses a signed result (a count or -errno) that nobody looks at.

/** Drops a value on purpose; the comment beside the call says why that is right. */
// @ts-ignore: decorator
@inline
export function ignore<T>(value: T): void {}

// Functions of the kernel that never return: the cold ends of checks.
//
// They stay out of their callers (optimise.ts): inlined, a report's temporaries would burden the fast path. C is told that they do not
// return (translate.ts), and each ends in a trap should that ever be wrong. Nothing of a caller is needed during or
// after such a call, so it does not make the caller one that may collect (root-homes.ts).

/** By the names that asc gives functions. */
export const NEVER_RETURN: readonly string[] = [
  'kernel/runtime/log/panic/checkFailed', 'kernel/runtime/text/range-failure/rangeFailure', 'kernel/mm/frames/frame-table/missingSection',
  'kernel/mm/frames/frame-table/notData', 'kernel/mm/frames/frame-access/frameRangeFailure', 'arch/x86_64/platform/resources/rangeFailure',
];

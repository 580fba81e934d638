// Counted: objects with a visible end (open files, directories in use, address spaces, inodes on disk). Everything that
// refers to one for longer than it takes to look at it holds a reference; the last one to let go ends it at once,
// whatever the collector does later. The count never falls below zero: a release without a reference is an oops, not a
// second end (nor one of an object that the collector took away, which gcstress poisons). It cannot overflow: each
// holder has at least a reference in linear memory, which is smaller than 2^31 of them.

import { check } from "../log/panic";

/** The count of an object that has ended for good: each later retain and release is found by the release. */
@inline const ENDED: i32 = -0x4000_0000;

export abstract class Counted {
  /** References held. */
  references: i32;

  constructor(references: i32) {
    this.references = references;
  }

  /** One more reference. */
  @inline retain(): void {
    this.references++;
  }

  /** One reference less. True: it was the last. For the class's own `release`, which does what follows from that. */
  @inline protected drop(): bool {
    const left = --this.references;
    if (left < 0) miscounted();
    return left == 0;
  }

  /** The object has ended for good: nobody may refer to it again. */
  @inline protected end(): void {
    this.references = ENDED;
  }
}

function miscounted(): void {
  check(false, "reference count: released more often than retained");
}

// Null where the types allow none, for /proc/typix/crash: what a constructor uses before a subclass's constructor has set it.

/** Something that can be missing. */
class Missing {
  /** What is read has a place that no other class reads at: of equal functions the optimiser keeps one, under one name. */
  private readonly padding0: i64 = 3;
  private readonly padding1: i64 = 4;
  private readonly padding2: i64 = 5;
  private readonly padding3: i64 = 6;
  private readonly padding4: i64 = 7;

  constructor(readonly number: i64) {}

  /** Looked up by the object's class. */
  answer(): i64 { return this.number; }
}

class Counted extends Missing {
  answer(): i64 { return 1; }
}

/** Its constructor uses what only the constructors of its subclasses set: a reference that cannot be null by its type, and is. */
abstract class Early {
  readonly result: i64;

  constructor(way: i32) {
    this.result = this.use(way);
  }

  protected abstract use(way: i32): i64;
}

class Unfinished extends Early {
  private readonly object: Missing = new Missing(1);
  private readonly numbers: StaticArray<i64> = new StaticArray<i64>(1);

  protected use(way: i32): i64 {
    if (way == 0) return this.object.number;
    return way == 1 ? (way < 0 ? new Counted(1) : this.object).answer() : this.numbers[1_000_000];
  }
}

class FinishedEarly extends Early {
  protected use(way: i32): i64 { return <i64>way; }
}

/**
 * Uses null: 0 a field, 1 a method found by the object's class, 2 an element. `length` is not negative, which the compiler does not know.
 */
export function useEarly(way: i32, length: i32): Early {
  return length < 0 ? <Early>new FinishedEarly(way) : <Early>new Unfinished(way);
}

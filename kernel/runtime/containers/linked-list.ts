// A doubly-linked list of links that the members own: inserting and removing take constant time and allocate nothing.
// An object that is in several lists at once has a link for each. Removing clears the link's references.

/** Membership of `owner` in one list at a time. */
@final
export class Link<T> {
  readonly owner: T;
  /** Neighbours and list; changed by the list only. */
  next: Link<T> | null = null;
  previous: Link<T> | null = null;
  list: LinkedList<T> | null = null;

  constructor(owner: T) {
    this.owner = owner;
  }

  get isLinked(): bool {
    return this.list !== null;
  }

  /** Leaves its list, if it is in one. */
  unlink(): void {
    const list = this.list;
    if (list !== null) list.remove(this);
  }
}

/**
 * Iterate with `let at = list.first; while (at !== null) { …; at = at.next; }` (the compiler does not narrow `at` in the
 * last part of a `for`); take `next` before removing `at`.
 */
@final
export class LinkedList<T> {
  first: Link<T> | null = null;
  last: Link<T> | null = null;
  length: i32 = 0;

  get isEmpty(): bool {
    return this.first === null;
  }

  /** Adds at the end. The link must not be in a list. */
  append(link: Link<T>): void {
    this.insert(link, this.last, null);
  }

  /** Adds at the front. */
  prepend(link: Link<T>): void {
    this.insert(link, null, this.first);
  }

  /** Adds before a member. */
  insertBefore(link: Link<T>, successor: Link<T>): void {
    assertMember(successor.list === this);
    this.insert(link, successor.previous, successor);
  }

  /** Adds after a member. */
  insertAfter(link: Link<T>, predecessor: Link<T>): void {
    assertMember(predecessor.list === this);
    this.insert(link, predecessor, predecessor.next);
  }

  /** Takes a member out. */
  remove(link: Link<T>): void {
    assertMember(link.list === this);
    const previous = link.previous;
    const next = link.next;
    if (previous !== null) previous.next = next;
    else this.first = next;
    if (next !== null) next.previous = previous;
    else this.last = previous;
    link.previous = null;
    link.next = null;
    link.list = null;
    this.length--;
  }

  /** Takes out the first member; null when the list is empty. */
  removeFirst(): Link<T> | null {
    const link = this.first;
    if (link !== null) this.remove(link);
    return link;
  }

  /** Moves a member to the end. */
  moveToEnd(link: Link<T>): void {
    if (this.last === link) return;
    this.remove(link);
    this.append(link);
  }

  private insert(link: Link<T>, previous: Link<T> | null, next: Link<T> | null): void {
    assertMember(link.list === null);
    link.previous = previous;
    link.next = next;
    link.list = this;
    if (previous !== null) previous.next = link;
    else this.first = link;
    if (next !== null) next.previous = link;
    else this.last = link;
    this.length++;
  }
}

@inline
function assertMember(holds: bool): void {
  if (!holds) throw new Error("link is in another list");
}

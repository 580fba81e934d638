// Why is an object alive? Searches the heap for what refers to it, for leak checks. TRUSTED (reads the heap's words).
//
// An object is taken to refer to another when one of its words is the other's address; a number that looks like it is
// rare. What neither an object nor static data refers to is alive because of a global or of a word on a kernel stack.
// A `Handle` is an object's address with all bits inverted, so that a search does not find its own notes. It keeps nothing
// alive: it may be used until the caller sleeps. Nothing here sleeps.

import { collect } from "./collector";
import { HEADER_SIZE, RAW_ID } from "./heap-layout";
import { HeapWalk, classCount } from "./heap-walk";

export type Handle = u32;

/** The live objects of one class. Collects. */
@safe @final
export class ObjectsOfClass extends HeapWalk {
  readonly handles: Handle[] = [];

  constructor(private readonly id: u32) {
    super();
    collect();
    this.walk();
  }

  protected visit(block: usize, id: u32): void {
    if (id == this.id) this.handles.push(~<u32>(block + HEADER_SIZE));
  }
}

/** The live objects that refer to one. */
@safe @final
export class Referrers extends HeapWalk {
  readonly handles: Handle[] = [];
  /** Static data refers to it as well. */
  readonly isStatic: bool;

  constructor(private readonly target: Handle) {
    super();
    this.walk();
    // SAFETY: static data ends at __data_end; the first page is not mapped.
    this.isStatic = this.hasWord(4096, __data_end);
  }

  protected visit(block: usize, id: u32): void {
    const object = block + HEADER_SIZE;
    // SAFETY: a block in use; its size is in its header.
    if (this.hasWord(object, object + <usize>load<u32>(block, 4))) this.handles.push(~<u32>object);
  }

  private hasWord(from: usize, to: usize): bool {
    const target = this.target;
    // SAFETY: the callers' ranges are inside linear memory.
    for (let at = from; at + 4 <= to; at += 4) if (~load<u32>(at) == target) return true;
    return false;
  }
}

/** Runtime id of an object that a search gave; the number of classes for a block of asc's library. */
@safe export function classOfHandle(handle: Handle): u32 {
  // SAFETY: searches give addresses of objects, behind their headers.
  const id = load<u32>(<usize>~handle - HEADER_SIZE);
  return id == RAW_ID ? classCount() : id;
}

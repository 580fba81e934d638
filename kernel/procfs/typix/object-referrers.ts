// /proc/typix/referrers: why objects are alive, for leak checks. Writing the number of a class (as /proc/typix/objects shows it)
// chooses it; reading then gives for each of its objects "0 #CLASS", and a line "N #CLASS -> M" for each object that refers to
// object M of this list, nearest first. "static" behind a line: static data refers to it too. An object without any referrer is
// held by a global or by a word on a kernel stack. Each read collects and searches the heap hundreds of times. Does not sleep.

import { Errno } from "../../abi/errno";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { lineLength, parseDecimal } from "../../runtime/text/bytes";
import { classCount } from "../../runtime/heap/heap-walk";
import { Handle, ObjectsOfClass, Referrers, classOfHandle } from "../../runtime/heap/referrers";

/** Objects of the class, and referrers of each, that are shown: nothing else runs meanwhile. */
const OBJECT_LIMIT: i32 = 8;
const REFERRER_LIMIT: i32 = 48;

/** Runtime id of the class. */
@kernelLock let chosen: u32 = 0;

export function chooseReferrers(bytes: StaticArray<u8>, length: i32): i64 {
  const id = parseDecimal(bytes, 0, lineLength(bytes, length));
  if (id < 0 || id >= <i64>classCount()) return -Errno.EINVAL;
  chosen = <u32>id;
  return length;
}

export function showReferrers(out: ByteBuilder): void {
  const handles = new ObjectsOfClass(chosen).handles;
  const count = min(handles.length, OBJECT_LIMIT);
  for (let i = 0; i < count; i++) showReferrersOf(out, handles[i]);
}

/** Breadth first: `seen` is the queue too. */
function showReferrersOf(out: ByteBuilder, handle: Handle): void {
  const seen: Handle[] = [handle];
  object(out, 0, handle).newline();
  for (let at = 0; at < seen.length; at++) {
    const referrers = new Referrers(seen[at]);
    if (referrers.isStatic) object(out, at, seen[at]).append(" static\n");
    const handles = referrers.handles;
    for (let i = 0; i < handles.length; i++) {
      if (seen.includes(handles[i])) continue;
      if (seen.length == REFERRER_LIMIT) return;
      object(out, seen.length, handles[i]).append(" -> ").appendUnsigned(at).newline();
      seen.push(handles[i]);
    }
  }
}

function object(out: ByteBuilder, index: i32, handle: Handle): ByteBuilder {
  return out.appendUnsigned(index).append(" #").appendUnsigned(classOfHandle(handle));
}

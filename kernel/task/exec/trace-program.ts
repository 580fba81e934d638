// What traces and profiles need to know of tasks: names, and which code lies where in their memory. Does not sleep.

import { AddressSpace } from "../../mm/space/address-space";
import { MappedObject } from "../../mm/cache/mapped-object";
import { MapFlag, MappingName } from "../../mm/space/mapping";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { Event, traceOf } from "../../trace/trace";
import { TASK_NAME_SIZE, Task } from "../task";

/** Longest path recorded. */
@inline const PATH_LIMIT: i32 = 128;

@scratch const path: ByteBuilder = ByteBuilder.fixed(256);

/** Records the task's name and the code in its memory: after exec, and for each task when tracing begins. */
export function traceProgram(task: Task): void {
  traceOf(task.traceId, Event.EXEC, <u64>task.tgid, 0);
  traceText(task, task.name, 0, TASK_NAME_SIZE);
  if (!task.hasSpace) return;
  const space: AddressSpace = task.space;
  for (let i = 0; i < space.list.count; i++) {
    const mapping = space.list.at(i);
    if (!mapping.has(MapFlag.EXEC)) continue;
    const object = mapping.object;
    if (object !== null) {
      traceMapping(task, mapping.start, mapping.end, mapping.pageOffset << 12, object);
    } else if (mapping.name == MappingName.VDSO) {
      path.clear().append("[vdso]");
      tracePlace(task, mapping.start, mapping.end, 0);
    }
  }
}

/** Records that code of a file was mapped. */
export function traceMapping(task: Task, start: u64, end: u64, offset: u64, object: MappedObject): void {
  object.describe(path.clear());
  tracePlace(task, start, end, offset);
}

function tracePlace(task: Task, start: u64, end: u64, offset: u64): void {
  const length = min<i32>(path.length, PATH_LIMIT);
  traceOf(task.traceId, Event.MAP, start, end);
  traceOf(task.traceId, Event.MAP_FILE, offset, <u64>length);
  for (let at = 0; at < length; at += 16) traceText(task, path.data, at, min<i32>(length - at, 16));
}

/** Up to 16 bytes as one event, the first in the lowest byte of the first word. */
function traceText(task: Task, bytes: StaticArray<u8>, at: i32, length: i32): void {
  let low: u64 = 0;
  let high: u64 = 0;
  for (let i = 0; i < length; i++) {
    const byte = <u64>bytes[at + i];
    if (i < 8) low |= byte << <u64>(8 * i);
    else high |= byte << <u64>(8 * (i - 8));
  }
  traceOf(task.traceId, Event.TEXT, low, high);
}

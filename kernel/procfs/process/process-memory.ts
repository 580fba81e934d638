// /proc/PID files about memory: cmdline, environ, auxv, maps, smaps (proc(5)). Reading another process's memory sleeps
// (page faults); the space is retained meanwhile.

import { AddressSpace } from "../../mm/space/address-space";
import { nameOfMapping } from "../../mm/space/mapping-name";
import { MapFlag, Mapping, MappingName } from "../../mm/space/mapping";
import { readRemote } from "../../mm/user/remote";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { Process } from "../../task/process";
import { Task } from "../../task/task";
import { deviceMajor, deviceMinor } from "../../vfs/inode/device-number";
import { spaceOf } from "./process-stat";

/** Most bytes of arguments or environment that a read shows. */
const AREA_LIMIT: u64 = 0x20_0000;
const CHUNK: i32 = 4096;
/** Column in which maps lines name the file. */
const NAME_COLUMN: i32 = 73;

/** Appends a range of the program's memory as far as it can be read. */
@sleeps function appendArea(space: AddressSpace, start: u64, end: u64, out: ByteBuilder): void {
  if (start >= end) return;
  const limit = min(end - start, AREA_LIMIT);
  const chunk = new StaticArray<u8>(CHUNK);
  space.retain();
  for (let done: u64 = 0; done < limit;) {
    const wanted = <i32>min<u64>(limit - done, <u64>CHUNK);
    const count = readRemote(space, start + done, chunk, 0, wanted);
    if (count <= 0) break;
    out.appendRange(chunk, 0, count);
    done += <u64>count;
    if (count < wanted) break;
  }
  space.release();
}

/**
 * /proc/PID/cmdline. A program that overwrote the NUL at the end of its arguments has changed its title: it is then shown up to
 * its first NUL, into the environment if need be.
 */
@sleeps export function showCommandLine(task: Task, out: ByteBuilder): i32 {
  const space = spaceOf(task);
  if (space === null) return 0;
  // The program may end while its memory is read.
  space.retain();
  const result = appendCommandLine(space, task.process, out);
  space.release();
  return result;
}

@sleeps function appendCommandLine(space: AddressSpace, process: Process, out: ByteBuilder): i32 {
  const end = process.argumentsEnd;
  appendArea(space, process.argumentsStart, end, out);
  if (out.length == 0 || out.data[out.length - 1] == 0 || end != process.environmentStart) return 0;
  const before = out.length;
  appendArea(space, process.environmentStart, process.environmentEnd, out);
  for (let i = 0; i < out.length; i++) {
    if (out.data[i] != 0) continue;
    out.truncate(i < before ? before : i);
    break;
  }
  return 0;
}

@sleeps export function showEnvironment(task: Task, out: ByteBuilder): i32 {
  const space = spaceOf(task);
  if (space === null) return 0;
  space.retain();
  appendArea(space, task.process.environmentStart, task.process.environmentEnd, out);
  space.release();
  return 0;
}

export function showAuxiliaryVector(task: Task, out: ByteBuilder): i32 {
  if (!task.hasSpace) return 0;
  const words = task.process.auxiliaryVector;
  for (let i = 0; i < words.length; i++) {
    for (let shift = 0; shift < 64; shift += 8) out.appendByte(<u32>(words[i] >> <u64>shift) & 0xff);
  }
  return 0;
}

export function showMaps(task: Task, out: ByteBuilder): i32 {
  const space = spaceOf(task);
  if (space === null) return 0;
  for (let i = 0; i < space.list.count; i++) appendMapping(out, space, space.list.at(i));
  return 0;
}

/** One line of maps. */
function appendMapping(out: ByteBuilder, space: AddressSpace, mapping: Mapping): void {
  const start = out.length;
  out.appendHex(mapping.start, 8).appendByte(0x2d).appendHex(mapping.end, 8).appendByte(0x20);
  out.appendByte(mapping.has(MapFlag.READ) ? 0x72 : 0x2d).appendByte(mapping.has(MapFlag.WRITE) ? 0x77 : 0x2d);
  out.appendByte(mapping.has(MapFlag.EXEC) ? 0x78 : 0x2d).appendByte(mapping.has(MapFlag.MAY_SHARE) ? 0x73 : 0x70);
  const object = mapping.object;
  const device = object === null ? 0 : <u32>object.device();
  out.appendByte(0x20).appendHex(object === null ? 0 : mapping.pageOffset << 12, 8);
  out.appendByte(0x20).appendHex(deviceMajor(device), 2).appendByte(0x3a).appendHex(deviceMinor(device), 2);
  out.appendByte(0x20).appendUnsigned(object === null ? 0 : object.inode()).appendByte(0x20);
  const name = nameOfMapping(space, mapping);
  if (object !== null || name != MappingName.NONE) out.padTo(start, NAME_COLUMN);
  const nameStart = out.length;
  if (object !== null) object.describe(out);
  else appendSpecialName(out, name);
  escapeNewlines(out, nameStart);
  out.newline();
}

function appendSpecialName(out: ByteBuilder, name: u32): void {
  switch (name) {
    case MappingName.HEAP: out.append("[heap]"); break;
    case MappingName.STACK: out.append("[stack]"); break;
    case MappingName.VDSO: out.append("[vdso]"); break;
    case MappingName.VVAR: out.append("[vvar]"); break;
    default: break;
  }
}

/** Newlines in file names would look like lines: they become \012. */
function escapeNewlines(out: ByteBuilder, from: i32): void {
  let has = false;
  for (let i = from; i < out.length; i++) has = has || out.data[i] == 0x0a;
  if (!has) return;
  const name = new ByteBuilder(out.length - from);
  name.appendRange(out.data, from, out.length - from);
  out.truncate(from);
  for (let i = 0; i < name.length; i++) {
    if (name.data[i] == 0x0a) out.append("\\012");
    else out.appendByte(name.data[i]);
  }
}

function sizeLine(out: ByteBuilder, name: string, kilobytes: u64): void {
  out.appendColumn(name, 16).appendPadded(kilobytes, 8).append(" kB\n");
}

/** /proc/PID/smaps: sizes and flags; what would need a walk of the page tables is not shown. */
export function showSmaps(task: Task, out: ByteBuilder): i32 {
  const space = spaceOf(task);
  if (space === null) return 0;
  for (let i = 0; i < space.list.count; i++) {
    const mapping = space.list.at(i);
    appendMapping(out, space, mapping);
    sizeLine(out, "Size:", mapping.size >> 10);
    sizeLine(out, "KernelPageSize:", 4);
    sizeLine(out, "MMUPageSize:", 4);
    out.append("VmFlags: ");
    appendFlags(out, mapping.flags);
    out.newline();
  }
  return 0;
}

function appendFlags(out: ByteBuilder, flags: u32): void {
  if (flags & MapFlag.READ) out.append("rd ");
  if (flags & MapFlag.WRITE) out.append("wr ");
  if (flags & MapFlag.EXEC) out.append("ex ");
  if (flags & MapFlag.SHARED) out.append("sh ");
  if (flags & MapFlag.MAY_READ) out.append("mr ");
  if (flags & MapFlag.MAY_WRITE) out.append("mw ");
  if (flags & MapFlag.MAY_EXEC) out.append("me ");
  if (flags & MapFlag.MAY_SHARE) out.append("ms ");
  if (flags & MapFlag.GROWS_DOWN) out.append("gd ");
  if (flags & MapFlag.LOCKED) out.append("lo ");
  if (flags & MapFlag.SEQUENTIAL) out.append("sr ");
  if (flags & MapFlag.RANDOM) out.append("rr ");
  if (flags & MapFlag.DONT_FORK) out.append("dc ");
  if (flags & MapFlag.DONT_EXPAND) out.append("de ");
  if (flags & MapFlag.ACCOUNT) out.append("ac ");
  if (flags & MapFlag.NO_RESERVE) out.append("nr ");
  if (flags & MapFlag.WIPE_ON_FORK) out.append("wf ");
  if (flags & MapFlag.DONT_DUMP) out.append("dd ");
}


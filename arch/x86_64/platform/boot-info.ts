// What the boot loader told us: PVH start info or Multiboot2 information, read into a BootInfo.
//
// The loader is trusted to mean well, not to be free of defects: lengths and counts are bounded, addresses outside the
// direct map of the first 4 GiB are ignored. Strings are copied. Runs once at boot, before memory is managed: the ranges of
// the information itself (`infoRanges`) must stay reserved until ACPI tables were read, because the RSDP may lie in them.
// Specifications: Xen "x86/HVM direct boot ABI"; "Multiboot2 Specification version 2.0".

import { firmwareRead16, firmwareRead32, firmwareRead64, firmwareRead8, isReadable } from "./firmware-memory";

export const PROTOCOL_PVH: u32 = 1;
export const PROTOCOL_MULTIBOOT2: u32 = 2;

/** Kinds of memory, numbered as in the BIOS's E820 map. */
export namespace MemoryKind {
  export const RAM: u32 = 1;
  export const RESERVED: u32 = 2;
  export const ACPI_RECLAIMABLE: u32 = 3;
  export const ACPI_NVS: u32 = 4;
  export const BAD: u32 = 5;
}

/** A range of physical memory, end exclusive; not aligned to pages. */
@final
export class MemoryRange {
  constructor(readonly start: u64, readonly end: u64, readonly kind: u32) {}
}

/** A file that the loader put into memory: the initramfs. */
@final
export class BootModule {
  constructor(readonly start: u64, readonly end: u64, readonly commandLine: StaticArray<u8>) {}
}

/** Kinds of BootFramebuffer. */
export namespace FramebufferKind {
  export const INDEXED: u32 = 0;
  export const RGB: u32 = 1;
  export const TEXT: u32 = 2;
}

/** In bytes. */
export const LARGEST_FRAME_BUFFER: u64 = 0x1000_0000;

/** The screen as the loader left it; for TEXT width and height are in characters and two bytes a cell. */
@final
export class BootFramebuffer {
  redPosition: u32 = 0;
  redSize: u32 = 0;
  greenPosition: u32 = 0;
  greenSize: u32 = 0;
  bluePosition: u32 = 0;
  blueSize: u32 = 0;
  constructor(
    readonly address: u64, readonly pitch: u32, readonly width: u32, readonly height: u32, readonly bitsPerPixel: u32, readonly kind: u32,
  ) {}
}

@final
export class BootInfo {
  /** In the loader's order, which need not be ascending; ranges may overlap. */
  memory: MemoryRange[] = [];
  /** Without a NUL. */
  commandLine: StaticArray<u8> = new StaticArray<u8>(0);
  modules: BootModule[] = [];
  /** Physical address of the ACPI root pointer (or the loader's copy of it); 0: not told. */
  rsdp: u64 = 0;
  framebuffer: BootFramebuffer | null = null;
  /** Started by UEFI firmware: there is no text screen and no BIOS data area. */
  isEfi: bool = false;
  /** Where the information itself lies. */
  infoRanges: MemoryRange[] = [];
  /** What was wrong with it; empty if nothing. */
  problem: string = "";
}

const MAX_COMMAND_LINE: u32 = 4096;
const MAX_RANGES: u32 = 512;
const MAX_MODULES: u32 = 64;

/** Reads what the boot loader passed to the exported `boot`. */
export function readBootInfo(protocol: u32, address: u64): BootInfo {
  const info = new BootInfo();
  if (protocol == PROTOCOL_PVH) readPvh(info, address);
  else if (protocol == PROTOCOL_MULTIBOOT2) readMultiboot2(info, address);
  else info.problem = "unknown boot protocol";
  if (info.memory.length == 0 && info.problem.length == 0) info.problem = "no memory map";
  return info;
}

/** Copies a NUL-terminated string of at most `limit` bytes; empty if it is not readable. */
function readString(address: u64, limit: u32): StaticArray<u8> {
  let length: u32 = 0;
  while (length < limit && isReadable(address + <u64>length, 1) && firmwareRead8(address + <u64>length) != 0) length++;
  const bytes = new StaticArray<u8>(<i32>length);
  for (let i: u32 = 0; i < length; i++) bytes[<i32>i] = <u8>firmwareRead8(address + <u64>i);
  return bytes;
}

function addRange(ranges: MemoryRange[], start: u64, length: u64, kind: u32): void {
  if (length == 0 || ranges.length >= <i32>MAX_RANGES) return;
  const end = start + length < start ? u64.MAX_VALUE : start + length;
  ranges.push(new MemoryRange(start, end, kind));
}

function addModule(info: BootInfo, start: u64, end: u64, commandLine: StaticArray<u8>): void {
  if (end <= start || info.modules.length >= <i32>MAX_MODULES) return;
  info.modules.push(new BootModule(start, end, commandLine));
}

// ---- PVH: struct hvm_start_info ----
namespace StartInfo {
  export const MAGIC: u32 = 0x336ec578;
  export const SIZE: u64 = 56;
  export const VERSION: u64 = 4;
  export const MODULE_COUNT: u64 = 12;
  export const MODULES: u64 = 16;
  export const COMMAND_LINE: u64 = 24;
  export const RSDP: u64 = 32;
  export const MEMORY_MAP: u64 = 40;
  export const MEMORY_COUNT: u64 = 48;
  export const MODULE_SIZE: u64 = 32;
  export const MEMORY_SIZE: u64 = 24;
}

function readPvh(info: BootInfo, address: u64): void {
  if (!isReadable(address, StartInfo.SIZE) || firmwareRead32(address) != StartInfo.MAGIC) {
    info.problem = "no PVH start information";
    return;
  }
  addRange(info.infoRanges, address, StartInfo.SIZE, MemoryKind.RESERVED);
  const commandLine = firmwareRead64(address + StartInfo.COMMAND_LINE);
  info.commandLine = readString(commandLine, MAX_COMMAND_LINE);
  if (commandLine != 0) addRange(info.infoRanges, commandLine, <u64>info.commandLine.length + 1, MemoryKind.RESERVED);
  info.rsdp = firmwareRead64(address + StartInfo.RSDP);

  const moduleCount = min(firmwareRead32(address + StartInfo.MODULE_COUNT), MAX_MODULES);
  const modules = firmwareRead64(address + StartInfo.MODULES);
  for (let i: u32 = 0; i < moduleCount; i++) {
    const at = modules + <u64>i * StartInfo.MODULE_SIZE;
    if (!isReadable(at, StartInfo.MODULE_SIZE)) break;
    const start = firmwareRead64(at);
    const size = firmwareRead64(at + 8);
    if (size > u64.MAX_VALUE - start) continue;
    addModule(info, start, start + size, readString(firmwareRead64(at + 16), MAX_COMMAND_LINE));
  }
  if (firmwareRead32(address + StartInfo.VERSION) == 0) return;
  const count = min(firmwareRead32(address + StartInfo.MEMORY_COUNT), MAX_RANGES);
  const map = firmwareRead64(address + StartInfo.MEMORY_MAP);
  for (let i: u32 = 0; i < count; i++) {
    const at = map + <u64>i * StartInfo.MEMORY_SIZE;
    if (!isReadable(at, StartInfo.MEMORY_SIZE)) break;
    addRange(info.memory, firmwareRead64(at), firmwareRead64(at + 8), firmwareRead32(at + 16));
  }
}

// ---- Multiboot2: a total size, then tags of type, size and contents, each 8-byte aligned ----
namespace Tag {
  export const END: u32 = 0;
  export const COMMAND_LINE: u32 = 1;
  export const MODULE: u32 = 3;
  export const MEMORY_MAP: u32 = 6;
  export const FRAMEBUFFER: u32 = 8;
  export const EFI_32: u32 = 11;
  export const EFI_64: u32 = 12;
  export const RSDP_OLD: u32 = 14;
  export const RSDP_NEW: u32 = 15;
  export const EFI_MEMORY_MAP: u32 = 17;
}

function readMultiboot2(info: BootInfo, address: u64): void {
  if (!isReadable(address, 8) || !isReadable(address, <u64>firmwareRead32(address))) {
    info.problem = "no Multiboot2 information";
    return;
  }
  const end = address + <u64>firmwareRead32(address);
  addRange(info.infoRanges, address, end - address, MemoryKind.RESERVED);
  let at = address + 8;
  while (at + 8 <= end) {
    const type = firmwareRead32(at);
    const size = <u64>firmwareRead32(at + 4);
    if (type == Tag.END || size < 8 || size > end - at) break;
    readTag(info, type, at, size);
    at += (size + 7) & ~<u64>7;
  }
}

function readTag(info: BootInfo, type: u32, at: u64, size: u64): void {
  switch (type) {
    case Tag.COMMAND_LINE:
      info.commandLine = readString(at + 8, <u32>min<u64>(size - 8, MAX_COMMAND_LINE));
      break;
    case Tag.MODULE:
      if (size < 16) break;
      addModule(info, <u64>firmwareRead32(at + 8), <u64>firmwareRead32(at + 12), readString(at + 16, <u32>min<u64>(size - 16, MAX_COMMAND_LINE)));
      break;
    case Tag.MEMORY_MAP:
      readMemoryMap(info, at, size);
      break;
    case Tag.FRAMEBUFFER:
      readFramebuffer(info, at, size);
      break;
    case Tag.EFI_32:
    case Tag.EFI_64:
    case Tag.EFI_MEMORY_MAP:
      info.isEfi = true;
      break;
    case Tag.RSDP_OLD:
      if (info.rsdp == 0 && size >= 8 + 20) info.rsdp = at + 8;
      break;
    case Tag.RSDP_NEW:
      if (size >= 8 + 36) info.rsdp = at + 8;
      break;
  }
}

function readMemoryMap(info: BootInfo, at: u64, size: u64): void {
  if (size < 16) return;
  const entrySize = <u64>firmwareRead32(at + 8);
  if (entrySize < 24) return;
  for (let entry = at + 16; entry + 24 <= at + size; entry += entrySize) {
    addRange(info.memory, firmwareRead64(entry), firmwareRead64(entry + 8), firmwareRead32(entry + 16));
  }
}

function readFramebuffer(info: BootInfo, at: u64, size: u64): void {
  if (size < 32) return;
  const screen = new BootFramebuffer(
    firmwareRead64(at + 8), firmwareRead32(at + 16), firmwareRead32(at + 20), firmwareRead32(at + 24), firmwareRead8(at + 28), firmwareRead8(at + 29),
  );
  if (screen.kind == FramebufferKind.RGB) {
    if (size < 38) return;
    const red = firmwareRead16(at + 32);
    const green = firmwareRead16(at + 34);
    const blue = firmwareRead16(at + 36);
    screen.redPosition = red & 0xff;
    screen.redSize = red >> 8;
    screen.greenPosition = green & 0xff;
    screen.greenSize = green >> 8;
    screen.bluePosition = blue & 0xff;
    screen.blueSize = blue >> 8;
  }
  info.framebuffer = screen;
}

// The machine of arch/x86_64/machine.ts under Node: what unit tests of kernel code run on.
//
// Physical memory is an ArrayBuffer from address 0 on; the kernel image is said to lie at 1..2 MiB. Registers are
// kept in maps, user copies walk the page tables that CR3 points to, as the CPU would, and call the exported
// pageFault on a miss. There is one thread: switching throws. Tests set things through kernel/controls.ts.

import { instantiateSync, type Imports } from '@assemblyscript/loader';
import { PageTables, PHYSICAL_MASK } from './page-tables.js';
import { SimulatedThreads } from './threads.js';

export type ImportFunction = (...args: never[]) => number | bigint | void;
export type ImportModule = Record<string, ImportFunction>;

/** The kernel stopped the machine, or asked for something there is no simulation of. */
export class MachineStop extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MachineStop';
  }
}

/** `abort` of the compiled code: a thrown error or a failed assertion. */
export class KernelAbort extends Error {
  constructor(message: string, readonly file: string, readonly line: number, readonly column: number) {
    super(`${message} (${file}:${line}:${column})`);
    this.name = 'KernelAbort';
  }
}

/** Runs a function of the compiled code; an error it ends with tells also where in the kernel's code it happened. */
export function runKernelCode(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const frames = [...(error.stack ?? '').matchAll(/^\s*at (\S.*) \(wasm:\/\//gm)].map((match) => match[1]!);
    if (frames.length > 0) error.message += `\n  in ${frames.slice(0, 12).join('\n  from ')}`;
    throw error;
  }
}

Error.stackTraceLimit = 40;

export const PHYSICAL_BYTES = 64 * 1024 * 1024;
const MIB = 0x100000n;
const REGIONS: [bigint, bigint][] = [
  [MIB, 2n * MIB], [0x180000n, 0x1c0000n], [0x1c0000n, 0x1e0000n], [0x1e0000n, 0x1e2000n], [0x1e8000n, 0x1e8000n],
  [0x1f0000n, 0x1ff000n], [0x1ff000n, 0x200000n],
];
const IMAGE_BASE = 0xffffffff00000000n;
const LINEAR_BASE = 0xffffffff80000000n;

export interface KernelExports {
  memory: WebAssembly.Memory;
  pageFault?: (address: bigint, error: bigint, fromUser: number) => number;
  gcMarkWord?: (address: number) => void;
  /** Shadow stack of the test build: what scanStacks scans. */
  __stack_pointer?: WebAssembly.Global;
  __stack_end?: WebAssembly.Global;
}

/** One simulated machine; make one for each instance. */
export class SimulatedMachine {
  readonly physical = new Uint8Array(PHYSICAL_BYTES);
  private readonly view = new DataView(this.physical.buffer);
  readonly msrs = new Map<number, bigint>();
  readonly controls = new Map<number, bigint>([[0, 0x80050033n], [2, 0n], [3, 0n], [4, 0x3206f0n], [8, 7n]]);
  readonly cpuidLeaves = new Map<string, [number, number, number, number]>(DEFAULT_CPUID);
  /** Values that ports read as; others read as all ones. */
  readonly ports = new Map<number, number>();
  readonly portWrites: { port: number; width: number; value: number }[] = [];
  readonly mmio = new Map<bigint, number>();
  readonly invalidatedPages: bigint[] = [];
  readonly threads = new SimulatedThreads(() => this.linear);
  tsc = 1_000_000n;
  /** How far the TSC goes at each reading. */
  tscStep = 100n;
  console = '';
  hasHardwareRandom = true;
  returnWork = 0;
  private randomState = 0x9e3779b97f4a7c15n;
  private exports: KernelExports | null = null;
  private getString: ((address: number) => string) | null = null;
  private readonly tables = new PageTables(this.view, () => this.controls.get(3)!);

  /** Makes an instance of compiled kernel code on this machine; its exports. `pageFault` names the one that user copies call on a miss. */
  instantiate(module: WebAssembly.Module, pageFault = 'pageFault'): WebAssembly.Exports {
    const { instance, exports } = instantiateSync(module, this.imports() as unknown as Imports);
    this.getString = exports.__getString;
    this.exports = { ...instance.exports, pageFault: instance.exports[pageFault] } as unknown as KernelExports;
    return instance.exports;
  }

  /** All imports of the kernel core, by module. */
  imports(): Record<string, ImportModule> {
    return {
      machine: {
        ...this.physicalImports(), ...this.userImports(), ...this.cpuImports(), ...this.imageImports(), ...this.threads.imports(),
        scanStacks: () => this.scanStacks(),
        setReturnWork: (pending: number) => { this.returnWork = pending; },
      } as ImportModule,
      simulation: this.controlImports(),
      mark: { line: () => {}, home: (value: number) => value } as ImportModule,
      env: { abort: (message: number, file: number, line: number, column: number) => this.abort(message, file, line, column) } as ImportModule,
    };
  }

  get linear(): Uint8Array {
    return new Uint8Array(this.attached.memory.buffer);
  }

  private get attached(): KernelExports {
    if (!this.exports) throw new MachineStop('the machine was used before its instance was made');
    return this.exports;
  }

  /** A string of the compiled code; '' for null. */
  readString(address: number): string {
    if (!this.getString) throw new MachineStop('the machine was used before its instance was made');
    return address === 0 ? '' : this.getString(address);
  }

  private abort(message: number, file: number, line: number, column: number): never {
    if (!this.exports) throw new KernelAbort('abort while the module starts', '?', line, column);
    throw new KernelAbort(this.readString(message) || 'failed assertion', this.readString(file), line, column);
  }

  /** Checks a physical range; its start as a number. */
  private at(address: bigint, length: number): number {
    if (address < 0n || address + BigInt(length) > BigInt(PHYSICAL_BYTES)) {
      throw new MachineStop(`physical access to 0x${address.toString(16)} + ${length}: there are ${PHYSICAL_BYTES >> 20} MiB`);
    }
    return Number(address);
  }

  private physicalImports(): object {
    const { view, physical } = this;
    const bytes = (address: bigint, length: number) => physical.subarray(this.at(u64(address), length >>> 0), Number(u64(address)) + (length >>> 0));
    const linear = (address: number, length: number) => this.linear.subarray(address >>> 0, (address >>> 0) + (length >>> 0));
    return {
      physRead8: (a: bigint) => view.getUint8(this.at(u64(a), 1)),
      physRead16: (a: bigint) => view.getUint16(this.at(u64(a), 2), true),
      physRead32: (a: bigint) => view.getUint32(this.at(u64(a), 4), true),
      physRead64: (a: bigint) => view.getBigUint64(this.at(u64(a), 8), true),
      physWrite8: (a: bigint, value: number) => view.setUint8(this.at(u64(a), 1), value),
      physWrite16: (a: bigint, value: number) => view.setUint16(this.at(u64(a), 2), value, true),
      physWrite32: (a: bigint, value: number) => view.setUint32(this.at(u64(a), 4), value, true),
      physWrite64: (a: bigint, value: bigint) => view.setBigUint64(this.at(u64(a), 8), u64(value), true),
      physCopy: (to: bigint, from: bigint, length: number) => bytes(to, length).set(bytes(from, length)),
      physFill: (to: bigint, byte: number, length: number) => { bytes(to, length).fill(byte); },
      physZeroFrame: (to: bigint) => { bytes(to, 4096).fill(0); },
      physCopyFrame: (to: bigint, from: bigint) => bytes(to, 4096).set(bytes(from, 4096)),
      physToLinear: (to: number, from: bigint, length: number) => linear(to, length).set(bytes(from, length)),
      linearToPhys: (to: bigint, from: number, length: number) => bytes(to, length).set(linear(from, length)),
      physCompare: (a: bigint, b: bigint, length: number) => Buffer.compare(bytes(a, length), bytes(b, length)),
    };
  }

  /** Runs `each` over the physical pieces of a user range; the number of bytes that were not reached. */
  private userPieces(address: bigint, length: number, isWrite: boolean, each: (physicalAt: number, offset: number, length: number) => void): number {
    let offset = 0;
    while (offset < length) {
      const current = u64(address) + BigInt(offset);
      const piece = Math.min(length - offset, 4096 - Number(current & 0xfffn));
      const target = this.translate(current, isWrite);
      if (target === null) return length - offset;
      each(this.at(target, piece), offset, piece);
      offset += piece;
    }
    return 0;
  }

  /** Physical address behind a user address, after faults; null when it stays inaccessible. */
  private translate(address: bigint, isWrite: boolean): bigint | null {
    for (let attempt = 0; attempt < 4; attempt++) {
      const result = this.tables.walk(address, isWrite);
      if (typeof result === 'bigint') return result;
      this.controls.set(2, address);
      if (!this.attached.pageFault || this.attached.pageFault(address, BigInt(result.error), 0) === 0) return null;
    }
    throw new MachineStop(`pageFault says that 0x${address.toString(16)} is resolved, but it is not`);
  }

  private userImports(): object {
    const linear = () => this.linear;
    const read = (to: number, from: bigint, length: number) =>
      this.userPieces(from, length >>> 0, false, (at, offset, piece) => linear().set(this.physical.subarray(at, at + piece), (to >>> 0) + offset));
    const write = (to: bigint, bytes: Uint8Array) =>
      this.userPieces(to, bytes.length, true, (at, offset, piece) => this.physical.set(bytes.subarray(offset, offset + piece), at));
    const little = (value: bigint, length: number) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
      return bytes.subarray(0, length);
    };
    const physicalBytes = (from: bigint, length: number) => this.physical.subarray(this.at(u64(from), length), this.at(u64(from), length) + length);
    return {
      userToLinear: read,
      linearToUser: (to: bigint, from: number, length: number) => write(to, linear().slice(from >>> 0, (from >>> 0) + (length >>> 0))),
      userToPhys: (to: bigint, from: bigint, length: number) =>
        this.userPieces(from, length >>> 0, false, (at, offset, piece) => this.physical.copyWithin(this.at(u64(to) + BigInt(offset), piece), at, at + piece)),
      physToUser: (to: bigint, from: bigint, length: number) => write(to, physicalBytes(from, length >>> 0).slice()),
      userFill: (to: bigint, byte: number, length: number) =>
        this.userPieces(to, length >>> 0, true, (at, _offset, piece) => { this.physical.fill(byte, at, at + piece); }),
      userStringToLinear: (to: number, from: bigint, max: number) => this.userString(to >>> 0, u64(from), max >>> 0),
      userRead32: (to: number, from: bigint) => Number(read(to, from, 4) !== 0),
      userRead64: (to: number, from: bigint) => Number(read(to, from, 8) !== 0),
      userWrite32: (to: bigint, value: number) => Number(write(to, little(BigInt(value), 4)) !== 0),
      userWrite64: (to: bigint, value: bigint) => Number(write(to, little(value, 8)) !== 0),
      userCompareExchange32: (to: bigint, expected: number, desired: number, found: number) => {
        const target = this.translate(u64(to), true);
        if (target === null) return 1;
        const value = this.view.getInt32(this.at(target, 4), true);
        if (value === (expected | 0)) this.view.setInt32(Number(target), desired, true);
        new DataView(this.attached.memory.buffer).setInt32(found >>> 0, value, true);
        return 0;
      },
    };
  }

  private userString(to: number, from: bigint, max: number): number {
    for (let i = 0; i < max; i++) {
      const target = this.translate(from + BigInt(i), false);
      if (target === null) return -1;
      const byte = this.view.getUint8(this.at(target, 1));
      this.linear[to + i] = byte;
      if (byte === 0) return i;
    }
    return max;
  }

  private cpuImports(): object {
    const stop = (what: string) => (): never => { throw new MachineStop(what); };
    const portRead = (width: number, mask: number) => (port: number) => ((this.ports.get(port) ?? mask) & mask) | (width - width);
    const portWrite = (width: number) => (port: number, value: number) => { this.portWrites.push({ port, width, value: value >>> 0 }); };
    return {
      cpuid: (leaf: number, subleaf: number, register: number) =>
        (this.cpuidLeaves.get(`${leaf >>> 0}.${subleaf >>> 0}`) ?? this.cpuidLeaves.get(`${leaf >>> 0}.0`) ?? [0, 0, 0, 0])[register] ?? 0,
      readMsr: (msr: number) => this.msrs.get(msr >>> 0) ?? 0n,
      writeMsr: (msr: number, value: bigint) => { this.msrs.set(msr >>> 0, u64(value)); },
      readControl: (control: number) => this.controls.get(control) ?? 0n,
      writeControl: (control: number, value: bigint) => { this.controls.set(control, u64(value)); },
      invalidatePage: (address: bigint) => { this.invalidatedPages.push(u64(address)); },
      readTsc: () => (this.tsc += this.tscStep),
      portRead8: portRead(8, 0xff), portRead16: portRead(16, 0xffff), portRead32: portRead(32, -1),
      portWrite8: portWrite(8), portWrite16: portWrite(16), portWrite32: portWrite(32),
      mmioRead32: (address: bigint) => this.mmio.get(u64(address)) ?? 0,
      mmioWrite32: (address: bigint, value: number) => { this.mmio.set(u64(address), value >>> 0); },
      hardwareRandom64: (to: number) => this.hardwareRandom(to >>> 0),
      pause: () => {},
      takeInterrupts: () => {},
      waitForInterrupt: stop('waitForInterrupt: there are no interrupts in the simulation'),
      haltForever: stop('haltForever'),
      tripleFault: stop('tripleFault'),
      stressUserCopies: () => 0,
    };
  }

  private hardwareRandom(to: number): number {
    if (!this.hasHardwareRandom) return 1;
    this.randomState = u64(this.randomState * 6364136223846793005n + 1442695040888963407n);
    new DataView(this.attached.memory.buffer).setBigUint64(to, this.randomState, true);
    return 0;
  }

  private imageImports(): object {
    return {
      imageRegion: (region: number, end: number) => REGIONS[region]?.[end ? 1 : 0] ?? 0n,
      linearBase: () => LINEAR_BASE,
      imageBase: () => IMAGE_BASE,
      imageSection: (section: number, end: number) => IMAGE_BASE + BigInt((section + (end ? 1 : 0)) * 0x40000),
      frameReturnAddress: () => 0n,
      frameParent: () => 0n,
      currentFramePointer: () => 0n,
      profileBuffer: () => {},
      profileFigure: () => 0n,
      earlyConsoleByte: (byte: number) => { this.console += String.fromCharCode(byte & 0xff); },
    };
  }

  /** Imports of tests/simulated-machine/kernel/controls.ts. */
  private controlImports(): ImportModule {
    return {
      setTsc: (value: bigint, step: bigint) => { this.tsc = u64(value); this.tscStep = u64(step); },
      setCpuid: (leaf: number, subleaf: number, register: number, value: number) => {
        const key = `${leaf >>> 0}.${subleaf >>> 0}`;
        const registers = this.cpuidLeaves.get(key) ?? [0, 0, 0, 0];
        registers[register] = value;
        this.cpuidLeaves.set(key, registers);
      },
      setControl: (control: number, value: bigint) => { this.controls.set(control, u64(value)); },
      setPort: (port: number, value: number) => { this.ports.set(port, value); },
      portWriteCount: () => this.portWrites.length,
      portWritePort: (index: number) => this.portWrites[index]?.port ?? -1,
      portWriteValue: (index: number) => this.portWrites[index]?.value ?? -1,
      invalidatedPageCount: () => this.invalidatedPages.length,
      invalidatedPage: (index: number) => this.invalidatedPages[index] ?? 0n,
      setHardwareRandom: (available: number) => { this.hasHardwareRandom = available !== 0; },
      consoleLength: () => this.console.length,
      consoleByte: (index: number) => this.console.charCodeAt(index) || 0,
      returnWork: () => this.returnWork,
      log: (message: number) => { console.log(this.readString(message)); },
    } as ImportModule;
  }

  /** Marks every word of the test build's shadow stack: it holds each live reference of the running test. */
  private scanStacks(): void {
    const { gcMarkWord, __stack_pointer: pointer, __stack_end: end, memory } = this.attached;
    if (!gcMarkWord || !pointer || !end) throw new MachineStop('scanStacks: the test module exports no gcMarkWord');
    for (let at = pointer.value as number; at < (end.value as number); at += 4) {
      const word = new DataView(memory.buffer).getUint32(at, true);
      if (word >= 4096 && word < memory.buffer.byteLength) gcMarkWord(word);
    }
  }
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** A recent 64-bit CPU with SYSCALL, NX, 1 GiB pages, SMEP, SMAP, FSGSBASE, XSAVE, RDRAND, invariant TSC. */
const DEFAULT_CPUID: [string, [number, number, number, number]][] = [
  ['0.0', [0x16, 0x756e6547, 0x6c65746e, 0x49656e69]],
  ['1.0', [0x000906ea, 0x00010800, 0x7ed8320b, 0x1f8bfbff]],
  ['7.0', [0, 0x00180683, 0, 0]],
  ['13.0', [7, 832, 832, 0]],
  ['21.0', [2, 200, 25000000, 0]],
  ['22.0', [2500, 2500, 100, 0]],
  [`${0x80000000}.0`, [0x80000008, 0, 0, 0]],
  [`${0x80000001}.0`, [0, 0, 0x121, 0x2c100800]],
  [`${0x80000007}.0`, [0, 0, 0, 0x100]],
  [`${0x80000008}.0`, [0x3027, 0, 0, 0]],
];

export { PHYSICAL_MASK };

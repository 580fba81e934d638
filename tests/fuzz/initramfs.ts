/**
 * Mutated initramfs archives, plain and gzip: the kernel's own WebAssembly unpacks them in the simulated machine. Whatever the bytes, the answer
 * is a text or success; a trap, an abort or an access outside of memory is a finding.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inRepository } from '../../scripts/cli/paths.ts';
import { compileByFiles } from '../../toolchain/build.ts';
import { BuildCache, toolchainHash } from '../../toolchain/cache.ts';
import { directory, file, symlink, writeCpio } from '../../toolchain/image/cpio.ts';
import { RUNTIME_FOLDER } from '../../toolchain/paths.ts';
import { SimulatedMachine } from '../simulated-machine/machine.ts';
import { SeededRandom } from './seeded-random.ts';

const ARCHIVE_AT = 0x40_0000;
const ARCHIVE_LIMIT = 0x40_0000;
const MEMORY_FROM = 0x80_0000n;
const MEMORY_TO = 0x200_0000n;
/** Archives that one instance unpacks into the same root, one after the other. */
const PER_INSTANCE = 12;

/** The unpacker as a module. */
export async function unpackerModule(): Promise<WebAssembly.Module> {
  const root = inRepository('.');
  const { folder } = await compileByFiles(new BuildCache(join(root, 'build', 'cache')), toolchainHash(root), {
    root, entries: ['tests/fuzz/kernel/unpack.ts'], runtimeFolder: RUNTIME_FOLDER, initialPages: 64, roots: 'stack',
    moduleExports: { gcMarkWord: 'kernel/runtime/heap/collector/gcMarkWord' },
  });
  return new WebAssembly.Module(readFileSync(join(folder, 'module.wasm')));
}

type Exports = { readonly [name: string]: ((...values: bigint[]) => number) | undefined };

/** An instance with an empty root file system. */
class Unpacker {
  private readonly machine = new SimulatedMachine();
  private readonly exports: Exports;

  constructor(module: WebAssembly.Module) {
    this.exports = this.machine.instantiate(module) as Exports;
    this.call('prepare', MEMORY_FROM, MEMORY_TO);
  }

  /** What the kernel says; '' when the archive is good. Throws on a finding. */
  unpack(archive: Buffer): string {
    this.machine.physical.set(archive, ARCHIVE_AT);
    return this.machine.readString(this.call('unpack', BigInt(ARCHIVE_AT), BigInt(ARCHIVE_AT + archive.length)));
  }

  private call(name: string, ...values: bigint[]): number {
    const found = Object.keys(this.exports).find((key) => key === name || key.endsWith(`#${name}`));
    const exported = found === undefined ? undefined : this.exports[found];
    if (!exported) throw new Error(`the module exports no ${name}`);
    return exported(...values) >>> 0;
  }
}

function sampleArchive(random: SeededRandom): Buffer {
  const text = Buffer.from('some text that compresses, some text that does. '.repeat(1 + random.below(300)));
  const noise = Buffer.from(Array.from({ length: random.below(9000) }, () => random.below(256)));
  return writeCpio([
    directory('etc'), directory('etc/deep'), file('etc/text', text), file('etc/deep/noise', noise, 0o4755), file('empty', ''),
    symlink('link', 'etc/text'),
  ]);
}

/** Positions of the headers of a plain archive. */
function headersOf(archive: Buffer): number[] {
  const found: number[] = [];
  for (let at = archive.indexOf('070701'); at >= 0; at = archive.indexOf('070701', at + 6)) found.push(at);
  return found;
}

/** Changes a field of a header to a number that is likely to matter. */
function mutateField(random: SeededRandom, archive: Buffer): void {
  const headers = headersOf(archive);
  if (headers.length === 0) return;
  const at = random.pick(headers) + 6 + 8 * random.below(13);
  const values = [0, 1, 2, 109, 110, 4095, 4096, 4097, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 0o100644, 0o40755, 0o120777, 0o10644, 0o20644, random.next32()];
  archive.write(random.pick(values).toString(16).padStart(8, '0'), at, 'latin1');
}

function mutateBytes(random: SeededRandom, archive: Buffer): void {
  for (let count = 1 + random.below(8); count > 0 && archive.length > 0; count--) {
    const at = random.below(archive.length);
    archive[at] = random.below(3) === 0 ? random.below(256) : archive[at]! ^ (1 << random.below(8));
  }
}

/** A mutant: headers and bytes changed, pieces cut, doubled and joined, before and after compression. */
export function mutant(random: SeededRandom): Buffer {
  let archive = sampleArchive(random);
  for (let count = random.below(3); count > 0; count--) mutateField(random, archive);
  if (random.below(4) === 0) mutateBytes(random, archive);
  if (random.below(6) === 0) archive = archive.subarray(0, random.below(archive.length + 1));
  if (random.below(2) === 0) {
    archive = Buffer.from(gzipSync(archive, { level: random.below(10), strategy: random.below(5) }));
    if (random.below(2) === 0) mutateBytes(random, random.below(3) === 0 ? archive.subarray(0, 40) : archive);
    if (random.below(4) === 0) archive = archive.subarray(0, random.below(archive.length + 1));
  }
  if (random.below(5) === 0) archive = Buffer.concat([archive, Buffer.alloc(random.below(9)), sampleArchive(random)]);
  if (random.below(8) === 0) archive = Buffer.concat([archive, Buffer.from(archive.subarray(random.below(archive.length + 1)))]);
  return archive.subarray(0, ARCHIVE_LIMIT);
}

export interface InitramfsRun {
  /** How often each answer was given; '' stands for success. */
  readonly answers: ReadonlyMap<string, number>;
  readonly slowestMs: number;
}

/** Unpacks `count` mutants of a seed. Throws an error that names the mutant on a finding. */
export async function fuzzInitramfs(seed: number, count: number): Promise<InitramfsRun> {
  const module = await unpackerModule();
  const answers = new Map<string, number>();
  let slowestMs = 0;
  let unpacker = new Unpacker(module);
  for (let index = 0; index < count; index++) {
    if (index % PER_INSTANCE === 0) unpacker = new Unpacker(module);
    const archive = mutant(new SeededRandom(seed, index));
    const startedAt = performance.now();
    try {
      const answer = unpacker.unpack(archive).replace(/^.*: /s, '');
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    } catch (error) {
      throw new Error(`initramfs mutant ${index} of seed ${seed}: ${(error as Error).message}\n${(error as Error).stack}`);
    }
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  }
  return { answers, slowestMs };
}

/**
 * Finds a program on the host and everything it needs to start: the interpreter of a script, the dynamic loader and the shared
 * libraries of a dynamically linked ELF file. Each is put into the guest at the same path.
 */
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';

const LIBRARY_FOLDERS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib'];

const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const PT_LOAD = 1;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_RPATH = 15;
const DT_RUNPATH = 29;

export interface ElfNeeds {
  readonly interpreter?: string;
  readonly libraries: readonly string[];
  readonly searchFolders: readonly string[];
}

interface Segment { type: number; offset: number; address: number; fileSize: number }

function cString(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 ? bytes.length : end);
}

function segments(elf: Buffer): Segment[] {
  const start = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  const count = elf.readUInt16LE(56);
  const found: Segment[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * size;
    found.push({
      type: elf.readUInt32LE(at), offset: Number(elf.readBigUInt64LE(at + 8)), address: Number(elf.readBigUInt64LE(at + 16)),
      fileSize: Number(elf.readBigUInt64LE(at + 32)),
    });
  }
  return found;
}

/** What an x86-64 ELF file asks for (elf(5)); undefined if this is none or is damaged. */
export function elfNeeds(elf: Buffer): ElfNeeds | undefined {
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf.readUInt16LE(18) !== 62) return undefined;
  try {
    const all = segments(elf);
    const interp = all.find((segment) => segment.type === PT_INTERP);
    const dynamic = all.find((segment) => segment.type === PT_DYNAMIC);
    const interpreter = interp ? cString(elf, interp.offset) : undefined;
    if (!dynamic) return { interpreter, libraries: [], searchFolders: [] };
    const tags: [number, number][] = [];
    for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.fileSize; at += 16) {
      tags.push([Number(elf.readBigInt64LE(at)), Number(elf.readBigUInt64LE(at + 8))]);
    }
    const strings = tags.find(([tag]) => tag === DT_STRTAB)?.[1] ?? 0;
    const home = all.find((segment) => segment.type === PT_LOAD && strings >= segment.address && strings < segment.address + segment.fileSize);
    if (!home) return { interpreter, libraries: [], searchFolders: [] };
    const base = home.offset + strings - home.address;
    const named = (wanted: number): string[] => tags.filter(([tag]) => tag === wanted).map(([, value]) => cString(elf, base + value));
    const searchFolders = [...named(DT_RUNPATH), ...named(DT_RPATH)].flatMap((path) => path.split(':'));
    return { interpreter, libraries: named(DT_NEEDED), searchFolders };
  } catch {
    return undefined;
  }
}

/** The program as execvp(3) would find it with this PATH. Throws 127 if it is not there, 126 if it is not executable. */
export function findProgram(name: string, searchPath: string = process.env.PATH ?? '/bin:/usr/bin'): string {
  const candidates = name.includes('/') ? [resolve(name)] : searchPath.split(':').map((folder) => join(folder || '.', name));
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (!found) throw new UserError(`there is no program '${name}'`, 'the program is one of this machine, or of DIR with --root DIR', 127);
  try {
    accessSync(found, constants.X_OK);
  } catch {
    throw new UserError(`'${found}' is not executable`, undefined, 126);
  }
  return resolve(found);
}

function findLibrary(name: string, folders: readonly string[]): string | undefined {
  if (name.includes('/')) return existsSync(name) ? name : undefined;
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Interpreter named in the first line of a script, or undefined. */
export function scriptInterpreter(content: Buffer): string | undefined {
  if (content[0] !== 0x23 || content[1] !== 0x21) return undefined;
  const line = content.toString('latin1', 2, Math.min(content.length, 256));
  return /^[ \t]*([^ \t\n]+)/.exec(line)?.[1];
}

/** All files that starting `program` (an absolute path) reads: itself, interpreters, libraries of libraries. Guest path to host path. */
export function startupFiles(program: string): Map<string, string> {
  const files = new Map<string, string>();
  const waiting = [program];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const real = realpathSync(path);
    files.set(path, real);
    const content = readFileSync(real);
    const interpreter = scriptInterpreter(content);
    if (interpreter && existsSync(interpreter)) waiting.push(interpreter);
    const needs = elfNeeds(content);
    if (!needs) continue;
    if (needs.interpreter && existsSync(needs.interpreter)) waiting.push(needs.interpreter);
    const origin = real.slice(0, real.length - basename(real).length - 1);
    const folders = [...needs.searchFolders.map((folder) => folder.replaceAll(/\$\{?ORIGIN\}?/g, origin)), ...LIBRARY_FOLDERS];
    for (const library of needs.libraries) {
      const found = findLibrary(library, folders);
      if (found) waiting.push(found);
    }
  }
  return files;
}

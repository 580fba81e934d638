/**
 * Finds a program on the host and everything it needs to start: the interpreter of a script, the dynamic loader and the shared
 * libraries of a dynamically linked ELF file. Each is put into the guest at the same path.
 */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DamagedElf, ElfFile, isElf, type ElfNeeds } from '../../../toolchain/link/elf.ts';
import { UserError } from '../errors.ts';

const LIBRARY_FOLDERS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib'];

/** What an ELF file asks for; undefined if this is none or is damaged. */
export function elfNeeds(path: string): ElfNeeds | undefined {
  if (!isElf(path)) return undefined;
  try {
    return new ElfFile(path).needs();
  } catch (error) {
    if (error instanceof DamagedElf) return undefined;
    throw error;
  }
}

/** The first bytes of a file, as many as an interpreter's line may have. */
function startOf(path: string): Buffer {
  const start = Buffer.alloc(256);
  const file = openSync(path, 'r');
  try {
    return start.subarray(0, readSync(file, start, 0, start.length, 0));
  } finally {
    closeSync(file);
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
    const interpreter = scriptInterpreter(startOf(real));
    if (interpreter && existsSync(interpreter)) waiting.push(interpreter);
    const needs = elfNeeds(real);
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

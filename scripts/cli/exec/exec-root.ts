/**
 * The initramfs of `typix exec`: the program with what it needs, or a whole folder, and the file /typix-exec that tells the kernel
 * what to run. docs/inside/exec-protocol.md is the contract.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { directory, entriesFromDirectory, file, writeCpio, type CpioEntry } from '../../../toolchain/image/cpio.ts';
import { EARLY_DEVICES } from '../../../toolchain/image/userland.ts';
import { UserError } from '../errors.ts';
import { findProgram, startupFiles } from './program-files.ts';

export interface ExecRequest {
  /** argv, the program's name first. */
  readonly argv: readonly string[];
  /** A folder of the host as the guest's root; else a root with the program alone. */
  readonly root?: string;
  readonly workingDirectory: string;
  /** NAME=value. */
  readonly environment: readonly string[];
  /** Further host files, and folders with all files in them, for the guest, at the same path. */
  readonly files?: readonly string[];
}

/** The strings of /typix-exec, each ended by NUL. */
export function execFileContent(program: string, request: ExecRequest): Buffer {
  const strings = [
    program, request.workingDirectory, String(request.argv.length), ...request.argv, String(request.environment.length), ...request.environment,
  ];
  const bad = strings.find((text) => text.includes('\0'));
  if (bad !== undefined) throw new UserError('an argument or variable holds a NUL byte');
  return Buffer.from(strings.map((text) => `${text}\0`).join(''));
}

const SKELETON: readonly CpioEntry[] = [
  directory('dev'), directory('proc', 0o555), directory('sys', 0o555), directory('tmp', 0o1777), directory('etc'), directory('root', 0o700),
  file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'), file('etc/group', 'root:x:0:\n'), file('etc/hostname', 'typix\n'),
  file('etc/hosts', '127.0.0.1\tlocalhost\n'),
];

function nameOf(request: ExecRequest): string {
  const name = request.argv[0];
  if (name === undefined) throw new UserError('say which program to run');
  return name;
}

/** The path itself, or all files below it if it is a folder. Symbolic links to files count as files, those to folders are left out. */
function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const below = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name));
  return below.filter((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
}

function programEntries(request: ExecRequest): { program: string; entries: CpioEntry[] } {
  const program = findProgram(nameOf(request));
  const needed = startupFiles(program);
  for (const path of request.files ?? []) {
    if (!existsSync(path)) throw new UserError(`there is no file '${path}'`);
    for (const each of filesIn(resolve(path))) for (const [guest, host] of startupFiles(each)) needed.set(guest, host);
  }
  const entries = [...SKELETON];
  for (const [guest, host] of needed) entries.push(file(guest.slice(1), readFileSync(host), statSync(host).mode & 0o7777));
  return { program, entries };
}

/** Looks the program up inside a root folder, as execvp(3) would with the usual PATH. Symbolic links are left to the guest. */
function programInRoot(root: string, name: string): string {
  if (name.includes('/')) return name.startsWith('/') ? name : `/${name}`;
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const found = folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(join(root, path)));
  if (!found) throw new UserError(`there is no program '${name}' in '${root}'`, undefined, 127);
  return found;
}

function rootEntries(root: string, request: ExecRequest): { program: string; entries: CpioEntry[] } {
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new UserError(`there is no folder '${root}'`, '--root names the folder that becomes /');
  const own = entriesFromDirectory(root);
  const paths = new Set(own.map((entry) => entry.path));
  const skeleton = SKELETON.filter((entry) => entry.kind === 'directory' && !paths.has(entry.path) && existsSync(root));
  return { program: programInRoot(root, nameOf(request)), entries: [...skeleton, ...own] };
}

/** The archive for one run. `more` lets tests add entries. */
export function execInitramfs(request: ExecRequest, more: readonly CpioEntry[] = []): Buffer {
  const { program, entries } = request.root === undefined ? programEntries(request) : rootEntries(request.root, request);
  return writeCpio([...EARLY_DEVICES, ...entries, ...more, file('typix-exec', execFileContent(program, request), 0o600)]);
}

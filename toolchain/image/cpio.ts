/**
 * Writer of cpio archives in the "newc" format, the format of an initramfs.
 *
 * Deterministic: the archive depends on the entries alone. Entries are sorted so that a folder precedes what it holds; inode
 * numbers count up from 1; owners are root unless an entry says otherwise; time stamps are the caller's.
 * Format: https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** One member of an archive. `path` is relative to the root, without a leading slash. */
export interface CpioEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';
  /** Permission bits with setuid, setgid and sticky, without the file type. */
  readonly mode: number;
  readonly data?: Uint8Array;
  /** Target of a symbolic link. */
  readonly target?: string;
  readonly major?: number;
  readonly minor?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970; default 0. */
  readonly mtime?: number;
  /** Entries with the same key are hard links to one file. */
  readonly linkKey?: string;
}

const TYPE_BITS: Record<CpioEntry['kind'], number> = {
  socket: 0o140000, symlink: 0o120000, file: 0o100000, block: 0o060000, directory: 0o040000, character: 0o020000, fifo: 0o010000,
};

const TRAILER = 'TRAILER!!!';

export function file(path: string, data: Uint8Array | string, mode = 0o644): CpioEntry {
  return { path, kind: 'file', mode, data: typeof data === 'string' ? Buffer.from(data) : data };
}

export function directory(path: string, mode = 0o755): CpioEntry {
  return { path, kind: 'directory', mode };
}

export function symlink(path: string, target: string): CpioEntry {
  return { path, kind: 'symlink', mode: 0o777, target };
}

export function characterDevice(path: string, major: number, minor: number, mode = 0o600): CpioEntry {
  return { path, kind: 'character', mode, major, minor };
}

/** Reads a folder of the host into entries; what cannot be read is an error. Owners and times are kept. */
export function entriesFromDirectory(root: string): CpioEntry[] {
  const entries: CpioEntry[] = [];
  const visit = (relative: string): void => {
    for (const name of readdirSync(join(root, relative)).sort()) {
      const path = relative === '' ? name : `${relative}/${name}`;
      const entry = entryFromHost(join(root, path), path);
      entries.push(entry);
      if (entry.kind === 'directory') visit(path);
    }
  };
  visit('');
  return entries;
}

/** One file of the host as an entry named `path`; a symbolic link is taken as itself. */
export function entryFromHost(hostPath: string, path: string): CpioEntry {
  const stat = lstatSync(hostPath);
  const common = { path, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, mtime: Math.floor(stat.mtimeMs / 1000) };
  if (stat.isDirectory()) return { ...common, kind: 'directory' };
  if (stat.isSymbolicLink()) return { ...common, kind: 'symlink', target: readlinkSync(hostPath) };
  if (stat.isFile()) {
    const linkKey = stat.nlink > 1 ? `${stat.dev}:${stat.ino}` : undefined;
    return { ...common, kind: 'file', data: readFileSync(hostPath), linkKey };
  }
  if (stat.isFIFO()) return { ...common, kind: 'fifo' };
  if (stat.isSocket()) return { ...common, kind: 'socket' };
  const major = Math.floor(stat.rdev / 256) & 0xfff;
  const minor = (stat.rdev & 0xff) | ((stat.rdev >>> 12) & 0xfff00);
  return { ...common, kind: stat.isBlockDevice() ? 'block' : 'character', major, minor };
}

/** Adds the parents that the list lacks, drops all but the last entry of a path, and sorts. */
function normalise(entries: readonly CpioEntry[]): CpioEntry[] {
  const byPath = new Map<string, CpioEntry>();
  for (const entry of entries) {
    if (entry.path === '' || entry.path.startsWith('/') || entry.path.split('/').includes('..')) {
      throw new Error(`bad path in an archive: '${entry.path}'`);
    }
    byPath.set(entry.path, entry);
  }
  for (const path of [...byPath.keys()]) {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length++) {
      const parent = parts.slice(0, length).join('/');
      if (!byPath.has(parent)) byPath.set(parent, directory(parent));
    }
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

interface Header { inode: number; links: number; dataLength: number }

function hex8(value: number): string {
  if (value < 0 || value > 0xffffffff) throw new Error(`number does not fit a cpio field: ${value}`);
  return value.toString(16).toUpperCase().padStart(8, '0');
}

function header(entry: CpioEntry, at: Header): Buffer {
  const nameLength = Buffer.byteLength(entry.path) + 1;
  const fields = [
    at.inode, TYPE_BITS[entry.kind] | entry.mode, entry.uid ?? 0, entry.gid ?? 0, at.links, entry.mtime ?? 0, at.dataLength,
    0, 0, entry.major ?? 0, entry.minor ?? 0, nameLength, 0,
  ];
  const text = '070701' + fields.map(hex8).join('') + entry.path + '\0';
  return padded(Buffer.from(text));
}

function padded(data: Uint8Array): Buffer {
  const rest = data.length % 4;
  return rest === 0 ? Buffer.from(data.buffer, data.byteOffset, data.length) : Buffer.concat([data, Buffer.alloc(4 - rest)]);
}

/** The archive as bytes. Of hard links the last one carries the data, as cpio(1) writes them. */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
  const sorted = normalise(entries);
  const linkCounts = new Map<string, number>();
  for (const { linkKey } of sorted) if (linkKey) linkCounts.set(linkKey, (linkCounts.get(linkKey) ?? 0) + 1);
  const linkInodes = new Map<string, number>();
  const linksSeen = new Map<string, number>();
  const chunks: Buffer[] = [];
  let nextInode = 1;
  for (const entry of sorted) {
    let inode = nextInode;
    let links = entry.kind === 'directory' ? 2 : 1;
    let data: Uint8Array = entry.kind === 'symlink' ? Buffer.from(entry.target ?? '') : (entry.data ?? Buffer.alloc(0));
    if (entry.linkKey) {
      inode = linkInodes.get(entry.linkKey) ?? nextInode;
      linkInodes.set(entry.linkKey, inode);
      links = linkCounts.get(entry.linkKey) ?? 1;
      const seen = (linksSeen.get(entry.linkKey) ?? 0) + 1;
      linksSeen.set(entry.linkKey, seen);
      if (seen < links) data = Buffer.alloc(0);
    }
    if (inode === nextInode) nextInode++;
    chunks.push(header(entry, { inode, links, dataLength: data.length }), padded(data));
  }
  const trailer: CpioEntry = { path: TRAILER, kind: 'file', mode: 0 };
  const end = header(trailer, { inode: 0, links: 1, dataLength: 0 });
  end.write(hex8(0), 14, 'latin1');
  chunks.push(end);
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  chunks.push(Buffer.alloc((512 - (length % 512)) % 512));
  return Buffer.concat(chunks);
}

/** The archive compressed by gzip, without a name or a time in the gzip header. */
export function writeCpioGzip(entries: readonly CpioEntry[]): Buffer {
  const compressed = gzipSync(writeCpio(entries), { level: 9 });
  compressed.writeUInt32LE(0, 4);
  compressed[9] = 3;
  return compressed;
}

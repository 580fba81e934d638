/** The cpio writer, against cpio(1) of busybox as a reader that is not ours. */
import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync, chmodSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { characterDevice, directory, entriesFromDirectory, file, symlink, writeCpio, writeCpioGzip } from './cpio.ts';
import { busyboxUserland, BUSYBOX_PATH } from './userland.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'typix-cpio-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function listed(archive: Buffer): string[] {
  return execFileSync(BUSYBOX_PATH, ['cpio', '-t'], { input: archive, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }).trim().split('\n');
}

test('lists what was put in, parents first and sorted', () => {
  const archive = writeCpio([file('b/deep/file', 'text'), symlink('a', 'b'), directory('b', 0o700), characterDevice('dev/null', 1, 3)]);
  expect(listed(archive)).toEqual(['a', 'b', 'b/deep', 'b/deep/file', 'dev', 'dev/null']);
  expect(archive.length % 512).toBe(0);
});

test('a folder comes back as it was', () => {
  const from = join(folder, 'from');
  const to = join(folder, 'to');
  mkdirSync(join(from, 'sub'), { recursive: true });
  mkdirSync(to);
  writeFileSync(join(from, 'sub', 'odd'), 'abc');
  chmodSync(join(from, 'sub', 'odd'), 0o4750);
  utimesSync(join(from, 'sub', 'odd'), 1000000000, 1000000000);
  writeFileSync(join(from, 'big'), Buffer.alloc(70001, 7));
  symlinkSync('sub/odd', join(from, 'link'));
  linkSync(join(from, 'big'), join(from, 'same'));
  const archive = writeCpio(entriesFromDirectory(from));
  execFileSync(BUSYBOX_PATH, ['cpio', '-idm'], { input: archive, cwd: to, stdio: ['pipe', 'ignore', 'ignore'] });
  expect(readFileSync(join(to, 'sub', 'odd'), 'utf8')).toBe('abc');
  expect(lstatSync(join(to, 'sub', 'odd')).mode & 0o7777).toBe(0o4750);
  expect(lstatSync(join(to, 'sub', 'odd')).mtimeMs).toBe(1000000000000);
  expect(readlinkSync(join(to, 'link'))).toBe('sub/odd');
  expect(readFileSync(join(to, 'big')).equals(Buffer.alloc(70001, 7))).toBe(true);
  expect(lstatSync(join(to, 'big')).ino).toBe(lstatSync(join(to, 'same')).ino);
});

test('the same entries in another order give the same bytes', () => {
  const entries = [file('x', '1'), file('y', '2'), directory('z')];
  expect(writeCpio([...entries].reverse()).equals(writeCpio(entries))).toBe(true);
  expect(gunzipSync(writeCpioGzip(entries)).equals(writeCpio(entries))).toBe(true);
  expect(writeCpioGzip(entries).readUInt32LE(4)).toBe(0);
});

test('of two entries with one path the last counts', () => {
  const archive = writeCpio([file('x', 'first'), file('x', 'last')]);
  expect(archive.includes('last')).toBe(true);
  expect(archive.includes('first')).toBe(false);
});

test('paths that would leave the root are refused', () => {
  for (const path of ['', '/etc/passwd', 'a/../../b']) expect(() => writeCpio([file(path, '')])).toThrow(/bad path/);
});

test('the default root has its programs and is deterministic', () => {
  const names = listed(writeCpio(busyboxUserland()));
  for (const name of ['init', 'bin/busybox', 'bin/sh', 'sbin/poweroff', 'etc/inittab', 'dev/console', 'proc', 'tmp']) expect(names).toContain(name);
  expect(writeCpio(busyboxUserland()).equals(writeCpio(busyboxUserland()))).toBe(true);
});

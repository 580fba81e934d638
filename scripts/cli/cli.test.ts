/** The typix command as a person meets it: help, errors, and the parts of it that need no guest. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUSYBOX_PATH } from '../../toolchain/image/userland.ts';
import { execFileContent, execInitramfs } from './exec/exec-root.ts';
import { escapeInput, parseExitLine } from './exec/guest-run.ts';
import { elfNeeds, scriptInterpreter, startupFiles } from './exec/program-files.ts';
import { describeProbe, probeSector } from './kvm-probe.ts';
import { missingPackages, packageStatus, PACKAGES } from './packages.ts';
import { inRepository } from './paths.ts';
import { qemuArguments } from './qemu.ts';
import { formatBytes, parseCount, parseMemory, parseSeconds } from './sizes.ts';

function typix(...args: string[]): { status: number | null; out: string; err: string } {
  const result = spawnSync(inRepository('typix'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir() });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

test('help names every command and works from any folder', () => {
  const { status, out } = typix('--help');
  expect(status).toBe(0);
  for (const name of ['run', 'exec', 'build', 'iso', 'flash', 'test', 'doctor', 'clean']) expect(out).toMatch(new RegExp(`typix ${name}\\b`));
  expect(typix('exec', '--help').out).toMatch(/--strace/);
});

test('errors say what is wrong and what to do, without a stack trace', () => {
  const cases: [string[], RegExp, number][] = [
    [[], /say which command/, 2],
    [['rnu'], /unknown command 'rnu'\n +did you mean run\?/, 2],
    [['run', '--bogus'], /Unknown argument: bogus/, 2],
    [['run', '--memory', '3Q'], /wrong memory size '3Q'/, 1],
    [['run', '--memory', '1M'], /too small/, 1],
    [['run', '--cpus', 'many'], /wrong number of CPUs 'many'/, 1],
    [['run', '--kernel', '/none'], /there is no kernel '\/none'/, 1],
    [['run', '--kvm', '--tcg', '--no-build', '--kernel', BUSYBOX_PATH], /exclude each other/, 2],
    [['run', '--uefi'], /--uefi needs --iso or --usb/, 2],
    [['exec'], /say which program to run/, 2],
    [['exec', '--kernel', BUSYBOX_PATH, '--', '/no/such'], /there is no program '\/no\/such'/, 127],
    [['exec', '--kernel', BUSYBOX_PATH, '--', '/etc/passwd'], /is not executable/, 126],
    [['exec', '--timeout', '0', '--', 'true'], /wrong time limit '0'/, 1],
    [['flash'], /say which disk/, 2],
    [['flash', '/etc/passwd'], /is not a block device/, 1],
    [['test', '--file', 'no/such/file'], /no test file's path contains 'no\/such\/file'/, 2],
    [['test', 'nothing'], /there is no suite 'nothing'/, 2],
  ];
  for (const [args, message, status] of cases) {
    const result = typix(...args);
    expect(result.err, args.join(' ')).toMatch(message);
    expect(result.err).not.toMatch(/\n +at /);
    expect(result.status, args.join(' ')).toBe(status);
  }
}, 60_000);

test('several values arrive as several', () => {
  expect(typix('test', '--list', 'boot', 'shell').out.match(/^\w+/gm)).toEqual(['boot', 'shell']);
  expect(typix('run', '--memory', '64M', '--memory', '3Q').err).toMatch(/wrong memory size '3Q'/);
});

test('sizes', () => {
  expect(parseMemory('512M')).toBe(512 * 2 ** 20);
  expect(parseMemory('2g')).toBe(2 ** 31);
  expect(parseMemory('64MiB')).toBe(2 ** 26);
  expect(parseMemory('32')).toBe(2 ** 25);
  for (const wrong of ['', 'M', '-1G', '1.5G', '1T', '12 apples']) expect(() => parseMemory(wrong)).toThrow(/wrong memory size/);
  expect(() => parseMemory('5000G')).toThrow(/too large/);
  expect(parseCount('4', 'count', 1, 8)).toBe(4);
  for (const wrong of ['0', '9', '1.5', 'x', '']) expect(() => parseCount(wrong, 'count', 1, 8)).toThrow(/wrong count/);
  expect(parseSeconds('0.5', 'limit')).toBe(0.5);
  expect([formatBytes(512), formatBytes(1536), formatBytes(2 ** 31)]).toEqual(['512 B', '1.5 KiB', '2 GiB']);
});

test('the exec protocol: input escape and exit line', () => {
  expect(escapeInput(Buffer.from([1, 255, 2]))).toEqual(Buffer.from([1, 255, 255, 2]));
  expect(escapeInput(Buffer.from('plain'))).toEqual(Buffer.from('plain'));
  expect(parseExitLine('typix-exit: 1792')).toEqual({ kind: 'exited', waitStatus: 1792 });
  expect(parseExitLine('typix-exit: error 8')).toEqual({ kind: 'not-started', errno: 8 });
  expect(parseExitLine('typix-exit: panic')).toEqual({ kind: 'panic' });
  for (const line of ['typix-exit:', ' typix-exit: 1', 'typix-exit: -1', 'hello']) expect(parseExitLine(line)).toBeUndefined();
});

test('the exec protocol: /typix-exec', () => {
  const request = { argv: ['prog', '', 'a b'], workingDirectory: '/tmp', environment: ['A=1'] };
  expect(execFileContent('/bin/prog', request).toString()).toBe('/bin/prog\0/tmp\x003\0prog\0\0a b\x001\0A=1\0');
  expect(() => execFileContent('/bin/prog', { ...request, argv: ['a\0b'] })).toThrow(/NUL/);
});

test('the initramfs of exec holds the program and what it needs', () => {
  const archive = execInitramfs({ argv: ['/bin/ls'], workingDirectory: '/', environment: [] });
  const names = execFileSync(BUSYBOX_PATH, ['cpio', '-t'], { input: archive, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
  expect(names).toMatch(/^bin\/ls$/m);
  expect(names).toMatch(/ld-linux-x86-64\.so\.2$/m);
  expect(names).toMatch(/libc\.so\.6$/m);
  expect(names).toMatch(/^typix-exec$/m);
});

test('what programs need to start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'typix-cli-'));
  const put = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content, { mode: 0o755 });
    return join(folder, name);
  };
  expect(elfNeeds(BUSYBOX_PATH)).toEqual({ interpreter: undefined, libraries: [], searchFolders: [] });
  expect(elfNeeds('/bin/ls')).toEqual({ interpreter: '/lib64/ld-linux-x86-64.so.2', libraries: expect.arrayContaining(['libc.so.6']), searchFolders: [] });
  execFileSync('gcc', ['-x', 'c', '-shared', '-nostdlib', '-Wl,-rpath,/a:$ORIGIN/b', '-o', join(folder, 'rpath.so'), '/dev/null']);
  expect(elfNeeds(join(folder, 'rpath.so'))).toEqual({ interpreter: undefined, libraries: [], searchFolders: ['/a', '$ORIGIN/b'] });
  const damaged = Buffer.from(readFileSync('/bin/ls').subarray(0, 4096));
  damaged.writeBigUInt64LE(2n ** 60n, 32);
  expect(elfNeeds(put('damaged', damaged))).toBeUndefined();
  expect(scriptInterpreter(Buffer.from('#! /bin/busybox sh\n'))).toBe('/bin/busybox');
  expect(scriptInterpreter(Buffer.from('#!\n'))).toBeUndefined();
  expect(elfNeeds(put('script', '#!/bin/busybox sh\n'))).toBeUndefined();
  expect([...startupFiles(join(folder, 'script')).keys()]).toEqual([join(folder, 'script'), '/bin/busybox']);
  rmSync(folder, { recursive: true });
});

test('packages: only what is missing, each with a reason', () => {
  const made = [
    { name: 'here', witness: '/bin/sh', why: 'x', purposes: ['run'] as const },
    { name: 'gone', witness: '/no/such/file', why: 'y', purposes: ['run'] as const },
    { name: 'other', witness: '/no/such/file', why: 'z', purposes: ['debug'] as const },
  ];
  expect(missingPackages(['run', 'build'], made).map((item) => item.name)).toEqual(['gone']);
  expect(packageStatus('busybox-static')).toBe('install ok installed');
  expect(packageStatus('no-such-package-of-debian')).toBe('');
  expect(PACKAGES.every((item) => item.why.length > 5 && item.purposes.length > 0)).toBe(true);
});

test('QEMU arguments', () => {
  const machine = {
    boot: { kind: 'kernel', kernel: 'k', initrd: 'i', append: 'a b' }, memoryBytes: 2 ** 29, cpus: 2, machine: 'q35', accelerator: 'tcg',
  } as const;
  const args = qemuArguments(machine).join(' ');
  expect(args).toMatch(/-M q35 -accel tcg -cpu max -smp 2 -m 512M -kernel k -initrd i -append a b/);
  expect(qemuArguments({ ...machine, debug: true })).toContain('-S');
  expect(() => qemuArguments({ ...machine, machine: 'microvm', boot: { kind: 'cdrom', image: 'x' } })).toThrow(/microvm/);
});

test('the KVM probe: a boot sector, and a verdict in words', () => {
  const sector = probeSector();
  expect(sector.length).toBe(512);
  expect(sector.readUInt16LE(510)).toBe(0xaa55);
  const tcg = { ok: true, milliseconds: 300 };
  expect(describeProbe({ key: '', accelerator: 'kvm', kvm: { ok: true, milliseconds: 90 }, tcg })).toBe('KVM works (probe guest: 90 ms with KVM, 300 ms with TCG)');
  expect(describeProbe({ key: '', accelerator: 'tcg', kvm: { ok: true, milliseconds: 900 }, tcg })).toMatch(/slower than emulation/);
  expect(describeProbe({ key: '', accelerator: 'tcg', kvm: { ok: false, milliseconds: 0, reason: 'no' } })).toBe('KVM does not work: no');
});

/**
 * Linux as the reference: a Linux kernel file booted by the same commands as Typix. Its initramfs needs an init that keeps
 * docs/inside/exec-protocol.md, which Typix does in the kernel; here it is compiled.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../scripts/cli/errors.ts';
import { updatePackageLists } from '../../scripts/cli/packages.ts';
import { file, type CpioEntry } from '../../toolchain/image/cpio.ts';
import { inBuild, inRepository, userCacheFolder } from '../../scripts/cli/paths.ts';

/** What a Linux guest needs besides the program. */
export function linuxExecEntries(): CpioEntry[] {
  const source = inRepository('tests/harness/linux-exec-init.c');
  const program = inBuild('tests', 'linux-exec-init');
  if (!existsSync(program) || statSync(program).mtimeMs < statSync(source).mtimeMs) {
    execFileSync('gcc', ['-O1', '-static', '-w', '-o', program, source], { stdio: 'inherit' });
  }
  return [file('init', readFileSync(program), 0o755)];
}

/** Debian's cloud kernel: taken from its package once, kept in the user's cache. Newest 6.1 that the archive offers. */
export function debianCloudKernel(log: (line: string) => void): string {
  const cache = join(userCacheFolder(), 'linux');
  const cached = existsSync(cache) ? readdirSync(cache).find((name) => name.startsWith('vmlinuz-6.1')) : undefined;
  if (cached) return join(cache, cached);
  const folder = mkdtempSync(join(tmpdir(), 'typix-linux-'));
  try {
    downloadCloudKernel(folder, log);
    const archive = readdirSync(folder).find((entry) => entry.endsWith('.deb'))!;
    execFileSync('dpkg-deb', ['-x', archive, 'content'], { cwd: folder });
    const kernel = readdirSync(join(folder, 'content/boot')).find((entry) => entry.startsWith('vmlinuz-'))!;
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, `${kernel}.part`), readFileSync(join(folder, 'content/boot', kernel)));
    renameSync(join(cache, `${kernel}.part`), join(cache, kernel));
    return join(cache, kernel);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts the kernel's package into a folder. Lists of packages that are missing or older than the archive are brought up to date once. */
function downloadCloudKernel(folder: string, log: (line: string) => void): void {
  for (const isLastTry of [false, true]) {
    const depends = spawnSync('apt-cache', ['depends', 'linux-image-cloud-amd64'], { encoding: 'utf8' }).stdout ?? '';
    const name = /Depends: (linux-image-6\.1\S+-cloud-amd64)/.exec(depends)?.[1];
    if (name) log(`fetching ${name}, the Linux to compare with`);
    if (name && spawnSync('apt-get', ['download', name], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0) return;
    if (isLastTry) break;
    updatePackageLists();
  }
  throw new UserError("apt does not offer Debian's cloud kernel (linux-image-cloud-amd64)", 'this needs a Debian 12 machine; --linux FILE names another kernel');
}

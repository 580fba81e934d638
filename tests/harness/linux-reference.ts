/**
 * Linux as the reference: a Linux kernel file booted by the same commands as Typix. Its initramfs needs an init that keeps
 * docs/exec-protocol.md, which Typix does in the kernel; here it is compiled.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { file, type CpioEntry } from '../../toolchain/image/cpio.ts';
import { inBuild, inRepository } from '../../scripts/cli/paths.ts';

/** What a Linux guest needs besides the program. */
export function linuxExecEntries(): CpioEntry[] {
  const source = inRepository('tests/harness/linux-exec-init.c');
  const program = inBuild('tests', 'linux-exec-init');
  if (!existsSync(program) || statSync(program).mtimeMs < statSync(source).mtimeMs) {
    execFileSync('gcc', ['-O1', '-static', '-w', '-o', program, source], { stdio: 'inherit' });
  }
  return [file('init', readFileSync(program), 0o755)];
}

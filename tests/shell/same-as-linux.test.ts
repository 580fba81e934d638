/**
 * Shell scripts with the same busybox on this machine's Linux and in the guest: the outputs must be equal. Each cases/NAME.sh runs in an
 * empty folder, in the C locale, with errors and output in one stream.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRepository } from '../../scripts/cli/paths.ts';
import { file } from '../../toolchain/image/cpio.ts';
import { BUSYBOX_PATH, listApplets } from '../../toolchain/image/userland.ts';
import { GuestShell } from '../harness/guest-shell.ts';
import { initramfsWith, kernelMachine } from '../harness/test-guest.ts';

const LIMIT_MS = 240_000;
const CASE_MS = 60_000;
const folder = inRepository('tests', 'shell', 'cases');
const cases = readdirSync(folder).filter((name) => name.endsWith('.sh')).sort();

/** The same way in both places: a plain environment, nothing on standard input. */
const start = (path: string, script: string, output: string): string => `env -i PATH=${path} HOME=/ LC_ALL=C TZ=UTC sh ${script} < /dev/null > ${output} 2>&1; echo "status $?" >> ${output}; cat ${output}`;

/** Runs a case on this machine, with every applet as a link to the same busybox. */
function onHost(script: string): string {
  const work = mkdtempSync(join(tmpdir(), 'typix-shell-'));
  try {
    const applets = join(work, 'bin');
    const home = join(work, 'work');
    mkdirSync(applets);
    mkdirSync(home);
    for (const applet of new Set(listApplets().map((path) => basename(path)))) symlinkSync(BUSYBOX_PATH, join(applets, applet));
    const command = start(applets, join(folder, script), join(work, 'output'));
    return execFileSync(BUSYBOX_PATH, ['sh', '-c', `cd ${home}; PATH=${applets}; ${command}`], { encoding: 'latin1' });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

describe('scripts print what they print on Linux', () => {
  let shell: GuestShell | undefined;

  beforeAll(async () => {
    const initrd = initramfsWith('shell-cases', cases.map((name) => file(`cases/${name}`, readFileSync(join(folder, name)), 0o755)));
    shell = await GuestShell.boot({ machine: await kernelMachine({ initrd }), name: 'shell-scripts', limitMs: LIMIT_MS });
  }, 100_000);

  afterAll(async () => shell?.close());

  for (const name of cases) {
    test(name, async () => {
      if (!shell) throw new Error('the guest did not boot');
      const expected = onHost(name);
      await shell.run(`rm -rf /tmp/work; mkdir /tmp/work; cd /tmp/work`);
      const { output } = await shell.run(start('/sbin:/usr/sbin:/bin:/usr/bin', `/cases/${name}`, '/tmp/output'), CASE_MS);
      expect(output.replaceAll('/cases/', `${folder}/`)).toBe(expected);
    }, CASE_MS + 10_000);
  }
});

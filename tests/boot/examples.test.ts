/** The examples of the pages for newcomers do what the pages say: a driver (the debug console) and a file system (examplefs). */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GuestShell } from '../harness/guest-shell.ts';
import { isForeign, kernelMachine } from '../harness/test-guest.ts';

const LIMIT_MS = 120_000;

test.skipIf(isForeign)('the example driver and the example file system', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'typix-examples-'));
  const output = join(folder, 'debugcon');
  const machine = await kernelMachine({ append: 'typix.examples', extra: ['-debugcon', `file:${output}`] });
  const shell = await GuestShell.boot({ machine, name: 'examples', limitMs: LIMIT_MS }, 60_000);
  const run = async (command: string): Promise<string> => (await shell.run(`{ ${command}; } 2>&1`)).output;
  try {
    expect(await run('ls -l /dev/debugcon | cut -c1-10; echo hello > /dev/debugcon; seq 1 100 > /dev/debugcon; cat /dev/debugcon')).toBe('crw-------\ncat: read error: Invalid argument\n');
    expect(readFileSync(output, 'latin1')).toBe(`hello\n${Array.from({ length: 100 }, (_, i) => `${i + 1}\n`).join('')}`);

    expect(await run('mount -t example -o files=2000 none /mnt && grep -c /mnt /proc/mounts; ls /mnt | wc -l; cat /mnt/3; wc -l < /mnt/2000; tail -n 1 /mnt/1999')).toBe('1\n2000\n1\n2\n3\n2000\n1999\n');
    expect(await run('seq 1 2000 | cmp - /mnt/2000 && echo same; dd if=/mnt/2000 bs=1000 skip=8 2>/dev/null | wc -c; stat -c "%s %a %i" /mnt/10')).toBe('same\n893\n21 444 11\n');
    expect(await run('echo x > /mnt/4; mkdir /mnt/d; cat /mnt/2001; mount -t example -o files=0 none /root')).toMatch(
      /^-\/bin\/sh: can't create \/mnt\/4: Read-only file system\nmkdir: .*Read-only file system\ncat: .*No such file or directory\nmount: .*Invalid argument\n$/);
    expect(await run('umount /mnt && ls /mnt | wc -l')).toBe('0\n');
    await shell.powerOff();
  } finally {
    await shell.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, LIMIT_MS);

test.skipIf(isForeign)('neither is there where it is not asked for', async () => {
  const shell = await GuestShell.boot({ machine: await kernelMachine(), name: 'no-examples', limitMs: LIMIT_MS }, 60_000);
  try {
    expect((await shell.run('ls /dev/debugcon; mount -t example none /mnt; grep -c example /proc/filesystems')).output).toMatch(/No such file[^]*No such device\n0\n$/);
    await shell.powerOff();
  } finally {
    await shell.close();
  }
}, LIMIT_MS);

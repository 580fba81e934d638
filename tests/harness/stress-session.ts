/**
 * A session at the shell for kernels under stress (collections all the time, sleeps at every place): it must not notice.
 */
import { expect } from 'vitest';
import type { GuestShell } from './guest-shell.ts';

/** Commands and what they print: files, pipes, processes, signals, terminals, /proc. */
const SESSION: [string, string][] = [
  ['for i in 1 2 3; do echo $i; done | sed s/2/two/ > /tmp/a; cat /tmp/a', '1\ntwo\n3\n'],
  ['mkdir -p /tmp/d/e; mv /tmp/a /tmp/d/e/b; ln -s b /tmp/d/e/c; wc -l < /tmp/d/e/c; find /tmp/d | sort', '3\n/tmp/d\n/tmp/d/e\n/tmp/d/e/b\n/tmp/d/e/c\n'],
  ['tar cf - -C /tmp d | gzip | gunzip | tar tf - | sort | tail -1', 'd/e/c\n'],
  ["trap 'echo got' USR1; kill -USR1 $$; trap - USR1", 'got\n'],
  ['(sleep 0.1; echo late) & wait', 'late\n'],
  ['mkdir /tmp/m && mount -t tmpfs none /tmp/m && echo x > /tmp/m/f && cat /tmp/m/f && umount /tmp/m && ls /tmp/m', 'x\n'],
  ["printf '#!/bin/sh\\necho script $1\\n' > /tmp/s; chmod +x /tmp/s; /tmp/s runs", 'script runs\n'],
  ['ps > /dev/null && df > /dev/null && cat /proc/*/stat > /dev/null 2>&1; ls -lR /proc/self > /dev/null 2>&1; echo alive', 'alive\n'],
  ['dd if=/dev/zero of=/tmp/z bs=64k count=4 2> /dev/null; md5sum < /tmp/z; rm -r /tmp/d /tmp/z', 'ec87a838931d4d5d2e94a04644788a55  -\n'],
  ['sh -c "kill -9 \\$\\$"; echo $?', 'Killed\n137\n'],
];

/** Runs the session and compares what each command prints. */
export async function runSession(shell: GuestShell): Promise<void> {
  for (const [command, output] of SESSION) {
    // The shell's own words about ended jobs are not the point.
    const answer = (await shell.run(`{ ${command}; } 2>&1`)).output.replace(/^\[\d+\].*\n/gm, '');
    expect(answer, command).toBe(output);
  }
}

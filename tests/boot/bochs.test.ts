/**
 * Typix on Bochs, which models CPUs that QEMU does not and checks what QEMU lets pass: the ISO boots by BIOS to a shell that answers and
 * turns the machine off. A few models that differ most; TYPIX_BOCHS=all tries every one, TYPIX_BOCHS=MODEL,MODEL those.
 */
import { expect, test } from 'vitest';
import { BOCHS_MODELS, BochsGuest } from '../harness/bochs.ts';
import { GuestShell } from '../harness/guest-shell.ts';
import { isForeign, testIso } from '../harness/test-guest.ts';

const LIMIT_MS = 120_000;
const BOOT_MS = 60_000;

/** Without XSAVE and FSGSBASE (Intel, AMD), a later AMD, and one with AVX-512. */
const USUAL = ['core2_penryn_t9600', 'athlon64_venice', 'ryzen', 'corei7_skylake_x'];

/** Models that have the instructions for segment bases; the others load bases by MSRs, which check the values. */
const WITH_FSGSBASE = new Set([
  'corei7_ivy_bridge_3770k', 'corei7_haswell_4770', 'broadwell_ult', 'ryzen', 'corei7_skylake_x', 'corei3_cnl', 'corei7_icelake_u', 'tigerlake',
]);

function chosenModels(): readonly string[] {
  const wish = process.env.TYPIX_BOCHS;
  if (wish === undefined) return USUAL;
  return wish === 'all' ? BOCHS_MODELS : wish.split(',');
}

/** Threads with bases of their own, floating point across switches, signals, and a second program in the foreground. */
const WORK = [
  `for i in 1 2 3 4; do awk 'BEGIN { for (i = 1; i <= 2000; i++) s += 1 / i; printf "%.6f\\n", s }' & done; wait`,
  `(sleep 1000 & echo started; kill -TERM $!; wait $!; echo $?)`,
  `seq 1 2000 | gzip | gunzip | md5sum`,
];

for (const model of chosenModels()) {
  test.skipIf(isForeign)(model, async () => {
    const guest = await BochsGuest.start({ model, iso: await testIso(), name: `bochs-${model}`, limitMs: LIMIT_MS, waitMs: 30_000 });
    try {
      const shell = await GuestShell.over(guest.session, BOOT_MS);
      expect(await shell.run('echo $((6 * 7)) && [ "$(id -u)" = 0 ] && ls /bin/busybox')).toEqual({ output: '42\n/bin/busybox\n', status: 0 });
      const flags = await shell.run(`grep -m1 ^flags /proc/cpuinfo`);
      expect(/\bfsgsbase\b/.test(flags.output)).toBe(WITH_FSGSBASE.has(model));
      const [sums, killed, digest] = [await shell.run(WORK[0]!), await shell.run(WORK[1]!), await shell.run(WORK[2]!)];
      expect(sums.output.match(/^8\.178368$/gm)).toHaveLength(4);
      expect(killed.output).toBe('started\nTerminated\n143\n');
      expect(digest.output).toBe('ea4d0a24dabcaa11f9aa979b872d162b  -\n');
      await shell.powerOff(30_000);
    } finally {
      await guest.close();
    }
  }, LIMIT_MS);
}

/**
 * A PC with screen, keyboard and a serial port, booted from the ISO's first menu entry: there is a shell on each, and the screen says what
 * to do. The keyboard's keys are pressed by QEMU's monitor, and the screen is read pixel by pixel.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GuestSession } from '../harness/guest-session.ts';
import { GuestShell } from '../harness/guest-shell.ts';
import { Monitor } from '../harness/monitor.ts';
import { toPng } from '../harness/picture.ts';
import { screenText } from '../harness/screen-text.ts';
import { isForeign, isoMachine } from '../harness/test-guest.ts';
import { inBuild } from '../../scripts/cli/paths.ts';
import { QEMU, qemuArguments } from '../../scripts/cli/qemu.ts';

const LIMIT_MS = 120_000;
const PATIENCE = Number(process.env.TYPIX_TEST_PATIENCE ?? 1) || 1;

interface Desk {
  readonly session: GuestSession;
  readonly monitor: Monitor;
  /** What QEMU says of the keyboard's port. */
  trace(): string;
}

/** A PC as a person has it before them; the firmware leaves a graphics mode. */
async function startDesk(name: string, withSerial: boolean): Promise<Desk> {
  const machine = await isoMachine('cdrom', { machine: 'pc' });
  const serial = withSerial ? ['-chardev', 'socket,id=com1,fd=3', '-serial', 'chardev:com1'] : ['-serial', 'none'];
  const monitor = ['-chardev', 'socket,id=mon,fd=4', '-mon', 'chardev=mon,mode=control', '-trace', 'ps2_write_keyboard'];
  const child: ChildProcess = spawn(QEMU, [...qemuArguments(machine), ...serial, ...monitor], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
  let traced = '';
  child.stderr!.on('data', (chunk: Buffer) => (traced += chunk.toString()));
  const session = new GuestSession({ child, port: child.stdio[3] as Duplex, endCode: 0 }, { name, limitMs: LIMIT_MS });
  const port = new Monitor(child.stdio[4] as Duplex);
  await port.begin();
  return { session, monitor: port, trace: () => traced };
}

/** Waits until the screen shows what matches; keeps a picture of it under build/tests/screens. */
async function expectOnScreen(desk: Desk, name: string, pattern: RegExp, waitMs = 20_000): Promise<string> {
  const deadline = Date.now() + waitMs * PATIENCE;
  for (;;) {
    const picture = await desk.monitor.screen();
    const text = screenText(picture).join('\n').trimEnd();
    const isThere = pattern.test(text);
    if (!isThere && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    writeFileSync(inBuild('tests', 'screens', `${name}.png`), toPng(picture));
    if (!isThere) throw new Error(`${name}: the screen does not show ${pattern}:\n${text}`);
    return text;
  }
}

const PROMPT = /root@typix:~# *$/;

describe.skipIf(isForeign)('screen, keyboard and serial port', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await startDesk('consoles', true);
  }, LIMIT_MS);
  afterAll(async () => {
    desk.monitor.close();
    await desk.session.close();
  });

  test('the screen says what is running and what to do', async () => {
    const text = await expectOnScreen(desk, 'welcome', PROMPT, 60_000);
    expect(text).toMatch(/^Typix \d[^\n]*on tty1\.$/m);
    expect(text).toMatch(/^Further shells are on: ttyS0\.$/m);
    expect(text).toMatch(/'poweroff'/);
    expect(text).toMatch(/docs\/using-typix\.md/);
    expect(text).not.toContain('?');
  }, LIMIT_MS);

  test('typing on the keyboard is answered on the screen', async () => {
    await desk.monitor.type('echo $((6 * 7)) "$(tty)" | tr a-z A-Z\n');
    await expectOnScreen(desk, 'answer', /\n42 \/DEV\/TTY1\nroot@typix:~# *$/);
    await desk.monitor.type('sleep 1000\n');
    await desk.monitor.press('ctrl', 'c');
    await expectOnScreen(desk, 'interrupt', /\^C\nroot@typix:~# *$/);
    await desk.monitor.type('ps -o tty,comm | grep -c "4,1 *sh"; tty\n');
    await expectOnScreen(desk, 'tty', /\n1\n\/dev\/tty1\nroot@typix:~# *$/);
  }, LIMIT_MS);

  test('the serial port has a shell of its own at the same time', async () => {
    const shell = await GuestShell.over(desk.session);
    expect((await shell.run('tty; ps -o tty,comm | grep -E "^4,(1|64) +sh$" | sort -u')).output).toBe('/dev/ttyS0\n4,1    sh\n4,64   sh\n');
    const consoles = await shell.run('cat /proc/consoles');
    expect(consoles.output).toBe('ttyS0                -W- (EC p a)    4:64\ntty0                 -WU (E  p  )    4:1\n');
    // Ctrl-C on one does nothing on the other.
    shell.type('sleep 3; echo slept');
    await desk.monitor.press('ctrl', 'c');
    await desk.session.expect(/\nslept\n/);
  }, LIMIT_MS);

  test('exit begins a new session on the same screen', async () => {
    await desk.monitor.type('cd /; exit\n');
    await expectOnScreen(desk, 'exit', /root@typix:\/# cd|exit\n[^]*Typix[^]*root@typix:~# *$/);
    await desk.monitor.type('pwd\n');
    await expectOnScreen(desk, 'again', /\n\/root\nroot@typix:~# *$/);
  }, LIMIT_MS);

  test('other terminals of the screen wait for Enter', async () => {
    await desk.monitor.press('alt', 'f2');
    await expectOnScreen(desk, 'second', /Please press Enter to activate this console/);
    await desk.monitor.type('\n');
    await expectOnScreen(desk, 'second-shell', /on tty2\.[^]*root@typix:~# *$/);
    await desk.monitor.press('alt', 'f1');
    await expectOnScreen(desk, 'first-again', /\n\/root\nroot@typix:~# *$/);
  }, LIMIT_MS);

  test('Caps Lock lights the keyboard, without waiting in the interrupt', async () => {
    const before = desk.trace().length;
    await desk.monitor.press('caps_lock');
    await desk.monitor.type('echo a1\n');
    await expectOnScreen(desk, 'caps', /\n[^\n]*ECHO A1\n/);
    // 0xed: set the lights; then which: 4 is Caps Lock.
    expect(desk.trace().slice(before)).toMatch(/ps2_write_keyboard[^\n]* 237\n[^]*ps2_write_keyboard[^\n]* 4\n/);
    await desk.monitor.press('caps_lock');
  }, LIMIT_MS);

  test('poweroff at the screen turns the machine off', async () => {
    await desk.monitor.type('poweroff\n');
    await desk.session.expectExit();
  }, LIMIT_MS);
});

describe.skipIf(isForeign)('screen and keyboard alone', () => {
  test('there is a shell, and it is the console', async () => {
    const desk = await startDesk('screen-only', false);
    try {
      await expectOnScreen(desk, 'screen-only', PROMPT, 60_000);
      await desk.monitor.type('cut -c1-5 /proc/consoles; echo said > /dev/console; poweroff\n');
      await expectOnScreen(desk, 'screen-only-console', /\ntty0\nsaid\n/);
      await desk.session.expectExit();
    } finally {
      desk.monitor.close();
      await desk.session.close();
    }
  }, LIMIT_MS);
});

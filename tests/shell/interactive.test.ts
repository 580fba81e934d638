/**
 * One session at the shell as a person has it: line editing, history, control characters, job control, full-screen programs, and the
 * programs that show the machine. One guest serves all tests, in order; each leaves an empty prompt behind.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { file } from '../../toolchain/image/cpio.ts';
import { GuestShell, PROMPT, type CommandResult } from '../harness/guest-shell.ts';
import { initramfsWith, isForeign, kernelMachine } from '../harness/test-guest.ts';

const LIMIT_MS = 240_000;
const CTRL = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 31);
const UP = '\x1b[A';
const DOWN = '\x1b[B';
const RIGHT = '\x1b[C';
const LEFT = '\x1b[D';
const HOME = '\x1b[H';
const BACKSPACE = '\x7f';

let guest: GuestShell | undefined;
/** The shell; a test that runs without one fails with that reason. */
function shell(): GuestShell {
  if (!guest) throw new Error('the guest did not boot');
  return guest;
}
const run = (command: string, waitMs?: number): Promise<CommandResult> => shell().run(command, waitMs);
const output = async (command: string): Promise<string> => (await run(command)).output;

beforeAll(async () => {
  const lines = Array.from({ length: 300 }, (_, index) => `line ${index + 1}\n`).join('');
  const initrd = initramfsWith('shell-interactive', [file('root/lines', lines)]);
  guest = await GuestShell.boot({ machine: await kernelMachine({ initrd }), name: 'shell-interactive', limitMs: LIMIT_MS });
}, 100_000);

afterAll(async () => guest?.close());

afterEach(async (context) => {
  if (context.task.result?.state === 'fail' && guest?.session.isRunning) await guest.recover().catch(() => undefined);
});

describe('line editing and history', () => {
  test('backspace, cursor keys, Ctrl-A, Ctrl-E, Ctrl-U, Ctrl-W, Ctrl-K', async () => {
    const { session } = shell();
    session.send(`echo hellp${BACKSPACE}o world${LEFT}${LEFT}${LEFT}${LEFT}${LEFT}big \r`);
    await session.expect('\nhello big world\n');
    await shell().prompt();
    session.send(`cho start${CTRL('A')}e${CTRL('E')}ed\r`);
    await session.expect('\nstarted\n');
    await shell().prompt();
    session.send(`garbage in the line${CTRL('U')}echo clean\r`);
    await session.expect('\nclean\n');
    await shell().prompt();
    session.send(`echo one two${CTRL('W')}three\r`);
    await session.expect('\none three\n');
    await shell().prompt();
    session.send(`echo left right${HOME}${RIGHT.repeat(9)}${CTRL('K')}\r`);
    await session.expect('\nleft\n');
    await shell().prompt();
  });

  test('history by the up and down keys', async () => {
    const { session } = shell();
    for (const word of ['alpha', 'beta']) {
      session.sendLine(`echo ${word}`);
      await session.expect(`\n${word}\n`);
      await shell().prompt();
    }
    session.send(`${UP}${UP}${DOWN}${UP}\r`);
    await session.expect('\nalpha\n');
    await shell().prompt();
    expect(await output('history | tail -n 2 | grep -c echo')).toBe('2\n');
  });

  test('completion by the tab key', async () => {
    const { session } = shell();
    session.send('cat /etc/hostna\t\r');
    await session.expect('\ntypix\n');
    await shell().prompt();
  });
});

describe('control characters and job control', () => {
  test('the shell has a terminal of its own', async () => {
    expect((await run('tty')).output).toBe('/dev/ttyS0\n');
    expect((await run('test -t 0 && test -t 1 && : < /dev/tty')).status).toBe(0);
  });

  test('Ctrl-C ends a program and a line', async () => {
    const { session } = shell();
    session.sendLine('sleep 1000');
    await session.expect('sleep 1000\n');
    await shell().settle();
    session.send(CTRL('C'));
    await shell().prompt();
    expect(await output('echo $?')).toBe('130\n');
    session.send(`half a line${CTRL('C')}`);
    await shell().prompt();
    session.sendLine('cat | cat');
    await session.expect('cat | cat\n');
    await shell().settle();
    session.send(CTRL('C'));
    await shell().prompt();
  });

  test('Ctrl-D ends input', async () => {
    const { session } = shell();
    session.sendLine('cat > typed; echo "got $(cat typed)"');
    await session.expect('typed)"\n');
    await shell().settle();
    session.send(`some text\r${CTRL('D')}`);
    await session.expect('\ngot some text\n');
    await shell().prompt();
    session.sendLine('sh');
    await shell().prompt();
    session.send(CTRL('D'));
    await shell().prompt();
  });

  test('Ctrl-Z, jobs, bg, fg, kill %1', async () => {
    const { session } = shell();
    session.sendLine('sleep 1000');
    await session.expect('sleep 1000\n');
    await shell().settle();
    session.send(CTRL('Z'));
    await session.expect(/\[1\]\+ +Stopped +sleep 1000/);
    await shell().prompt();
    expect(await output('jobs')).toMatch(/\[1\]\+ +Stopped +sleep 1000/);
    await run('bg');
    expect(await output('jobs')).toMatch(/\[1\]\+ +Running +sleep 1000/);
    session.sendLine('fg');
    await session.expect('\nsleep 1000\n');
    await shell().settle();
    session.send(CTRL('Z'));
    await session.expect(/Stopped/);
    await shell().prompt();
    await run('kill %1; kill -CONT %1; wait %1 2>/dev/null');
    expect(await output('jobs')).not.toMatch(/Running|Stopped/);
  });

  test('Ctrl-\\ quits a program', async () => {
    const { session } = shell();
    session.sendLine('sleep 1000');
    await session.expect('sleep 1000\n');
    await shell().settle();
    session.send('\x1c');
    await session.expect('Quit');
    await shell().prompt();
  });

  test('background jobs', async () => {
    const { session } = shell();
    session.sendLine('sleep 0.3 &');
    await shell().prompt();
    await run('wait');
    expect(await output('(sleep 0.1; echo behind) & wait; :')).toMatch(/behind\n/);
    session.sendLine('cat &');
    await shell().settle();
    session.sendLine('');
    await session.expect(/Stopped \(tty input\) +cat/);
    await shell().prompt();
    await run('kill %%; kill -CONT %%; wait 2>/dev/null');
  });

  test('stty shows and changes the terminal', async () => {
    const all = await output('stty -a');
    expect(all).toMatch(/rows 50; columns 200/);
    expect(all).toMatch(/intr = \^C/);
    expect(all).toMatch(/ icanon/);
    expect(await output('stty size')).toBe('50 200\n');
    expect(await output('stty -echo; stty -a | grep -o -e "-echo "; stty echo')).toBe('-echo \n');
    expect(await output('s=$(stty -g); stty raw; stty $s; stty -a | grep -c " icanon"')).toBe('1\n');
  });
});

describe('full-screen programs', () => {
  test('vi edits and writes a file', async () => {
    const { session } = shell();
    session.sendLine('vi letter');
    await session.expect(/- letter/);
    await shell().settle();
    session.send('ifirst line\rsecond line\x1b');
    await shell().settle(500);
    session.send('kdd');
    await shell().settle();
    session.send('yyp');
    session.send(':s/second/third/\r');
    await shell().settle();
    session.send(':wq\r');
    await session.expect(PROMPT);
    expect(await output('cat letter')).toBe('second line\nthird line\n');
  });

  test('less shows a file page by page', async () => {
    const { session } = shell();
    session.sendLine('less lines');
    await session.expect('line 40\n');
    session.send(' ');
    await session.expect('line 80\n');
    session.send('G');
    await session.expect('line 300');
    session.send('q');
    await session.expect(PROMPT);
  });

  test('top shows processes', async () => {
    const { session } = shell();
    session.sendLine('top -d 1');
    await session.expect(/Mem: +\d+K used, +\d+K free/);
    await session.expect(/CPU: .*idle/);
    await session.expect(/Load average: \d/);
    await session.expect(/PID +PPID +USER/);
    await session.expect(/ init|\{init\}/);
    session.send('q');
    await session.expect(PROMPT);
    expect(await output('top -b -n 1 | grep -c "PID  *PPID"')).toBe('1\n');
  });

  test('watch repeats a command until Ctrl-C', async () => {
    const { session } = shell();
    session.sendLine('watch -n 1 cat /etc/hostname');
    await session.expect(/Every 1/);
    await session.expect(/\ntypix\n/);
    await session.expect(/Every 1/);
    await session.expect(/\ntypix\n/);
    // While its command runs, watch ignores the key, as system(3) does.
    await shell().settle(200);
    session.send(CTRL('C'));
    await session.expect(PROMPT);
  });
});

describe('the machine', () => {
  test('uname, hostname, id, env', async () => {
    expect(await output('uname -a')).toMatch(isForeign ? /^Linux typix / : /^Linux typix \S+ .*[Tt]ypix.* x86_64 GNU\/Linux\n$/);
    expect(await output('uname -m; hostname; id')).toMatch(/^x86_64\ntypix\nuid=0\(root\) gid=0\(root\)/);
    expect(await output('A=1 env | grep ^A=; echo $HOME $USER $SHELL')).toBe('A=1\n/root root /bin/sh\n');
  });

  test('ps', async () => {
    const all = await output('ps');
    expect(all).toMatch(/^PID +USER +COMMAND\n/m);
    expect(all).toMatch(/^ +1 root +(?:\{init\} )?\S*init/m);
    expect(all).toMatch(/ -\/bin\/sh\n/);
    await run('sleep 50 & p=$!');
    const [, pid, parent, state] = /^ *(\d+) +(\d+) +(\S+) +sleep 50\n/m.exec(await output('ps -o pid,ppid,stat,args')) ?? [];
    expect(`${pid} ${parent} ${state}\n`).toBe(await output('echo $p $$ S'));
    await run('kill $p; wait');
  });

  test('free, df, mount', async () => {
    expect(await output('free')).toMatch(/Mem: +\d+ +\d+ +\d+/);
    expect(await output('df -a')).toMatch(/Mounted on\n/);
    const mounts = await output('mount');
    expect(mounts).toMatch(/proc on \/proc type proc/);
    expect(mounts).toMatch(/ on \/dev type devtmpfs/);
    await run('mkdir -p /mnt/a && mount -t tmpfs -o size=1m none /mnt/a && echo in > /mnt/a/file');
    expect(await output('cat /mnt/a/file; df -k /mnt/a | tail -n 1 | awk "{ print \\$2, \\$6 }"')).toBe('in\n1024 /mnt/a\n');
    expect(await output('umount /mnt/a; ls /mnt/a; mount | grep -c /mnt/a')).toBe('0\n');
  });

  test('uptime, date, time, sleep', async () => {
    expect(await output('uptime')).toMatch(/up +(\d+ min|0:\d+|\d+:\d+|0 min).*load average: \d/);
    const seconds = Number(await output('date +%s'));
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(15);
    expect(await output('date -u -d @86400 "+%F %T"')).toBe('1970-01-02 00:00:00\n');
    expect(await output('date -s "2030-01-01 00:00:00" > /dev/null; date +%Y')).toBe('2030\n');
    const timed = await output('time sleep 1');
    expect(timed).toMatch(/real\t0m 1\.[0-4]\d/);
    expect(timed).toMatch(/user\t0m 0\./);
  });

  test('dmesg', async () => {
    expect(await output('dmesg | head -n 3')).toMatch(/^\[ +\d+\.\d{6}\] /m);
    expect(Number(await output('dmesg | wc -l'))).toBeGreaterThan(1);
    expect(await output('echo "<4>from the test" > /dev/kmsg; dmesg | tail -n 1')).toMatch(/from the test/);
  });

  test('find / reaches everything', async () => {
    const { output: count, status } = await run('find / -xdev > all; wc -l < all', 30_000);
    expect(status).toBe(0);
    expect(Number(count)).toBeGreaterThan(280);
    expect(await output('grep -c -e ^/bin/busybox$ -e ^/etc/passwd$ -e ^/root/all$ all')).toBe('3\n');
    expect((await run('find /proc/1 /proc/self/ /dev > /dev/null', 30_000)).status).toBe(0);
  });

  test('ls -l shows kinds, owners and devices', async () => {
    expect(await output('ls -l /dev/null /dev/tty')).toMatch(/^crw-rw-rw- +1 (root +root|0 +0) +1, +3 .* \/dev\/null\ncrw-rw-rw- .* 5, +0 .* \/dev\/tty\n$/);
    expect(await output('ls -ld /tmp /init /root')).toMatch(/lrwxrwxrwx .* \/init -> \/bin\/busybox\ndrwx------ .* \/root\ndrwxrwxrwt .* \/tmp\n/);
  });

  test('devices give what they should', async () => {
    expect(await output('head -c 4 /dev/zero | od -An -tx1; head -c 32 /dev/urandom | wc -c; echo x > /dev/null; wc -c < /dev/null')).toBe(' 00 00 00 00\n32\n0\n');
    expect((await run('echo x > /dev/full')).status).toBe(1);
  });
});

describe('at the end', () => {
  test('the session survived, and the machine powers off', async () => {
    expect(await output('cd /; echo still here')).toBe('still here\n');
    await shell().powerOff();
  });
});

/**
 * The default root file system: Debian's unmodified /bin/busybox (package busybox-static) with a symbolic link for each of
 * its applets, and the few text files that make it a system one can log into. Deterministic for a given busybox.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { characterDevice, directory, file, symlink, type CpioEntry } from './cpio.ts';

export const BUSYBOX_PATH = '/bin/busybox';

const INITTAB = `# Shells on the consoles without a login: rcS adds a line for each that this machine has.
::sysinit:/etc/init.d/rcS
::ctrlaltdel:/sbin/reboot
::shutdown:/etc/init.d/rcK
`;

const RC_START = `#!/bin/sh
# Runs once at boot, before the first shell.
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev 2>/dev/null
mount -t sysfs sysfs /sys 2>/dev/null
mkdir -p /dev/pts /dev/shm 2>/dev/null
mount -t devpts devpts /dev/pts 2>/dev/null
mount -t tmpfs -o mode=1777 tmpfs /tmp 2>/dev/null
hostname -F /etc/hostname
ip link set lo up 2>/dev/null
/etc/init.d/consoles >> /etc/inittab
kill -HUP 1 # init reads it again
exit 0
`;

const CONSOLES = `#!/bin/sh
# Prints the lines of inittab for the shells: one on each console that the kernel uses, and on the screen's first terminal if there is a
# screen; the next three wait for Enter. A shell has its terminal by name, not as /dev/console, so that job control works there.
[ -r /proc/consoles ] && while read -r console rest; do
  case $console in
  ttyS*) [ -c "/dev/$console" ] && echo "$console::respawn:-/bin/sh" ;;
  esac
done < /proc/consoles
[ -c /dev/tty1 ] || exit 0
echo "tty1::respawn:-/bin/sh"
for tty in tty2 tty3 tty4; do echo "$tty::askfirst:-/bin/sh"; done
`;

const RC_STOP = `#!/bin/sh
# Runs before the machine stops or restarts.
sync
umount -a -r 2>/dev/null
exit 0
`;

const PROFILE = `export PATH=/sbin:/usr/sbin:/bin:/usr/bin
export HOME=/root
export USER=root
export LOGNAME=root
export SHELL=/bin/sh
export TERM=\${TERM:-linux}
export PAGER=less
export PS1='\\u@\\h:\\w\\$ '
cd "$HOME"
[ -f /etc/welcome ] && [ -z "$TYPIX_GREETED" ] && . /etc/welcome
export TYPIX_GREETED=1
`;

const WELCOME = `# What a person reads first; read by /etc/profile.
tty=$(tty)
tty=\${tty#/dev/}
others=
while read -r console rest; do
  [ "$console" = tty0 ] && console=tty1
  [ "$console" = "$tty" ] || others="$others $console"
done < /proc/consoles
case "$tty $others" in
*tty1*) ;;
*) [ -c /dev/tty1 ] && others="$others tty1" ;;
esac
echo
echo "Typix $(uname -r), a Linux-compatible kernel in TypeScript. This is a shell of user root on $tty."
[ -z "$others" ] || echo "Further shells are on:$others."
case $tty in
tty[1-9]*) echo "Alt-F1 to Alt-F4 switch between four terminals of this screen." ;;
esac
echo "The programs are Debian's busybox: 'busybox' lists them, 'NAME --help' explains one."
echo "'poweroff' ends the session and turns the machine off; 'reboot' restarts it."
echo "The documentation is in the folder docs of Typix' source: begin with docs/using-typix.md."
echo
unset tty others console rest
`;

/** Text files of the root: path, content, mode. */
const TEXT_FILES: readonly (readonly [string, string, number])[] = [
  ['etc/inittab', INITTAB, 0o644],
  ['etc/init.d/rcS', RC_START, 0o755],
  ['etc/init.d/consoles', CONSOLES, 0o755],
  ['etc/init.d/rcK', RC_STOP, 0o755],
  ['etc/profile', PROFILE, 0o644],
  ['etc/welcome', WELCOME, 0o644],
  ['etc/hostname', 'typix\n', 0o644],
  ['etc/hosts', '127.0.0.1\tlocalhost typix\n::1\tlocalhost\n', 0o644],
  ['etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n', 0o644],
  ['etc/group', 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n', 0o644],
  ['etc/shells', '/bin/sh\n', 0o644],
  ['etc/fstab', '', 0o644],
];

const DIRECTORIES: readonly (readonly [string, number])[] = [
  ['bin', 0o755], ['sbin', 0o755], ['usr/bin', 0o755], ['usr/sbin', 0o755], ['dev', 0o755], ['proc', 0o555], ['sys', 0o555],
  ['tmp', 0o1777], ['root', 0o700], ['run', 0o755], ['var/log', 0o755], ['var/tmp', 0o1777], ['mnt', 0o755], ['home', 0o755],
];

/** Nodes an init needs before it has mounted /dev (character devices of devices.txt). */
export const EARLY_DEVICES: readonly CpioEntry[] = [
  characterDevice('dev/console', 5, 1),
  characterDevice('dev/null', 1, 3, 0o666),
  characterDevice('dev/tty', 5, 0, 0o666),
  characterDevice('dev/ttyS0', 4, 64, 0o600),
];

/** Paths of busybox' applets without the leading slash, as `busybox --list-full` prints them. */
export function listApplets(busybox = BUSYBOX_PATH): string[] {
  const text = execFileSync(busybox, ['--list-full'], { encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '' && line !== 'bin/busybox' && line !== 'linuxrc');
}

/** The entries of the default root. Throws if the busybox is not there. */
export function busyboxUserland(busybox = BUSYBOX_PATH): CpioEntry[] {
  if (!existsSync(busybox)) throw new Error(`${busybox} is missing (Debian package busybox-static)`);
  const entries: CpioEntry[] = DIRECTORIES.map(([path, mode]) => directory(path, mode));
  entries.push(...EARLY_DEVICES);
  entries.push(file('bin/busybox', readFileSync(busybox), 0o755));
  for (const applet of listApplets(busybox)) entries.push(symlink(applet, '/bin/busybox'));
  entries.push(symlink('init', '/bin/busybox'));
  for (const [path, content, mode] of TEXT_FILES) entries.push(file(path, content, mode));
  return entries;
}

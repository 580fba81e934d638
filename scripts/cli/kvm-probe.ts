/**
 * Finds out, once for a machine and boot, whether KVM really runs guests here and faster than emulation does. On some machines /dev/kvm opens
 * and guests then hang or crawl; so a guest of a few bytes is run under both accelerators with a time limit.
 *
 * The guest is a boot sector: real-mode code that counts, exits by the debug-exit device, and touches a port now and then,
 * as kernels do. The result is kept in the user's cache folder.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { userCacheFolder } from './paths.ts';
import { QEMU, type Accelerator } from './qemu.ts';

/** What one accelerator did with the probe guest. */
export interface Attempt {
  readonly ok: boolean;
  readonly milliseconds: number;
  /** Why it failed. */
  readonly reason?: string;
}

export interface ProbeResult {
  readonly key: string;
  readonly accelerator: Accelerator;
  readonly kvm: Attempt;
  readonly tcg?: Attempt;
}

/** No probe may hold a command up for longer. */
const KVM_LIMIT_MS = 4000;
const TCG_LIMIT_MS = 15000;
/** The debug-exit device ends QEMU with (value << 1) | 1. */
const EXIT_STATUS = (0x21 << 1) | 1;

/**
 * A boot sector: 20 rounds of 2^20 additions, each round with 64 port accesses, then exit by port 0xf4.
 *
 *     mov bp, 20 | round: mov ecx, 1 << 20 | a: dec ecx; jnz a | mov cx, 64 | b: in al, 0x80; loop b | dec bp; jnz round
 *     mov al, 0x21; out 0xf4, al; hlt; jmp $
 */
export function probeSector(): Buffer {
  const code = [
    0xfa, 0xbd, 20, 0, 0x66, 0xb9, 0x00, 0x00, 0x10, 0x00, 0x66, 0x49, 0x75, 0xfc, 0xb9, 64, 0, 0xe4, 0x80, 0xe2, 0xfc, 0x4d, 0x75, 0xec, 0xb0, 0x21,
    0xe6, 0xf4, 0xf4, 0xeb, 0xfe,
  ];
  const sector = Buffer.alloc(512);
  Buffer.from(code).copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

function attempt(accelerator: Accelerator, disk: string, limitMs: number): Promise<Attempt> {
  const model = accelerator === 'kvm' ? 'host' : 'max';
  const args = [
    '-nodefaults', '-no-user-config', '-M', 'pc', '-accel', accelerator, '-cpu', model, '-m', '32M', '-display', 'none', '-vga', 'none', '-no-reboot',
    '-device', 'isa-debug-exit,iobase=0xf4,iosize=1', '-drive', `format=raw,snapshot=on,file=${disk}`,
  ];
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(QEMU, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limitMs);
    const end = (ok: boolean, reason?: string): void => {
      clearTimeout(timer);
      resolve({ ok, milliseconds: Math.round(performance.now() - startedAt), ...(reason ? { reason } : {}) });
    };
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', (error) => end(false, error.message));
    child.on('exit', (code) => {
      if (code === EXIT_STATUS) end(true);
      else end(false, late ? `the guest hangs (stopped after ${limitMs / 1000} s)` : complaint.trim().split('\n')[0] || `QEMU ended with ${code}`);
    });
  });
}

/** Changes when the machine, its kernel or its boot does: then the probe is run again. */
function machineKey(): string {
  const bootId = existsSync('/proc/sys/kernel/random/boot_id') ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';
  return [release(), cpus()[0]?.model ?? '', bootId, process.getuid?.() ?? ''].join('|');
}

function cachePath(): string {
  return join(userCacheFolder(), 'accelerator.json');
}

/** The remembered result for this machine and boot, or undefined. */
export function rememberedProbe(): ProbeResult | undefined {
  try {
    const result = JSON.parse(readFileSync(cachePath(), 'utf8')) as ProbeResult;
    return result.key === machineKey() ? result : undefined;
  } catch {
    return undefined;
  }
}

/** Why KVM cannot even be tried, or undefined. */
function kvmObstacle(): string | undefined {
  if (!existsSync('/dev/kvm')) return 'there is no /dev/kvm';
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    return '/dev/kvm may not be opened by this user (group kvm)';
  }
}

/** Runs the probe and remembers what it found. */
export async function probe(): Promise<ProbeResult> {
  const obstacle = kvmObstacle();
  const folder = mkdtempSync(join(tmpdir(), 'typix-kvm-'));
  try {
    const disk = join(folder, 'probe.img');
    writeFileSync(disk, probeSector());
    let kvm: Attempt = { ok: false, milliseconds: 0, reason: obstacle };
    let tcg: Attempt | undefined;
    if (obstacle === undefined) {
      tcg = await attempt('tcg', disk, TCG_LIMIT_MS);
      // A KVM that takes longer than emulation is of no use, so that is its limit.
      const limit = tcg.ok ? Math.min(KVM_LIMIT_MS, Math.max(1000, tcg.milliseconds * 2)) : KVM_LIMIT_MS;
      kvm = await attempt('kvm', disk, limit);
    }
    const isFaster = kvm.ok && (!tcg?.ok || kvm.milliseconds < tcg.milliseconds);
    const result: ProbeResult = { key: machineKey(), accelerator: isFaster ? 'kvm' : 'tcg', kvm, ...(tcg ? { tcg } : {}) };
    mkdirSync(dirname(cachePath()), { recursive: true });
    writeFileSync(cachePath(), `${JSON.stringify(result, null, 2)}\n`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One line about KVM on this machine, with the figures. */
export function describeProbe(result: ProbeResult): string {
  const tcg = result.tcg?.ok ? `${result.tcg.milliseconds} ms with TCG` : 'TCG failed';
  if (!result.kvm.ok) return `KVM does not work: ${result.kvm.reason ?? 'unknown'}${result.tcg ? ` (probe guest: ${tcg})` : ''}`;
  const verdict = result.accelerator === 'kvm' ? 'KVM works' : 'KVM works but is slower than emulation';
  return `${verdict} (probe guest: ${result.kvm.milliseconds} ms with KVM, ${tcg})`;
}

/** The accelerator for this machine; the first time, the probe is run (at most a few seconds). */
export async function rememberedAccelerator(log: (line: string) => void): Promise<Accelerator> {
  const known = rememberedProbe();
  if (known) return known.accelerator;
  if (!existsSync('/dev/kvm')) return 'tcg';
  const result = await probe();
  log(describeProbe(result));
  return result.accelerator;
}

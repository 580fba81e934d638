/**
 * Bochs as a second machine: it models CPUs and boards of its own and refuses what real ones refuse and QEMU lets pass (non-canonical
 * bases, reserved bits, registers that a model lacks). Slower than QEMU; the guest boots the ISO by BIOS.
 *
 * The first serial port is a TCP connection to the test, the screen is a window on an X server without a screen (Xvfb), whose frame
 * buffer is a file: `screen` reads it. Debian's Bochs is built with its debugger, which is told to go on.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GuestSession, type SessionLimits } from './guest-session.ts';
import { readXwd, type Picture } from './picture.ts';

const BOCHS = '/usr/bin/bochs-bin';
const XVFB = '/usr/bin/Xvfb';
/** Bochs ends its process as after a panic when the guest turns the machine off. */
const POWERED_OFF = 1;

export interface BochsOptions extends SessionLimits {
  /** As `bochs --help cpu` names it. */
  readonly model: string;
  readonly iso: string;
  readonly memoryMib?: number;
}

/** The models of Debian's Bochs that can run 64-bit code, oldest first. */
export const BOCHS_MODELS: readonly string[] = [
  'bx_generic', 'athlon64_clawhammer', 'p4_prescott_celeron_336', 'athlon64_venice', 'turion64_tyler', 'core2_penryn_t9600', 'phenom_8650_toliman',
  'corei5_lynnfield_750', 'corei5_arrandale_m520', 'corei7_sandy_bridge_2600k', 'zambezi', 'corei7_ivy_bridge_3770k', 'trinity_apu',
  'corei7_haswell_4770', 'broadwell_ult', 'ryzen', 'corei7_skylake_x', 'corei3_cnl', 'corei7_icelake_u', 'tigerlake',
];

/** Instructions a second of the guest's clock: a constant, so that what the guest sees does not depend on the host. */
const INSTRUCTIONS_PER_SECOND = 100_000_000;

function configuration(options: BochsOptions, port: number, folder: string): string {
  return `
config_interface: textconfig
display_library: x
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/vgabios/vgabios.bin
megs: ${options.memoryMib ?? 256}
cpu: model=${options.model}, count=1, ips=${INSTRUCTIONS_PER_SECOND}, reset_on_triple_fault=0
clock: sync=none, time0=utc
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path=${options.iso}, status=inserted
boot: cdrom
com1: enabled=1, mode=socket-client, dev=127.0.0.1:${port}
log: ${join(folder, 'log')}
panic: action=fatal
error: action=report
info: action=report
debug: action=ignore
speaker: enabled=0
`;
}

/** An X server whose screen is a file in `folder`; resolves to its display's number. */
function startXvfb(folder: string): { child: ChildProcess; display: Promise<string> } {
  const size = ['-screen', '0', '1152x900x24', '-fbdir', folder, '-nolisten', 'tcp', '-nocursor'];
  const child = spawn(XVFB, ['-displayfd', '3', ...size], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const display = new Promise<string>((resolve, reject) => {
    let text = '';
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error('Xvfb ended before it had a display')));
  });
  return { child, display };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** The port's connection, or why there is none: Bochs ended first (its log says why). */
function connection(server: Server, child: ChildProcess, folder: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    server.once('connection', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Bochs ended with ${code} before it began:\n${logTail(folder)}`)));
  });
}

function logTail(folder: string): string {
  try {
    return readFileSync(join(folder, 'log'), 'utf8').slice(-2000);
  } catch {
    return '(no log)';
  }
}

export class BochsGuest {
  private constructor(readonly session: GuestSession, private readonly folder: string, private readonly end: () => void) {}

  /** Starts Bochs; ends it, and its X server, on every way out. */
  static async start(options: BochsOptions): Promise<BochsGuest> {
    const folder = mkdtempSync(join(tmpdir(), 'typix-bochs-'));
    const xvfb = startXvfb(folder);
    let bochs: ChildProcess | undefined;
    const end = (): void => {
      process.off('exit', end);
      bochs?.kill('SIGKILL');
      xvfb.child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    };
    process.once('exit', end);
    const server = createServer();
    try {
      const display = await xvfb.display;
      const port = await listen(server);
      const file = join(folder, 'bochsrc');
      writeFileSync(file, configuration(options, port, folder));
      writeFileSync(join(folder, 'debugger'), 'c\n');
      const environment = { ...process.env, DISPLAY: `:${display}` };
      bochs = spawn(BOCHS, ['-q', '-f', file, '-rc', join(folder, 'debugger')], { stdio: ['ignore', 'ignore', 'ignore'], env: environment, cwd: folder });
      const socket = await connection(server, bochs, folder);
      const session = new GuestSession({ child: bochs, port: socket, endCode: POWERED_OFF }, options);
      return new BochsGuest(session, folder, end);
    } catch (error) {
      end();
      throw error;
    } finally {
      server.close();
    }
  }

  /** What Bochs itself has to say: accesses it refuses are among it. */
  get log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  /** What the X server shows: Bochs' window with its tool bar above the guest's screen. */
  screen(): Picture {
    return readXwd(readFileSync(join(this.folder, 'Xvfb_screen0')));
  }

  async close(): Promise<void> {
    await this.session.close();
    this.end();
  }
}

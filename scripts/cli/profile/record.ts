/** Runs a program as `typix exec` does, with recording on, and fetches what was recorded. For `typix profile` and `typix trace`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, exitStatus, flushed, standardInput, type ExecArguments } from '../commands/exec.ts';
import { chooseAccelerator } from '../accelerator.ts';
import { UserError } from '../errors.ts';
import { execInitramfs } from '../exec/exec-root.ts';
import { runGuest, type GuestObserver } from '../exec/guest-run.ts';
import { ensureKernel } from '../kernel-image.ts';
import { ensurePackages } from '../packages.ts';
import { parseMemory, parseSeconds } from '../sizes.ts';
import { GuestMemory } from './guest-memory.ts';
import { parseEvents, parsePlace, parseSamples, type RecordingPlace, type Sample, type TraceEvent } from './recording.ts';

export interface Recorded {
  /** Of the program, as `typix exec` ends with it. */
  readonly status: number;
  readonly kernel: string;
  readonly profile?: { readonly place: RecordingPlace; readonly samples: readonly Sample[] };
  readonly trace?: { readonly place: RecordingPlace; readonly events: readonly TraceEvent[] };
}

/** What was recorded, read when the program has ended. */
class RecordingReader implements GuestObserver {
  private memory: GuestMemory | undefined;
  readonly places: Partial<Record<'profile' | 'trace', RecordingPlace>> = {};
  readonly bytes: Partial<Record<'profile' | 'trace', Buffer>> = {};
  problem: string | undefined;

  arguments(fd: number): string[] {
    return GuestMemory.arguments(fd);
  }

  connected(socket: ConstructorParameters<typeof GuestMemory>[0]): void {
    this.memory = new GuestMemory(socket);
  }

  /** True if the line says where a recording is. */
  take(line: string): boolean {
    for (const kind of ['profile', 'trace'] as const) {
      const place = parsePlace(line, kind);
      if (place) this.places[kind] = place;
      if (place) return true;
    }
    return false;
  }

  async ended(): Promise<void> {
    try {
      for (const kind of ['profile', 'trace'] as const) {
        const place = this.places[kind];
        if (place) this.bytes[kind] = await this.memory!.read(place.address, place.bytes);
      }
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

/** `recording`: the words of the kernel command line that turn it on. */
export async function recordProgram(args: ExecArguments, recording: string): Promise<Recorded> {
  const argv = [...(args.program ?? []), ...(args['--'] ?? [])].map(String);
  const program = argv[0];
  if (program === undefined) throw new UserError('say which program to run', 'put it and its arguments after --', 2);
  const timeoutMs = args.timeout === undefined ? undefined : parseSeconds(args.timeout, 'time limit') * 1000;
  ensurePackages(['build', 'run']);
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const kernel = await ensureKernel(args, progress);
  const accelerator = await chooseAccelerator(args, progress);
  const archive = execInitramfs({ argv, root: args.root, workingDirectory: args.cwd, environment: environment(args), files: args.file });
  const append = ['typix.exec=stream', 'panic=-1', recording, args.append ?? ''].filter(Boolean).join(' ');
  const folder = mkdtempSync(join(tmpdir(), 'typix-record-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(128 + constants.signals[signal]));
  const initrd = join(folder, 'initramfs.cpio');
  writeFileSync(initrd, archive);
  const reader = new RecordingReader();
  const logged: string[] = [];
  const log = (line: string): void => {
    if (reader.take(line)) return;
    if (args.log || /typix\.(profile|trace): /.test(line)) process.stderr.write(`${line}\n`);
    else logged.push(line);
  };
  const machine = {
    boot: { kind: 'kernel' as const, kernel, initrd, append }, memoryBytes: parseMemory(args.memory), cpus: 1, machine: args.machine, accelerator, extra: args.qemu,
  };
  const outcome = await runGuest(machine, { input: standardInput(), output: process.stdout, errors: process.stderr, log }, timeoutMs, reader);
  const status = exitStatus(outcome, program, logged);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  if (reader.problem !== undefined) throw new UserError(`cannot read the recording: ${reader.problem}`, undefined, 125);
  const { profile, trace } = reader.places;
  return {
    status, kernel,
    profile: profile && { place: profile, samples: parseSamples(reader.bytes.profile ?? Buffer.alloc(0)) },
    trace: trace && { place: trace, events: parseEvents(reader.bytes.trace ?? Buffer.alloc(0)) },
  };
}

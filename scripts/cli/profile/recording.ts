/**
 * What the kernel records, as it lies in the guest's memory: samples of the profiler (arch/x86_64/native/profile.c) and events of
 * tracepoints (kernel/trace/trace.ts). Turns the bytes into objects; knows nothing of symbols.
 */

/** Where a recording lies, from the lines `typix-profile:` and `typix-trace:` (docs/inside/exec-protocol.md). */
export interface RecordingPlace {
  readonly address: bigint;
  readonly bytes: number;
  readonly lost: number;
  readonly startTsc: bigint;
  readonly tscHz: number;
  /** Of a profile: samples a second. */
  readonly samplingHz: number;
}

export type SampleMode = 'user' | 'kernel' | 'idle';

export interface Sample {
  readonly tsc: bigint;
  readonly task: number;
  readonly mode: SampleMode;
  /** Innermost first. The first of each is exact, or the instruction after `syscall`; the others are return addresses. */
  readonly kernel: readonly bigint[];
  readonly user: readonly bigint[];
  /** Word on top of each stack, 0 if not known: a return address if the innermost function has no frame. */
  readonly kernelTop: bigint;
  readonly userTop: bigint;
}

/** Kinds of events, as kernel/trace/trace.ts numbers them. */
export const EventKind = {
  SWITCH: 1, WAKE: 2, CALL_BEGIN: 3, CALL_END: 4, FAULT_BEGIN: 5, FAULT_END: 6, INTERRUPT_BEGIN: 7, INTERRUPT_END: 8,
  COLLECTION_BEGIN: 9, COLLECTION_END: 10, FORK: 11, EXIT: 12, EXEC: 13, TEXT: 14, MAP: 15, MAP_FILE: 16, CALL_ERROR: 17,
} as const;

export interface TraceEvent {
  readonly tsc: bigint;
  readonly task: number;
  readonly kind: number;
  readonly a: bigint;
  readonly b: bigint;
}

const MODES: readonly SampleMode[] = ['user', 'kernel', 'idle'];
const SAMPLE_HEADER = 32;
const EVENT_BYTES = 32;

/** Reads a place line, if this is one of the given kind. */
export function parsePlace(line: string, kind: 'profile' | 'trace'): RecordingPlace | undefined {
  const match = new RegExp(`^typix-${kind}: (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)(?: (\\d+))?\\s*$`).exec(line);
  if (!match) return undefined;
  const [, address, bytes, lost, startTsc, tscHz, samplingHz] = match;
  return {
    address: BigInt(address!), bytes: Number(bytes), lost: Number(lost), startTsc: BigInt(startTsc!), tscHz: Number(tscHz), samplingHz: Number(samplingHz ?? 0),
  };
}

/** The samples of a buffer; one that is cut short ends the list. */
export function parseSamples(bytes: Buffer): Sample[] {
  const samples: Sample[] = [];
  for (let at = 0; at + SAMPLE_HEADER <= bytes.length;) {
    const mode = MODES[bytes[at + 12]!];
    const [kernelCount, userCount] = [bytes[at + 13]!, bytes[at + 14]!];
    const end = at + SAMPLE_HEADER + (kernelCount + userCount) * 8;
    if (mode === undefined || end > bytes.length) break;
    const addresses: bigint[] = [];
    for (let word = at + SAMPLE_HEADER; word < end; word += 8) addresses.push(bytes.readBigUInt64LE(word));
    samples.push({
      tsc: bytes.readBigUInt64LE(at), task: bytes.readUInt32LE(at + 8), mode, kernel: addresses.slice(0, kernelCount), user: addresses.slice(kernelCount),
      kernelTop: bytes.readBigUInt64LE(at + 16), userTop: bytes.readBigUInt64LE(at + 24),
    });
    at = end;
  }
  return samples;
}

export function parseEvents(bytes: Buffer): TraceEvent[] {
  const events: TraceEvent[] = [];
  for (let at = 0; at + EVENT_BYTES <= bytes.length; at += EVENT_BYTES) {
    events.push({
      tsc: bytes.readBigUInt64LE(at), task: bytes.readUInt32LE(at + 8), kind: bytes.readUInt32LE(at + 12), a: bytes.readBigUInt64LE(at + 16),
      b: bytes.readBigUInt64LE(at + 24),
    });
  }
  return events;
}

/** The bytes of a TEXT event, up to a NUL. */
export function textOf(event: TraceEvent): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(event.a, 0);
  bytes.writeBigUInt64LE(event.b, 8);
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

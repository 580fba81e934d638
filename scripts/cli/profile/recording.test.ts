/** Bytes as the kernel records them become objects; tasks change over time. */
import { describe, expect, test } from 'vitest';
import { EventKind, parseEvents, parsePlace, parseSamples, textOf, type TraceEvent } from './recording.ts';
import { TaskTimeline, taskTitle } from './tasks.ts';

function sampleBytes(tsc: bigint, task: number, mode: number, kernel: bigint[], user: bigint[]): Buffer {
  const bytes = Buffer.alloc(32 + 8 * (kernel.length + user.length));
  bytes.writeBigUInt64LE(tsc, 0);
  bytes.writeUInt32LE(task, 8);
  bytes.set([mode, kernel.length, user.length], 12);
  [...kernel, ...user].forEach((address, i) => bytes.writeBigUInt64LE(address, 32 + 8 * i));
  bytes.writeBigUInt64LE(11n, 16);
  bytes.writeBigUInt64LE(12n, 24);
  return bytes;
}

function event(kind: number, a: bigint | number, b: bigint | number, task = 1, tsc = 0n): TraceEvent {
  return { tsc, task, kind, a: BigInt(a), b: BigInt(b) };
}

function text(piece: string, task = 1): TraceEvent {
  const bytes = Buffer.alloc(16);
  bytes.write(piece);
  return event(EventKind.TEXT, bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8), task);
}

describe('recordings', () => {
  test('the line that says where one is', () => {
    expect(parsePlace('typix-profile: 4096 120 3 77 2500000000 997', 'profile')).toEqual({
      address: 4096n, bytes: 120, lost: 3, startTsc: 77n, tscHz: 2.5e9, samplingHz: 997,
    });
    expect(parsePlace('typix-trace: 4096 120 3 77 2500000000', 'trace')?.samplingHz).toBe(0);
    expect(parsePlace('typix-trace: 4096', 'trace')).toBeUndefined();
    expect(parsePlace('typix-exit: 0', 'trace')).toBeUndefined();
  });

  test('samples of different lengths', () => {
    const bytes = Buffer.concat([sampleBytes(5n, 7, 0, [], [0x401000n]), sampleBytes(6n, 8, 1, [0xffffffff00001000n, 0xffffffff00002000n], [0x402000n])]);
    expect(parseSamples(bytes)).toEqual([
      { tsc: 5n, task: 7, mode: 'user', kernel: [], user: [0x401000n], kernelTop: 11n, userTop: 12n },
      { tsc: 6n, task: 8, mode: 'kernel', kernel: [0xffffffff00001000n, 0xffffffff00002000n], user: [0x402000n], kernelTop: 11n, userTop: 12n },
    ]);
  });

  test('a sample that is cut short ends the list', () => {
    const whole = sampleBytes(5n, 7, 2, [1n], []);
    expect(parseSamples(Buffer.concat([whole, whole.subarray(0, 36)]))).toHaveLength(1);
    expect(parseSamples(sampleBytes(5n, 7, 9, [], []))).toEqual([]);
  });

  test('events', () => {
    const bytes = Buffer.alloc(40);
    bytes.writeBigUInt64LE(9n, 0);
    bytes.writeUInt32LE(3, 8);
    bytes.writeUInt32LE(EventKind.CALL_END, 12);
    bytes.writeBigUInt64LE(1n, 16);
    bytes.writeBigInt64LE(-2n, 24);
    expect(parseEvents(bytes)).toEqual([{ tsc: 9n, task: 3, kind: EventKind.CALL_END, a: 1n, b: 0xfffffffffffffffen }]);
  });

  test('text ends at a NUL or after 16 bytes', () => {
    expect(textOf(text('busybox')).toString()).toBe('busybox');
    expect(textOf(text('0123456789abcdef')).toString()).toBe('0123456789abcdef');
  });
});

describe('tasks', () => {
  const program = (path: string, start: number): TraceEvent[] => [
    event(EventKind.MAP, start, start + 0x1000), event(EventKind.MAP_FILE, 0x2000, path.length), text(path.slice(0, 16)), ...(path.length > 16 ? [text(path.slice(16))] : []),
  ];

  test('names, mappings and children', () => {
    const tasks = new TaskTimeline();
    for (const step of [event(EventKind.EXEC, 1, 0), text('sh'), ...program('/usr/local/bin/a-long-name', 0x1000)]) tasks.advance(step);
    tasks.advance(event(EventKind.FORK, 2, 2));
    tasks.advance(event(EventKind.FORK, 3, 1));
    expect(taskTitle(tasks.task(1))).toBe('sh (1)');
    expect(taskTitle(tasks.task(2))).toBe('sh (2)');
    expect(tasks.task(3).process).toBe(1);
    expect(tasks.task(2).mappings).toEqual([{ start: 0x1000n, end: 0x2000n, fileOffset: 0x2000n, path: '/usr/local/bin/a-long-name' }]);
    for (const step of program('/lib/b.so', 0x8000)) tasks.advance(step);
    expect(tasks.task(3).mappings).toHaveLength(2);
    expect(tasks.task(2).mappings).toHaveLength(1);
  });

  test('exec replaces everything, a mapping what lay there', () => {
    const tasks = new TaskTimeline();
    for (const step of [event(EventKind.EXEC, 1, 0), text('sh'), ...program('/bin/sh', 0x1000), ...program('/bin/other', 0x1800)]) tasks.advance(step);
    expect(tasks.task(1).mappings.map(({ path }) => path)).toEqual(['/bin/other']);
    for (const step of [event(EventKind.EXEC, 1, 0), text('ls')]) tasks.advance(step);
    expect(tasks.task(1)).toMatchObject({ name: 'ls', mappings: [] });
    expect(taskTitle(tasks.task(9))).toBe('task 9');
    expect(taskTitle(tasks.task(0))).toBe('idle');
  });
});

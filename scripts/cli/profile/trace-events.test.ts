/** Events of the kernel become slices and instants that nest. */
import { describe, expect, test } from 'vitest';
import { EventKind, type RecordingPlace, type TraceEvent } from './recording.ts';
import { resultText, toTraceJson, traceEvents } from './trace-events.ts';

const PLACE: RecordingPlace = { address: 0n, bytes: 0, lost: 4, startTsc: 1000n, tscHz: 1e6, samplingHz: 0 };
const NAMES = new Map([[0, 'read'], [60, 'exit']]);

function event(us: number, kind: number, a: bigint | number = 0, b: bigint | number = 0, task = 1): TraceEvent {
  return { tsc: 1000n + BigInt(us), task, kind, a: BigInt(a), b: BigInt.asUintN(64, BigInt(b)) };
}

describe('trace events', () => {
  test('a call with a fault inside', () => {
    const out = traceEvents([
      event(1, EventKind.CALL_BEGIN, 0, 3), event(2, EventKind.FAULT_BEGIN, 0x5000, 2), event(4, EventKind.FAULT_END, 1), event(7, EventKind.CALL_END, 0, -9),
    ], PLACE, NAMES);
    const slices = out.filter(({ ph }) => ph === 'X');
    expect(slices).toEqual([
      { ph: 'X', name: 'page fault', cat: 'fault', pid: 1, tid: 1, ts: 2, dur: 2, args: { address: '0x5000', access: 'write', resolved: true } },
      { ph: 'X', name: 'read', cat: 'call', pid: 1, tid: 1, ts: 1, dur: 6, args: { argument: '0x3', result: '-1 EBADF' } },
    ]);
  });

  test('failing calls alone', () => {
    const out = traceEvents([event(4, EventKind.CALL_ERROR, 0, 9)], PLACE, NAMES);
    expect(out).toContainEqual(expect.objectContaining({ ph: 'i', name: 'read EBADF', ts: 4 }));
  });

  test('who ran, and why no longer', () => {
    const out = traceEvents([
      event(5, EventKind.SWITCH, 2, 1), event(6, EventKind.WAKE, 1, 0, 2), event(9, EventKind.SWITCH, 0, 5, 2), event(12, EventKind.SWITCH, 1, 0, 0), event(15, EventKind.CALL_END),
    ], PLACE, NAMES);
    const running = out.filter(({ ph, pid, tid }) => ph === 'X' && pid === 0 && tid === 0).map(({ name, ts, dur, args }) => [name, ts, dur, args?.then]);
    expect(running).toEqual([['task 1', 0, 5, 'sleeping'], ['task 2', 5, 4, 'dead'], ['idle', 9, 3, 'runnable'], ['task 1', 12, 3, undefined]]);
    expect(out).toContainEqual({ ph: 'i', name: 'wake', cat: 'task', pid: 1, tid: 1, ts: 6, s: 't', args: { by: 'task 2' } });
  });

  test('a call that does not come back ends with its task', () => {
    const out = traceEvents([event(1, EventKind.CALL_BEGIN, 60), event(3, EventKind.EXIT, 256), event(8, EventKind.SWITCH, 0, 5)], PLACE, NAMES);
    expect(out).toContainEqual(expect.objectContaining({ name: 'exit', ph: 'X', ts: 1, dur: 2 }));
  });

  test('interrupts and collections have tracks of their own', () => {
    const out = traceEvents([
      event(1, EventKind.INTERRUPT_BEGIN, 0xef), event(2, EventKind.INTERRUPT_END, 0xef), event(3, EventKind.INTERRUPT_BEGIN, 0x34), event(4, EventKind.INTERRUPT_END),
      event(5, EventKind.COLLECTION_BEGIN), event(8, EventKind.COLLECTION_END, 100, 4096),
    ], PLACE, NAMES);
    expect(out.filter(({ ph }) => ph === 'X').map(({ name, tid, dur }) => [name, tid, dur])).toEqual([['timer', 1, 1], ['line 4', 1, 1], ['collection', 2, 3]]);
    expect(out).toContainEqual({ ph: 'M', name: 'thread_name', pid: 0, tid: 2, args: { name: 'collections' } });
  });

  test('results as strace shows them', () => {
    expect(resultText(0n)).toBe('0');
    expect(resultText(BigInt.asUintN(64, -2n))).toBe('-1 ENOENT');
    expect(resultText(0x7f0000001000n)).toBe('0x7f0000001000');
  });

  test('the file is JSON and tells how many events were lost', () => {
    const parsed = JSON.parse(toTraceJson([event(1, EventKind.CALL_BEGIN, 9999)], PLACE, NAMES)) as { otherData: { lost: number }; traceEvents: { name: string }[] };
    expect(parsed.otherData.lost).toBe(4);
    expect(parsed.traceEvents[0]!.name).toBe('syscall_9999');
  });
});

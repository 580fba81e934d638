/**
 * Events as a trace for Perfetto and chrome://tracing (the JSON trace-event format): a track for each task with slices for
 * system calls and faults, tracks of the CPU for who ran, interrupts and collections, and instants for wake-ups, fork, exec, exit.
 */
import { constants } from 'node:os';
import { EventKind, type RecordingPlace, type TraceEvent } from './recording.ts';
import { TaskTimeline, taskTitle } from './tasks.ts';

export interface JsonEvent {
  readonly ph: 'X' | 'i' | 'M';
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds since the recording began. */
  readonly ts?: number;
  readonly dur?: number;
  readonly s?: 't';
  readonly args?: Record<string, unknown>;
}

/** The CPU's tracks are threads of a process of number 0. */
const CPU = { process: 0, running: 0, interrupts: 1, collections: 2 } as const;
const STATES = ['runnable', 'sleeping', 'sleeping (killable)', 'sleeping (uninterruptible)', 'stopped', 'dead'];
const INTERRUPT_NAMES: Record<number, string> = { 0xef: 'timer' };
const FIRST_LINE_VECTOR = 0x30;

interface OpenSlice {
  readonly name: string;
  readonly begin: number;
  readonly args: Record<string, unknown>;
  readonly kind: number;
}

function errnoName(value: number): string {
  return Object.entries(constants.errno).find(([, number]) => number === value)?.[0] ?? String(value);
}

/** A result as strace shows it. */
export function resultText(word: bigint): string {
  const value = BigInt.asIntN(64, word);
  if (value < 0n && value >= -4095n) return `-1 ${errnoName(Number(-value))}`;
  return value > 0xffffffffn || value < 0n ? `0x${word.toString(16)}` : value.toString();
}

/** Collects the events of one recording. */
class TraceBuilder {
  readonly out: JsonEvent[] = [];
  private readonly timeline = new TaskTimeline();
  /** Slices that have begun on a task's track, outermost first. */
  private readonly open = new Map<number, OpenSlice[]>();
  private readonly processes = new Map<number, number>();
  private readonly titles = new Map<number, string>();
  private running: { task: number; since: number } | undefined;
  private interrupt: { name: string; begin: number } | undefined;
  private collection: number | undefined;

  constructor(private readonly place: RecordingPlace, private readonly callNames: ReadonlyMap<number, string>) {}

  private time(event: TraceEvent): number {
    return (Number(event.tsc - this.place.startTsc) * 1e6) / this.place.tscHz;
  }

  add(event: TraceEvent): void {
    this.timeline.advance(event);
    const at = this.time(event);
    this.note(event.task);
    switch (event.kind) {
      case EventKind.SWITCH: return this.switched(event, at);
      case EventKind.WAKE: return this.instant(Number(event.a), 'wake', at, { by: this.title(event.task) });
      case EventKind.CALL_BEGIN:
        return this.begin(event, at, this.callName(event), { argument: `0x${event.b.toString(16)}` });
      case EventKind.CALL_END: return this.end(event.task, at, EventKind.CALL_BEGIN, { result: resultText(event.b) });
      case EventKind.CALL_ERROR: return this.instant(event.task, `${this.callName(event)} ${errnoName(Number(event.b))}`, at, {});
      case EventKind.FAULT_BEGIN:
        return this.begin(event, at, 'page fault', { address: `0x${event.a.toString(16)}`, access: (event.b & 2n) !== 0n ? 'write' : (event.b & 16n) !== 0n ? 'fetch' : 'read' });
      case EventKind.FAULT_END: return this.end(event.task, at, EventKind.FAULT_BEGIN, { resolved: event.a === 1n });
      case EventKind.INTERRUPT_BEGIN:
        this.interrupt = { name: interruptName(Number(event.a)), begin: at };
        return;
      case EventKind.INTERRUPT_END: return this.interruptEnded(at);
      case EventKind.COLLECTION_BEGIN:
        this.collection = at;
        return;
      case EventKind.COLLECTION_END: return this.collectionEnded(event, at);
      case EventKind.FORK: return this.instant(event.task, 'fork', at, { child: Number(event.a) });
      case EventKind.EXEC: return this.instant(event.task, 'exec', at, {});
      case EventKind.EXIT:
        this.instant(event.task, 'exit', at, { status: Number(event.a) });
        return this.endAll(event.task, at);
    }
  }

  private callName(event: TraceEvent): string {
    return this.callNames.get(Number(event.a)) ?? `syscall_${event.a}`;
  }

  /** Ends what is open at the last moment, and names the tracks. */
  finish(at: number): void {
    if (this.running) this.ran(at);
    for (const task of this.open.keys()) this.endAll(task, at);
    const name = (kind: string, process: number, task: number, text: string): void =>
      void this.out.push({ ph: 'M', name: kind, pid: process, tid: task, args: { name: text } });
    name('process_name', CPU.process, 0, 'CPU 0');
    name('thread_name', CPU.process, CPU.running, 'running');
    name('thread_name', CPU.process, CPU.interrupts, 'interrupts');
    name('thread_name', CPU.process, CPU.collections, 'collections');
    for (const [task, process] of this.processes) {
      if (task === process) name('process_name', process, task, this.title(task));
      name('thread_name', process, task, this.title(task));
    }
  }

  /** Remembers names and processes, which exec may give later than the first event. */
  private note(task: number): void {
    if (task === 0) return;
    const state = this.timeline.task(task);
    this.processes.set(task, state.process);
    if (state.name !== '') this.titles.set(task, taskTitle(state));
  }

  private title(task: number): string {
    return this.titles.get(task) ?? taskTitle(this.timeline.task(task));
  }

  private track(task: number): { pid: number; tid: number } {
    return { pid: this.timeline.task(task).process, tid: task };
  }

  private instant(task: number, name: string, at: number, args: Record<string, unknown>): void {
    if (task !== 0) this.out.push({ ph: 'i', name, cat: 'task', ...this.track(task), ts: at, s: 't', args });
  }

  private begin(event: TraceEvent, at: number, name: string, args: Record<string, unknown>): void {
    const stack = this.open.get(event.task) ?? [];
    this.open.set(event.task, stack);
    stack.push({ name, begin: at, args, kind: event.kind });
  }

  /** Ends the innermost slice of that kind; what lies within it never ended (a call that did not come back). */
  private end(task: number, at: number, kind: number, args: Record<string, unknown>): void {
    const stack = this.open.get(task) ?? [];
    if (!stack.some((slice) => slice.kind === kind)) return;
    for (let slice = stack.pop(); slice; slice = stack.pop()) {
      this.emit(task, slice, at, slice.kind === kind ? args : {});
      if (slice.kind === kind) return;
    }
  }

  private endAll(task: number, at: number): void {
    const stack = this.open.get(task) ?? [];
    for (let slice = stack.pop(); slice; slice = stack.pop()) this.emit(task, slice, at, {});
  }

  private emit(task: number, slice: OpenSlice, at: number, args: Record<string, unknown>): void {
    const cat = slice.kind === EventKind.CALL_BEGIN ? 'call' : 'fault';
    this.out.push({ ph: 'X', name: slice.name, cat, ...this.track(task), ts: slice.begin, dur: at - slice.begin, args: { ...slice.args, ...args } });
  }

  private switched(event: TraceEvent, at: number): void {
    this.running ??= { task: event.task, since: 0 };
    this.ran(at, STATES[Number(event.b)]);
    this.running = { task: Number(event.a), since: at };
  }

  private ran(at: number, state?: string): void {
    const { task, since } = this.running!;
    const args = state === undefined ? undefined : { then: state };
    this.out.push({ ph: 'X', name: this.title(task), cat: 'scheduler', pid: CPU.process, tid: CPU.running, ts: since, dur: at - since, args });
  }

  private interruptEnded(at: number): void {
    if (!this.interrupt) return;
    const { name, begin } = this.interrupt;
    this.out.push({ ph: 'X', name, cat: 'interrupt', pid: CPU.process, tid: CPU.interrupts, ts: begin, dur: at - begin });
    this.interrupt = undefined;
  }

  private collectionEnded(event: TraceEvent, at: number): void {
    if (this.collection === undefined) return;
    const args = { liveObjects: Number(event.a), liveBytes: Number(event.b) };
    this.out.push({ ph: 'X', name: 'collection', cat: 'collection', pid: CPU.process, tid: CPU.collections, ts: this.collection, dur: at - this.collection, args });
    this.collection = undefined;
  }
}

function interruptName(vector: number): string {
  return INTERRUPT_NAMES[vector] ?? (vector >= FIRST_LINE_VECTOR && vector < FIRST_LINE_VECTOR + 64 ? `line ${vector - FIRST_LINE_VECTOR}` : `vector ${vector}`);
}

/** All events of a recording, tracks named. */
export function traceEvents(events: readonly TraceEvent[], place: RecordingPlace, callNames: ReadonlyMap<number, string>): JsonEvent[] {
  const builder = new TraceBuilder(place, callNames);
  for (const event of events) builder.add(event);
  const last = events[events.length - 1];
  if (last) builder.finish((Number(last.tsc - place.startTsc) * 1e6) / place.tscHz);
  return builder.out;
}

export function toTraceJson(events: readonly TraceEvent[], place: RecordingPlace, callNames: ReadonlyMap<number, string>): string {
  const lines = traceEvents(events, place, callNames).map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ns","otherData":{"lost":${place.lost}},"traceEvents":[\n${lines.join(',\n')}\n]}\n`;
}

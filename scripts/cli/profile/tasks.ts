/**
 * The tasks of a recording as they change over time: names, processes, and which code lies where. Events are given in the
 * order of time; what a sample or event of a moment needs is then what `task` answers.
 */
import { EventKind, textOf, type TraceEvent } from './recording.ts';

/** Code of a file in a process's memory. */
export interface CodeMapping {
  readonly start: bigint;
  readonly end: bigint;
  readonly fileOffset: bigint;
  /** Path in the guest, or "[vdso]". */
  path: string;
}

export interface TaskState {
  readonly id: number;
  process: number;
  name: string;
  /** Shared by the threads of a process. */
  mappings: CodeMapping[];
}

export class TaskTimeline {
  private readonly tasks = new Map<number, TaskState>([[0, { id: 0, process: 0, name: 'idle', mappings: [] }]]);
  private text: { take: (piece: Buffer) => void } | undefined;
  private mapping: { start: bigint; end: bigint } | undefined;

  /** The task as it is at this moment; one that was never heard of has no name. */
  task(id: number): TaskState {
    let state = this.tasks.get(id);
    if (!state) this.tasks.set(id, (state = { id, process: id, name: '', mappings: [] }));
    return state;
  }

  all(): readonly TaskState[] {
    return [...this.tasks.values()];
  }

  /** Takes an event of the next moment. */
  advance(event: TraceEvent): void {
    if (event.kind === EventKind.TEXT) return this.text?.take(textOf(event));
    switch (event.kind) {
      case EventKind.FORK: return this.fork(event);
      case EventKind.EXEC: return this.exec(event);
      case EventKind.MAP:
        this.mapping = { start: event.a, end: event.b };
        break;
      case EventKind.MAP_FILE: return this.map(event);
    }
  }

  private fork(event: TraceEvent): void {
    const parent = this.task(event.task);
    const [id, process] = [Number(event.a), Number(event.b)];
    const isThread = process === parent.process && id !== process;
    this.tasks.set(id, { id, process, name: parent.name, mappings: isThread ? parent.mappings : [...parent.mappings] });
  }

  private exec(event: TraceEvent): void {
    const state = this.task(event.task);
    state.process = Number(event.a);
    state.mappings = [];
    state.name = '';
    this.text = { take: (piece) => void (state.name += piece.toString()) };
  }

  private map(event: TraceEvent): void {
    if (!this.mapping) return;
    const added: CodeMapping = { ...this.mapping, fileOffset: event.a, path: '' };
    this.mapping = undefined;
    const { mappings } = this.task(event.task);
    // What lay there before is gone.
    for (let i = mappings.length - 1; i >= 0; i--) {
      if (mappings[i]!.start < added.end && mappings[i]!.end > added.start) mappings.splice(i, 1);
    }
    mappings.push(added);
    this.text = { take: (piece) => void (added.path += piece.toString()) };
  }
}

/** "busybox (3)", or "task 3" when its name is unknown. */
export function taskTitle(task: TaskState): string {
  if (task.id === 0) return 'idle';
  return task.name === '' ? `task ${task.id}` : `${task.name} (${task.id})`;
}

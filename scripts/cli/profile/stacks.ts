/** From raw samples to stacks of named functions, and the list of the functions that took most. */
import type { Sample, SampleMode, TraceEvent } from './recording.ts';
import type { Frame, KernelSymbols, UserSymbols } from './symbols.ts';
import { TaskTimeline, taskTitle } from './tasks.ts';

/** One sample: its task, and frames from the outermost in. */
export interface Stack {
  readonly task: string;
  /** Name of its program. */
  readonly program: string;
  readonly mode: SampleMode;
  readonly frames: readonly Frame[];
}

export interface TopLine {
  readonly name: string;
  readonly kind: Frame['kind'];
  readonly file?: string;
  /** Samples in the function itself, and in it or what it called. */
  self: number;
  total: number;
}

/** Names all samples. Events tell which program each task ran at that moment. */
export function nameSamples(samples: readonly Sample[], events: readonly TraceEvent[], kernel: KernelSymbols, user: UserSymbols): Stack[] {
  const timeline = new TaskTimeline();
  let next = 0;
  return samples.map((sample) => {
    for (; next < events.length && events[next]!.tsc <= sample.tsc; next++) timeline.advance(events[next]!);
    const task = timeline.task(sample.task);
    // A return address belongs to the call before it.
    const callSite = (address: bigint, depth: number): bigint => (depth === 0 ? address : address - 1n);
    // Behind a system call the user's instruction is the one after `syscall`.
    const userSite = (address: bigint, depth: number): bigint => (sample.mode === 'user' ? callSite(address, depth) : address - 1n);
    const kernelChain = withCaller(sample.kernel, sample.kernelTop, (address, top) => kernel.returnsTo(address, top));
    const userChain = withCaller(sample.user, sample.userTop, (address, top) => user.returnsTo(task.mappings, address, top));
    const frames = [
      ...kernelChain.map((address, depth) => kernel.frame(callSite(address, depth))),
      ...userChain.map((address, depth) => user.frame(task.mappings, userSite(address, depth))),
    ];
    return { task: taskTitle(task), program: task.name === '' ? taskTitle(task) : task.name, mode: sample.mode, frames: frames.reverse() };
  });
}

/** A chain with the caller that frame pointers do not show, when the innermost function has no frame of its own. */
function withCaller(chain: readonly bigint[], top: bigint, returnsTo: (address: bigint, top: bigint) => boolean): readonly bigint[] {
  const [first, ...others] = chain;
  if (first === undefined || top === 0n || top === others[0] || !returnsTo(first, top)) return chain;
  return [first, top, ...others];
}

/** What makes two frames the same function. */
export function functionKey(frame: Frame): string {
  return `${frame.kind}\0${frame.name}\0${frame.kind === 'user' ? (frame.file ?? '') : ''}`;
}

/** Functions by the samples in themselves, most first. */
export function topFunctions(stacks: readonly Stack[]): TopLine[] {
  const lines = new Map<string, TopLine>();
  const line = (frame: Frame): TopLine => {
    const key = functionKey(frame);
    let found = lines.get(key);
    if (!found) lines.set(key, (found = { name: frame.name, kind: frame.kind, file: frame.file, self: 0, total: 0 }));
    return found;
  };
  for (const { frames } of stacks) {
    const last = frames[frames.length - 1];
    if (last) line(last).self++;
    for (const key of new Map(frames.map((frame) => [functionKey(frame), frame])).values()) line(key).total++;
  }
  return [...lines.values()].sort((a, b) => b.self - a.self || b.total - a.total || (a.name < b.name ? -1 : 1));
}

/** The list as text: shares of busy samples. */
export function topText(stacks: readonly Stack[], count: number): string {
  const busy = stacks.filter(({ mode }) => mode !== 'idle');
  const percent = (part: number, whole: number): string => `${whole === 0 ? '0.0' : ((100 * part) / whole).toFixed(1)} %`;
  const share = (mode: SampleMode): string => percent(stacks.filter((stack) => stack.mode === mode).length, stacks.length);
  const lines = [`${stacks.length} samples: user ${share('user')}, kernel ${share('kernel')}, idle ${share('idle')}`];
  if (busy.length === 0) return lines[0]!;
  lines.push('', '   self    total  function');
  for (const top of topFunctions(busy).slice(0, count)) {
    const place = top.file === undefined ? '' : `  (${top.file})`;
    lines.push(`${percent(top.self, busy.length).padStart(7)}  ${percent(top.total, busy.length).padStart(7)}  ${top.kind === 'kernel' ? 'k' : 'u'} ${top.name}${place}`);
  }
  return lines.join('\n');
}

/** Stacks as a speedscope file (https://www.speedscope.app/file-format-schema.json): all tasks together, then the busiest alone. */
import { functionKey, type Stack } from './stacks.ts';

/** Tasks that get a profile of their own. */
const MOST_TASKS = 20;

interface SpeedscopeProfile {
  type: 'sampled';
  name: string;
  unit: 'milliseconds';
  startValue: number;
  endValue: number;
  samples: number[][];
  weights: number[];
}

export function toSpeedscope(stacks: readonly Stack[], samplingHz: number, title: string): string {
  const frames: { name: string; file?: string; line?: number }[] = [];
  const numbers = new Map<string, number>();
  const number = (key: string, frame: { name: string; file?: string; line?: number }): number => {
    let found = numbers.get(key);
    if (found === undefined) {
      numbers.set(key, (found = frames.length));
      frames.push(frame);
    }
    return found;
  };
  const weight = 1000 / samplingHz;
  const indexed = stacks.map((stack) => [
    number(`task\0${stack.program}`, { name: stack.program }),
    ...stack.frames.map((frame) => number(functionKey(frame), { name: frame.name, file: frame.file, line: frame.line })),
  ]);
  const profile = (name: string, samples: number[][]): SpeedscopeProfile => ({
    type: 'sampled', name, unit: 'milliseconds', startValue: 0, endValue: samples.length * weight, samples, weights: samples.map(() => weight),
  });
  const counts = new Map<string, number>();
  for (const { task } of stacks) counts.set(task, (counts.get(task) ?? 0) + 1);
  const tasks = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST_TASKS).map(([task]) => task);
  const profiles = [profile('all tasks', indexed)];
  if (tasks.length > 1) for (const task of tasks) profiles.push(profile(task, indexed.filter((_, at) => stacks[at]!.task === task)));
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json', exporter: 'typix profile', name: title, activeProfileIndex: 0, shared: { frames }, profiles,
  });
}

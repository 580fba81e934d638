// Sizes of stack frames, from what gcc's -fstack-usage says of each object. A kernel stack has 16 KiB, and a system call may be
// dozens of functions deep: a frame of more than 2 KiB stops the build, one of more than 1 KiB is shown.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CompileError } from '../errors.js';

export const SHOWN_FROM = 1024;
export const LIMIT = 2048;

export interface StackFrame {
  /** Name of the function in C. */
  name: string;
  /** File and line of its definition. */
  place: string;
  bytes: number;
  /** Grows with its input, without a bound that gcc knows. */
  isUnbounded: boolean;
}

/** Frames of an object's functions; the list lies beside the object. */
export function framesOf(object: string): StackFrame[] {
  const list = path.join(path.dirname(object), `${path.basename(object, '.o')}.su`);
  return existsSync(list) ? parseStackUsage(readFileSync(list, 'utf8')) : [];
}

/** Lines of the form `FILE:LINE:COLUMN:FUNCTION <tab> BYTES <tab> static | dynamic | dynamic,bounded`. */
export function parseStackUsage(text: string): StackFrame[] {
  return text.split('\n').filter((line) => line !== '').map((line) => {
    const [where, bytes, kind] = line.split('\t');
    const match = /^(.*):\d+:([^:]+)$/.exec(where!);
    if (!match) throw new Error(`gcc: cannot read the stack usage ${line}`);
    return { name: match[2]!, place: match[1]!, bytes: Number(bytes), isUnbounded: kind === 'dynamic' };
  });
}

/** The largest frame, and those worth showing, largest first. Throws CompileError for frames beyond the limit. */
export function checkFrames(frames: StackFrame[], displayNames: Map<string, string>): { largest: number; lines: string[] } {
  const sorted = [...frames].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const describe = ({ name, place, bytes }: StackFrame) => `${place}: ${displayNames.get(name.replace(/\..*/, '')) ?? name} has a stack frame of ${bytes} bytes`;
  const refused = sorted.filter(({ bytes, isUnbounded }) => bytes > LIMIT || isUnbounded);
  if (refused.length > 0) {
    throw new CompileError(refused.map((frame) => `${describe(frame)}${frame.isUnbounded ? ', without a bound' : ''}; at most ${LIMIT} are allowed [stack-frame]`));
  }
  return { largest: sorted[0]?.bytes ?? 0, lines: sorted.filter(({ bytes }) => bytes > SHOWN_FROM).map(describe) };
}

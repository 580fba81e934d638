/** Reading and writing amounts that people type: memory sizes, counts, durations. */
import { UserError } from './errors.ts';

const MIB = 1024 * 1024;
const UNITS: Record<string, number> = { '': MIB, K: 1024, M: MIB, G: 1024 * MIB };

/** Smallest and largest memory a guest may be given, in bytes. */
export const MIN_MEMORY = 16 * MIB;
export const MAX_MEMORY = 1024 * 1024 * MIB;

/** Reads `512M`, `2G`, `65536K` or a plain number of MiB, into bytes. */
export function parseMemory(text: string): number {
  const match = /^(\d+)\s*(|[kmgKMG])(?:i?[bB])?$/.exec(text.trim());
  const unit = UNITS[match?.[2]?.toUpperCase() ?? 'none'];
  if (!match || unit === undefined) throw new UserError(`wrong memory size '${text}'`, 'write a number with K, M or G, such as 512M or 2G');
  const bytes = Number(match[1]) * unit;
  if (bytes < MIN_MEMORY) throw new UserError(`memory size '${text}' is too small`, 'a guest needs at least 16M');
  if (bytes > MAX_MEMORY) throw new UserError(`memory size '${text}' is too large`, 'a guest has at most 1024G');
  return bytes;
}

/** Reads a count within bounds. `what` names it in the error. */
export function parseCount(text: string | number, what: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new UserError(`wrong ${what} '${text}'`, `write a whole number from ${lowest} to ${highest}`);
  }
  return value;
}

/** Reads a positive number of seconds. */
export function parseSeconds(text: string | number, what: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UserError(`wrong ${what} '${text}'`, 'write a number of seconds above 0');
  return value;
}

/** `1.9 GiB`, `512 MiB`, `3 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

/** Writes an image to a device or file in large steps, flushes it, and reads it back to compare. */
import { closeSync, constants, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';

const STEP = 4 * 1024 * 1024;

/** Fills `buffer` from the file; returns how many bytes there were. */
function readFully(descriptor: number, buffer: Buffer, position: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Position of the first byte in which the target differs from the image, or undefined if there is none. */
export function firstDifference(image: string, target: string): number | undefined {
  const [source, copy] = [openSync(image, 'r'), openSync(target, 'r')];
  const [wanted, found] = [Buffer.alloc(STEP), Buffer.alloc(STEP)];
  try {
    for (let position = 0; ; position += STEP) {
      const length = readFully(source, wanted, position);
      if (length === 0) return undefined;
      const got = readFully(copy, found.subarray(0, length), position);
      for (let index = 0; index < length; index++) {
        if (index >= got || wanted[index] !== found[index]) return position + index;
      }
    }
  } finally {
    closeSync(source);
    closeSync(copy);
  }
}

/** Copies the image to the start of the target and flushes it. The target must exist. With `exclusive`, a device in use is refused (EBUSY). */
export function writeImage(image: string, target: string, exclusive: boolean, progress: (written: number, total: number) => void): void {
  const total = statSync(image).size;
  const source = openSync(image, 'r');
  const copy = openSync(target, constants.O_WRONLY | (exclusive ? constants.O_EXCL : 0));
  const buffer = Buffer.alloc(STEP);
  try {
    for (let position = 0; position < total; ) {
      const length = readFully(source, buffer, position);
      if (length === 0) throw new Error('the image became shorter while it was read');
      for (let done = 0; done < length; ) done += writeSync(copy, buffer, done, length - done, position + done);
      position += length;
      progress(position, total);
    }
    fsyncSync(copy);
  } finally {
    closeSync(source);
    closeSync(copy);
  }
}

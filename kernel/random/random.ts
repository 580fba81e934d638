// The kernel's random numbers: ChaCha20 with fast key erasure. The key is replaced after every block that is given out, so
// earlier output cannot be found from the state. Where the key comes from: entropy.ts. Until that says the generator is ready, the
// numbers may be guessable; who must not have such waits (getrandom(2)). Nothing here sleeps or allocates after start.

import { readU64, writeU32 } from "../runtime/text/byte-access";
import { CHACHA_COUNTER, CHACHA_KEY, CHACHA_KEY_WORDS, CHACHA_WORDS, chachaBlock, chachaState } from "./chacha";

@inline export const BLOCK_SIZE: i32 = 64;
/** Blocks after which a fresh key is asked for. */
@inline const RESEED_INTERVAL: u32 = 1024;

/** Gives the generator fresh entropy (entropy.ts). */
export abstract class SeedSource {
  /** Calls `mixKey`. Neither sleeps nor allocates. */
  abstract reseed(): void;
}

@kernelLock const state = chachaState();
@scratch const working = new StaticArray<u32>(CHACHA_WORDS);
@kernelLock const output = new StaticArray<u8>(BLOCK_SIZE);
/** Output not given out yet, from this position on; the first 32 bytes of each block became the next key. */
@kernelLock let position: i32 = BLOCK_SIZE;
@kernelLock let blocks: u32 = 0;
@bootOnly let source: SeedSource | null = null;
@scratch const words = new StaticArray<u64>(2);

/** Boot. */
export function setSeedSource(seeds: SeedSource): void {
  source = seeds;
}

/** Mixes eight words of a block, from `at` on, into the key; what was left of the last block is dropped. */
export function mixKey(block: StaticArray<u32>, at: i32): void {
  for (let i = 0; i < CHACHA_KEY_WORDS; i++) state[CHACHA_KEY + i] ^= block[at + i];
  generate();
  position = BLOCK_SIZE;
}

/** Two words for AT_RANDOM and ASLR; the array is reused by the next call. */
export function fillRandomWords(): StaticArray<u64> {
  words[0] = random64();
  words[1] = random64();
  return words;
}

/** 64 random bits. */
export function random64(): u64 {
  if (position + 8 > BLOCK_SIZE) generate();
  const value = readU64(output, position);
  erase(position, 8);
  position += 8;
  return value;
}

/** Fills a range of an array. */
export function fillRandom(to: StaticArray<u8>, at: i32, length: i32): void {
  for (let i = 0; i < length; i++) {
    if (position >= BLOCK_SIZE) generate();
    to[at + i] = output[position];
    output[position] = 0;
    position++;
  }
}

/** One more block: half of it becomes the new key, the rest is output. */
function generate(): void {
  blocks++;
  const seeds = source;
  if (blocks % RESEED_INTERVAL == 0 && seeds !== null) seeds.reseed();
  chachaBlock(state, working);
  for (let i = 0; i < CHACHA_KEY_WORDS; i++) state[CHACHA_KEY + i] = working[i];
  state[CHACHA_COUNTER]++;
  for (let i = CHACHA_KEY_WORDS; i < CHACHA_WORDS; i++) writeU32(output, 4 * i, working[i]);
  position = 4 * CHACHA_KEY_WORDS;
}

function erase(at: i32, length: i32): void {
  for (let i = 0; i < length; i++) output[at + i] = 0;
}

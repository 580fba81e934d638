// The kernel's random numbers: ChaCha20 (RFC 8439) with fast key erasure, seeded from the CPU's generator and from jitter of
// the time-stamp counter (getrandom(2), random(4)). The key is replaced after every block that is given out, so
// earlier output cannot be found from the state. Nothing here sleeps or allocates after start.

import { readU64, writeU32 } from "../runtime/text/byte-access";
import { hardwareEntropy } from "../../arch/x86_64/platform/entropy";

@inline const WORDS: i32 = 16;
@inline export const BLOCK_SIZE: i32 = 64;
/** Blocks after which fresh entropy is mixed in. */
@inline const RESEED_INTERVAL: u32 = 1024;

/** Constants, key (8 words), counter, nonce (3 words). */
@kernelLock const state = new StaticArray<u32>(WORDS);
@scratch const working = new StaticArray<u32>(WORDS);
@kernelLock const output = new StaticArray<u8>(BLOCK_SIZE);
/** Output not given out yet, from this position on; the first 32 bytes of each block became the next key. */
@kernelLock let position: i32 = BLOCK_SIZE;
@kernelLock let blocks: u32 = 0;
@kernelLock let isSeeded: bool = false;
@scratch const words = new StaticArray<u64>(2);

/** Collects entropy for the first time. Boot; runs some thousand instructions. */
export function initRandom(): void {
  state[0] = 0x61707865;
  state[1] = 0x3320646e;
  state[2] = 0x79622d32;
  state[3] = 0x6b206574;
  for (let round = 0; round < 64; round++) {
    mixWord(round, hardwareEntropy());
    generate();
  }
  isSeeded = true;
}

/** Mixes something in that others may know (data written to /dev/urandom, interrupt times). */
export function addEntropy(value: u64): void {
  mixWord(<i32>(value & 7), value);
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
  if (blocks % RESEED_INTERVAL == 0) mixWord(<i32>(blocks & 7), hardwareEntropy());
  for (let i = 0; i < WORDS; i++) working[i] = state[i];
  for (let round = 0; round < 10; round++) {
    quarter(0, 4, 8, 12);
    quarter(1, 5, 9, 13);
    quarter(2, 6, 10, 14);
    quarter(3, 7, 11, 15);
    quarter(0, 5, 10, 15);
    quarter(1, 6, 11, 12);
    quarter(2, 7, 8, 13);
    quarter(3, 4, 9, 14);
  }
  for (let i = 0; i < WORDS; i++) working[i] += state[i];
  for (let i = 0; i < 8; i++) state[4 + i] = working[i];
  state[12]++;
  for (let i = 8; i < WORDS; i++) writeU32(output, 4 * i, working[i]);
  position = 32;
}

function quarter(a: i32, b: i32, c: i32, d: i32): void {
  working[a] += working[b];
  working[d] = rotl<u32>(working[d] ^ working[a], 16);
  working[c] += working[d];
  working[b] = rotl<u32>(working[b] ^ working[c], 12);
  working[a] += working[b];
  working[d] = rotl<u32>(working[d] ^ working[a], 8);
  working[c] += working[d];
  working[b] = rotl<u32>(working[b] ^ working[c], 7);
}

function mixWord(place: i32, value: u64): void {
  const at = 4 + (place & 3) * 2;
  state[at] ^= <u32>value;
  state[at + 1] ^= <u32>(value >> 32);
}

function erase(at: i32, length: i32): void {
  for (let i = 0; i < length; i++) output[at + i] = 0;
}

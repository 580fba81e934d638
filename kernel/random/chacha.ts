// The block function of ChaCha20 (RFC 8439, 2.3): sixteen words in, sixteen out. Neither sleeps nor allocates.

@inline export const CHACHA_WORDS: i32 = 16;
/** Places of a state's parts: constants, key (8 words), counter and nonce. */
@inline export const CHACHA_KEY: i32 = 4;
@inline export const CHACHA_KEY_WORDS: i32 = 8;
@inline export const CHACHA_COUNTER: i32 = 12;

/** A state with the constants of the RFC and all else zero. */
export function chachaState(): StaticArray<u32> {
  const state = new StaticArray<u32>(CHACHA_WORDS);
  state[0] = 0x61707865;
  state[1] = 0x3320646e;
  state[2] = 0x79622d32;
  state[3] = 0x6b206574;
  return state;
}

/** Computes the block of `state` into `block`. */
export function chachaBlock(state: StaticArray<u32>, block: StaticArray<u32>): void {
  for (let i = 0; i < CHACHA_WORDS; i++) block[i] = state[i];
  for (let round = 0; round < 10; round++) {
    quarter(block, 0, 4, 8, 12);
    quarter(block, 1, 5, 9, 13);
    quarter(block, 2, 6, 10, 14);
    quarter(block, 3, 7, 11, 15);
    quarter(block, 0, 5, 10, 15);
    quarter(block, 1, 6, 11, 12);
    quarter(block, 2, 7, 8, 13);
    quarter(block, 3, 4, 9, 14);
  }
  for (let i = 0; i < CHACHA_WORDS; i++) block[i] += state[i];
}

function quarter(x: StaticArray<u32>, a: i32, b: i32, c: i32, d: i32): void {
  x[a] += x[b];
  x[d] = rotl<u32>(x[d] ^ x[a], 16);
  x[c] += x[d];
  x[b] = rotl<u32>(x[b] ^ x[c], 12);
  x[a] += x[b];
  x[d] = rotl<u32>(x[d] ^ x[a], 8);
  x[c] += x[d];
  x[b] = rotl<u32>(x[b] ^ x[c], 7);
}

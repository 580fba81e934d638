// Entropy: what the generator's key is made from, how much of it there is, and who waits for enough (random(4), getrandom(2)).
//
// Everything unpredictable is absorbed by a pool of 256 bits; `credit` counts what it is worth. The generator gets none of it before
// 256 bits are there, and then all at once: bits handed over one by one could be guessed one by one from the output. Sources: the
// CPU's generator (worth its full length, unless random.trust_cpu=off), jitter of the time-stamp counter (jitter.ts, which tests it),
// the moments of interrupts (64 of them are one bit, as Linux counts), what root vouches for (RNDADDENTROPY). `interruptCame` is for
// interrupts; it and the rest neither sleep nor allocate, but for `waitForEntropy`, which sleeps.

import { hardwareEntropy, hasHardwareRandom } from "../../arch/x86_64/platform/entropy";
import { Errno } from "../abi/errno";
import { ignore } from "../runtime/ignore";
import { logInfo } from "../runtime/log/log";
import { waitOn } from "../sync/sleep";
import { WaitQueue } from "../sync/wait-queue";
import { Work, deferredWork } from "../sync/work-queue";
import { realtimeNs, ticks } from "../time/clock";
import { CHACHA_COUNTER, CHACHA_KEY, CHACHA_KEY_WORDS, CHACHA_WORDS, chachaBlock, chachaState } from "./chacha";
import { SeedSource, mixKey, setSeedSource } from "./random";

/** What the pool holds, in bits, and what makes the generator ready. */
@inline export const POOL_BITS: u32 = 256;
@inline const INTERRUPTS_PER_BIT: u32 = 64;

@kernelLock const pool = chachaState();
@scratch const block = new StaticArray<u32>(CHACHA_WORDS);
@kernelLock let place: i32 = 0;
@kernelLock let credited: u32 = 0;
/** The moments of interrupts since they were last absorbed. */
@kernelLock let interruptMix: u64 = 0;
@kernelLock let interrupts: u32 = 0;
/** Woken when the generator becomes ready. */
@kernelLock export const readyWaiters: WaitQueue = new WaitQueue();

/** True once the generator was seeded with enough entropy. */
export function isRandomReady(): bool {
  return credited >= POOL_BITS;
}

/** Bits collected so far (entropy_avail); POOL_BITS for ever once ready. */
export function entropyBits(): u32 {
  return credited;
}

/** Mixes 64 bits into the pool, worth nothing by themselves. */
export function absorb(value: u64): void {
  const at = CHACHA_KEY + 2 * place;
  pool[at] ^= <u32>value;
  pool[at + 1] ^= <u32>(value >> 32);
  place = (place + 1) & 3;
  chachaBlock(pool, block);
  keepFirstHalf();
}

/** The block's first half becomes the pool. */
function keepFirstHalf(): void {
  for (let i = 0; i < CHACHA_KEY_WORDS; i++) pool[CHACHA_KEY + i] = block[i];
  pool[CHACHA_COUNTER]++;
}

/** What was absorbed is worth `bits` of entropy from `source` (for the log; empty: nothing is logged). */
export function credit(bits: u32, source: string): void {
  if (isRandomReady()) return;
  credited = min(credited + bits, POOL_BITS);
  if (!isRandomReady()) return;
  seedGenerator();
  if (source.length > 0) logInfo("random: ready, by " + source);
  readyWaiters.wakeAll();
}

/** Gives the generator the pool's other half; what stays does not tell what was given. */
function seedGenerator(): void {
  chachaBlock(pool, block);
  mixKey(block, CHACHA_KEY_WORDS);
  keepFirstHalf();
}

/** RNDRESEEDCRNG, and now and then: the generator gets what has come since. False before it is ready. */
export function reseedGenerator(): bool {
  if (!isRandomReady()) return false;
  absorb(hardwareEntropy());
  seedGenerator();
  return true;
}

@final
class PoolSource extends SeedSource {
  reseed(): void {
    ignore(reseedGenerator());
  }
}

/** Waits until the generator is ready: 0, -EAGAIN, or -ERESTARTSYS. Sleeps unless `isNonBlocking`. */
@sleeps export function waitForEntropy(isNonBlocking: bool): i32 {
  while (!isRandomReady()) {
    if (isNonBlocking) return -Errno.EAGAIN;
    const waited = waitOn(readyWaiters);
    if (waited < 0) return waited;
  }
  return 0;
}

@final
class InterruptWork extends Work {
  run(): void {
    absorb(interruptMix);
    credit(1, "interrupts");
  }
}

@kernelLock const interruptWork = new InterruptWork();

/** A device's interrupt has come. Interrupt context. */
export function interruptCame(irq: u32): void {
  interruptMix = rotl<u64>(interruptMix ^ ticks(), 19) * 0x9e3779b97f4a7c15 + <u64>irq;
  if (++interrupts % INTERRUPTS_PER_BIT == 0) ignore(deferredWork.queue(interruptWork));
}

/** First seed. `trustsCpu`: the CPU's generator counts. Boot, once the clock runs. */
export function initEntropy(trustsCpu: bool): void {
  let isHardware = true;
  for (let i = 0; i < 8; i++) {
    absorb(hardwareEntropy());
    if (!hasHardwareRandom) isHardware = false;
  }
  absorb(realtimeNs());
  if (isHardware && trustsCpu) {
    credit(POOL_BITS, "");
  } else {
    // Worth nothing yet, but different from boot to boot.
    seedGenerator();
  }
  setSeedSource(new PoolSource());
}

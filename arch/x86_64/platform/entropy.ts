// Random bits of the CPU. TRUSTED (hardware random numbers, the time-stamp counter).

import { hardwareRandom64, readTsc } from "../machine";

/** A place for one hardware random number. */
@final
class RandomWord {
  value: u64 = 0;
}

@scratch const randomWord = new RandomWord();

/** 64 bits from the CPU's generator, mixed with the counter; `hasHardwareRandom` says whether there is one. */
@safe export function hardwareEntropy(): u64 {
  // SAFETY: the target is the field of a live object.
  const target = changetype<usize>(randomWord) + offsetof<RandomWord>("value");
  hasHardwareRandom = hardwareRandom64(target) == 0;
  const time = readTsc();
  return (hasHardwareRandom ? randomWord.value : 0) ^ (time * 0x9e3779b97f4a7c15);
}

@kernelLock @safe export let hasHardwareRandom: bool = false;

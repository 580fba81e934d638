import { expectEqual } from "../runtime/expect";
import { CHACHA_COUNTER, CHACHA_KEY, CHACHA_WORDS, chachaBlock, chachaState } from "./chacha";

/** The example of RFC 8439, 2.3.2. */
export function testBlockOfTheSpecification(): void {
  const state = chachaState();
  for (let i = 0; i < 8; i++) {
    const byte = <u32>(4 * i);
    state[CHACHA_KEY + i] = byte | (byte + 1) << 8 | (byte + 2) << 16 | (byte + 3) << 24;
  }
  state[CHACHA_COUNTER] = 1;
  state[13] = 0x09000000;
  state[14] = 0x4a000000;
  const block = new StaticArray<u32>(CHACHA_WORDS);
  chachaBlock(state, block);
  expectEqual(block[0], 0xe4e7f110);
  expectEqual(block[4], 0xc7f4d1c7);
  expectEqual(block[8], 0x466482d2);
  expectEqual(block[15], 0x4e3c50a2);
}

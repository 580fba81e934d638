import { expectEqual, expectTrue } from "../../../kernel/runtime/expect";
import { belowRedZone, framePlace, minimumSignalStack } from "./signal-frame";

/** Bytes of the frame below the FPU state. */
const FRAME: u64 = 440;

export function testAFrameIsPlacedAsAfterACall(): void {
  for (let top: u64 = 0x7000_0000; top < 0x7000_0080; top++) {
    const place = framePlace(top);
    expectEqual<u64>(place % 16, 8, "a return address on an aligned stack");
    // The simulated CPU has an XSAVE area of 832 bytes, and a magic number behind it.
    expectTrue(place + FRAME + 836 <= top);
    expectTrue(top - place <= minimumSignalStack(), "AT_MINSIGSTKSZ promises room");
  }
}

export function testTheRedZoneIsLeftAlone(): void {
  expectEqual<u64>(belowRedZone(0x7000_0000), 0x7000_0000 - 128);
}

// Frames: handles of 4 KiB of physical memory. TRUSTED.
//
// A `Frame` is the nominal handle of a frame: its number, made only by trusted code. It proves little, because it may be stale: what can be
// done with it is checked where it is done (kernel/mm/frames/frame-access.ts, frame-table.ts). Nothing here sleeps or allocates.

/** Handle of one frame of physical memory: its number (address / 4096). Never dereferenced. */
@safe @final @unmanaged export class Frame {}

@safe export const FRAME_SHIFT: u32 = 12;
@safe export const FRAME_SIZE: u32 = 4096;

/** No frame: what an allocator returns when memory is exhausted. Frame 0 (the BIOS data area) is never handed out. */
// SAFETY: frame number 0 is reserved.
@safe export const NO_FRAME: Frame = changetype<Frame>(0);

/** Physical address of the frame's first byte. */
@safe @inline export function frameAddress(frame: Frame): u64 {
  // SAFETY: a frame handle is a number; nothing is dereferenced.
  return <u64>(<u32>changetype<usize>(frame)) << FRAME_SHIFT;
}

/** The frame's number. */
@safe @inline export function frameNumber(frame: Frame): u32 {
  // SAFETY: as above.
  return <u32>changetype<usize>(frame);
}

/** The frame with this number. */
@unsafe @inline export function frameFromNumber(number: u32): Frame {
  // SAFETY: as above; callers vouch that the number is one of a frame they hold.
  return changetype<Frame>(<usize>number);
}

/** The frame that contains a physical address below 16 TiB. */
@unsafe @inline export function frameFromAddress(address: u64): Frame {
  return frameFromNumber(<u32>(address >> FRAME_SHIFT));
}

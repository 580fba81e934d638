// The translation look-aside buffer: what must be forgotten when page tables change. TRUSTED.
//
// One CPU: a flush is local. A range of few pages is invalidated page by page, a longer one by loading CR3 again, which
// drops everything but global (kernel) entries. Intel SDM volume 3A, section 4.10.4.

import { invalidatePage, readControl, writeControl } from "../machine";
import { FRAME_SIZE, Frame, frameAddress } from "./physical-memory";

/** Above this many pages one reload of CR3 is cheaper. */
const FLUSH_CEILING: u64 = 24;

/** Makes `root` the page tables of this CPU. */
@unsafe @inline export function loadRoot(root: Frame): void {
  // SAFETY: every root has the kernel's half.
  writeControl(3, frameAddress(root));
}

/** Forgets the translation of one page of the current address space. */
@safe @inline export function flushPage(address: u64): void {
  invalidatePage(address);
}

/** Forgets what is known of `start .. end` of the current address space. */
@safe export function flushRange(start: u64, end: u64): void {
  if (end - start > FLUSH_CEILING * <u64>FRAME_SIZE) {
    flushAll();
    return;
  }
  for (let at = start; at < end; at += FRAME_SIZE) invalidatePage(at);
}

/** Forgets all translations of the current address space. */
@safe export function flushAll(): void {
  // SAFETY: loads the value that is there.
  writeControl(3, readControl(3));
}

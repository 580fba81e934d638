// Keeps the vDSO's data page in step with the clocks (vdso(7)). Nothing sleeps.

import { writeVdsoClock } from "../../arch/x86_64/vdso/vdso-page";
import {
  ClockListener, addClockListener, clockBaseTsc, clockMult, clockShift, realtimeOffsetNs,
} from "./clock";

@final
class VdsoClock extends ClockListener {
  clockChanged(isStep: bool): void {
    writeVdsoClock(clockBaseTsc(), clockMult(), clockShift(), realtimeOffsetNs());
  }
}

/** Publishes the clocks to programs from now on. Boot, after `initClock`. */
export function initVdsoClock(): void {
  addClockListener(new VdsoClock());
}

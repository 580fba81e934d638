// What interrupts have received for terminals is processed by a thread: the interrupt handler only stores bytes.
//
// The thread pre-empts programs, so an interrupt character acts as soon as the handler has returned; readers that find nothing look
// themselves first (Tty.processInput), so what has arrived before a read is seen by it.

import { WorkQueue } from "../sync/work-queue";

/** Line disciplines at work. Its thread is `kworker/tty`. */
@kernelLock export const terminalInput: WorkQueue = new WorkQueue();

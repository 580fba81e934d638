// Sending signals (signal(7)): who gets one, what it does at once, and who is woken.
//
// `signalProcess`, `signalTask` and `signalProcessGroup` send on behalf of the kernel (SI_KERNEL), allocate nothing and may
// be called from interrupts; the `send…` functions carry a SignalInfo. Permission checks are the callers' (signal-permission.ts).
// Nothing here sleeps.

import { Errno } from "../abi/errno";
import { ProcessGroup } from "./session";
import { Process } from "./process";
import { SignalInfo } from "./signal-info";
import { Task } from "./task";

/** Sends a signal of the kernel to a process. */
export function signalProcess(process: Process, number: i32): void {}

/** Sends a signal of the kernel to one thread. */
export function signalTask(task: Task, number: i32): void {}

/** Sends a signal of the kernel to every process of a group. */
export function signalProcessGroup(group: ProcessGroup, number: i32): void {}

/** Sends a copy of `info` to a process: 0, or -EAGAIN when a queue is full. */
export function sendProcessSignal(process: Process, info: SignalInfo): i32 { return -Errno.ENOSYS; }

/** Sends a copy of `info` to one thread. */
export function sendTaskSignal(task: Task, info: SignalInfo): i32 { return -Errno.ENOSYS; }

/** A fault of the current task: cannot be blocked or ignored (the task then dies of it). */
export function forceSignal(task: Task, number: i32, code: i32, address: u64): void {}

/** Recomputes whether signals wait for the task, after its mask or its queues changed. */
export function updateSignalPending(task: Task): void {}

// The entry file of the kernel core: its exports are what native code calls (docs/inside/machine-contract.md), each one line
// to the subsystem that answers. `boot` brings the system up in order and becomes the idle thread.

import { growLinear } from "../arch/x86_64/memory/kernel-mapping";
import { SPURIOUS_VECTOR, endOfInterrupt } from "../arch/x86_64/platform/apic";
import { detectCpu } from "../arch/x86_64/cpu-features";
import { readBootInfo } from "../arch/x86_64/platform/boot-info";
import { timerVector } from "../arch/x86_64/platform/timer";
import { countSpuriousInterrupt, countTimerInterrupt, dispatchInterrupt, isDeviceVector } from "../drivers/interrupts";
import { panic } from "../kernel/runtime/log/panic";
import { initEntropy } from "../kernel/random/entropy";
import { idleLoop } from "../kernel/sync/scheduler";
import { enterThread, handleKernelFault, handlePageFault, handleUserTrap, initTaskReports, prepareReturn } from "../kernel/task/life/entry";
import { initTasks } from "../kernel/task/life/init";
import { chooseTraced } from "../kernel/task/exec/trace-choice";
import { ticks } from "../kernel/time/clock";
import { runTimers } from "../kernel/time/timer";
import { Event, Trace, trace, traceMask } from "../kernel/trace/trace";
import { systemCall } from "../syscalls/dispatch/entry";
import { CommandLine, isTurnedOff } from "./command-line";
import { registerCrashFile } from "./crash-file";
import { startLogConsoles, startScreenConsole, startTerminals } from "./consoles";
import { startDevices } from "./devices";
import { startFileSystems } from "./file-systems";
import { startMemory } from "./memory";
import { startPanicPolicy } from "./panic-policy";
import { startRecording } from "./recording";
import { startStress } from "./debug/stress";
import { startUserland } from "./userland";

export { gcMarkWord } from "../kernel/runtime/heap/collector";

/** Runs once on the boot CPU, interrupts off; becomes the idle thread. Does not return. */
@sleeps export function boot(protocol: u32, address: u64): void {
  const entryTsc = ticks();
  const info = readBootInfo(protocol, address);
  const commandLine = new CommandLine(info.commandLine);
  startLogConsoles(commandLine);
  startPanicPolicy(commandLine);
  if (info.problem.length > 0) panic("boot information: " + info.problem);
  const cpu = detectCpu();
  if (!startMemory(info, cpu)) panic("not enough memory");
  initTaskReports();
  startScreenConsole(info, commandLine);
  startStress(commandLine);
  startDevices(info, commandLine);
  initEntropy(!isTurnedOff(commandLine.value("random.trust_cpu")));
  initTasks();
  const traced = commandLine.value("strace");
  if (traced !== null) chooseTraced(traced);
  registerCrashFile(commandLine);
  startFileSystems(commandLine, cpu, entryTsc);
  startTerminals(commandLine);
  startUserland(info, commandLine);
  startRecording(commandLine);
  idleLoop();
}

/** From memory.grow: maps frames for further 64 KiB pages; 1 done, 0 out of memory. */
export function growLinearMemory(wasmPages: u32): i32 {
  return growLinear(wasmPages);
}

/** First run of a prepared thread; returning goes to user mode. */
@sleeps export function threadMain(slot: u32): void {
  enterThread(slot);
}

/** A system call; the value goes to rax. */
@sleeps export function syscall(number: u64, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64): i64 {
  return systemCall(number, a0, a1, a2, a3, a4, a5);
}

/** Before returning to user mode, when work was asked for. */
@sleeps export function returnToUser(): void {
  prepareReturn();
}

/** External interrupts. */
export function interrupt(vector: u32, fromUser: u32): void {
  if (traceMask & Trace.INTERRUPTS) trace(Event.INTERRUPT_BEGIN, <u64>vector, 0);
  if (vector == timerVector()) {
    countTimerInterrupt();
    endOfInterrupt();
    runTimers();
  } else if (isDeviceVector(vector)) {
    dispatchInterrupt(vector);
  } else if (vector != SPURIOUS_VECTOR) {
    endOfInterrupt();
  } else {
    countSpuriousInterrupt();
  }
  if (traceMask & Trace.INTERRUPTS) trace(Event.INTERRUPT_END, <u64>vector, 0);
}

/** Exceptions in user mode other than page faults. */
export function userTrap(vector: u32, error: u64, address: u64): void {
  handleUserTrap(vector, error, address);
}

/** Page faults in user mode and in user copies; 1 resolved, 0 not. */
@sleeps export function pageFault(address: u64, error: u64, fromUser: u32): u32 {
  return handlePageFault(address, error, fromUser);
}

/** A fault of the kernel itself. Does not return. */
export function kernelFault(vector: u32, error: u64, address: u64, ip: u64, framePointer: u64): void {
  handleKernelFault(vector, error, address, ip, framePointer);
}

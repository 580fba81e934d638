// Recording from boot on: typix.profile=HZ and typix.trace=CATEGORIES on the command line, for `typix profile` and
// `typix trace`, which read the buffers from the guest's memory (docs/inside/exec-protocol.md).

import { Errno } from "../kernel/abi/errno";
import { bytesOf } from "../kernel/runtime/text/bytes";
import { logWarn } from "../kernel/runtime/log/log";
import {
  eventBytes, eventsLost, lastSamplingHz, profileLost, profiledBytes, startProfile, startTracing, stopProfile, stopTracing,
} from "../kernel/procfs/typix/recording";
import { RecordBuffer, profileBuffer, traceBuffer } from "../kernel/mm/frames/record-buffer";
import { traceCategory } from "../kernel/procfs/typix/recording-files";
import { tscFrequency } from "../kernel/time/clock";
import { CommandLine } from "./command-line";

/** Largest buffer: 256 MiB. */
const LARGEST_ORDER: u32 = 16;

/** Starts what the command line asks for; the first process has been made, but has not run. */
export function startRecording(commandLine: CommandLine): void {
  const order = bufferOrder(commandLine);
  const trace = commandLine.value("typix.trace");
  if (trace !== null) {
    const mask = maskOf(trace);
    if (mask == 0) logWarn("typix.trace: no such category: " + trace);
    else if (startTracing(mask, order) < 0) logWarn("typix.trace: no memory for the events");
  }
  if (!commandLine.has("typix.profile")) return;
  const started = startProfile(<u32>commandLine.number("typix.profile", 997), order);
  if (started == -Errno.ENOMEM) logWarn("typix.profile: no memory for the samples");
  else if (started < 0) logWarn("typix.profile: this machine has no non-maskable interrupt at a fixed rate");
}

/** Stops, so that what follows is not recorded. */
export function stopRecording(): void {
  stopProfile();
  stopTracing();
}

/** typix.ring=MIB, as a power of two of frames; 0: the usual size. */
function bufferOrder(commandLine: CommandLine): u32 {
  const mebibytes = commandLine.number("typix.ring", 0);
  if (mebibytes <= 0) return 0;
  let order: u32 = 8;
  while (order < LARGEST_ORDER && (1 << (order - 8)) < mebibytes) order++;
  return order;
}

function maskOf(text: string): u32 {
  const names = text.split(",");
  let mask: u32 = 0;
  for (let i = 0; i < names.length; i++) {
    const category = traceCategory(bytesOf(names[i]));
    if (category == 0) return 0;
    mask |= category;
  }
  return mask;
}

/** The lines that tell the command where the recordings are; empty: there are none. */
export function recordingLines(): string {
  let lines = "";
  const samples = profiledBytes();
  if (lastSamplingHz != 0) lines += "typix-profile: " + place(profileBuffer, samples, profileLost()) + " " + lastSamplingHz.toString() + "\n";
  const events = eventBytes();
  if (events != 0) lines += "typix-trace: " + place(traceBuffer, events, eventsLost()) + "\n";
  return lines;
}

/** "ADDRESS BYTES LOST START-TSC TSC-HZ" */
function place(buffer: RecordBuffer, bytes: u32, lost: u64): string {
  return buffer.address.toString() + " " + bytes.toString() + " " + lost.toString() + " " + buffer.startTsc.toString() + " " + tscFrequency().toString();
}

// Files of /proc about the whole system: uptime, loadavg, stat, meminfo, vmstat, mounts' relatives, and the kernel's own
// figures in /proc/typix. Formats: proc(5), byte for byte as Linux 6.1. Nothing here sleeps.

import { CpuSplit } from "../../task/accounting/cpu-split";
import { freeFrameCount, totalFrameCount } from "../../mm/frames/frame";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import {
  collectionCount, collectionTicks, heapLiveBytes, heapLiveObjects, heapSize, heapUsed, longestCollectionTicks,
} from "../../runtime/heap/heap";
import { contextSwitches, idleTimeTicks, runnableCount } from "../../sync/scheduler";
import { ThreadState } from "../../sync/thread";
import { processSystemNs, processUserNs } from "../../task/accounting/cpu-accounting";
import { Process } from "../../task/process";
import { initialNamespaces } from "../../task/initial-namespaces";
import { bootNs, realtimeNs, ticksToNs } from "../../time/clock";
import { fileSystemTypeAt, fileSystemTypeCount } from "../../vfs/inode/file-system";
import { loadHundredths } from "./load-average";
import { memoryFigures } from "./memory-figures";
import { NS_PER_SECOND, NS_PER_USER_TICK } from "../../abi/time";

const NS_PER_HUNDREDTH: u64 = 10_000_000;

/** A number of hundredths as "12.34". */
function appendHundredths(out: ByteBuilder, value: u64): ByteBuilder {
  return out.appendUnsigned(value / 100).appendByte(0x2e).appendPadded(value % 100, 2, 0x30);
}

export function showUptime(out: ByteBuilder): void {
  appendHundredths(out, bootNs() / NS_PER_HUNDREDTH).appendByte(0x20);
  appendHundredths(out, ticksToNs(idleTimeTicks()) / NS_PER_HUNDREDTH).newline();
}

/** Counts over all tasks; one object, filled by `count`. */
@final
class TaskCounts {
  threads: u64 = 0;
  blocked: u64 = 0;
  userNs: u64 = 0;
  systemNs: u64 = 0;

  /** Processes that were waited for have left their times with their parents. */
  count(): void {
    this.threads = 0;
    this.blocked = 0;
    this.userNs = 0;
    this.systemNs = 0;
    let process = initialNamespaces.pids.nextProcess(1);
    while (process !== null) {
      this.countProcess(process);
      process = initialNamespaces.pids.nextProcess(process.tgid + 1);
    }
  }

  private countProcess(process: Process): void {
    this.userNs += processUserNs(process) + process.childUserNs;
    this.systemNs += processSystemNs(process) + process.childSystemNs;
    let task = process.firstThread;
    while (task !== null) {
      this.threads++;
      if (task.state == ThreadState.UNINTERRUPTIBLE) this.blocked++;
      task = task.threadNext;
    }
  }
}

@scratch const counts = new TaskCounts();
/** User and system time of the whole system. */
@kernelLock const systemSplit = new CpuSplit();
/** The ratio needs no finer grain, and 32 bits must do for it. */
const SPLIT_UNIT_NS: u64 = 1_000_000;

export function showLoadAverage(out: ByteBuilder): void {
  counts.count();
  for (let i = 0; i < 3; i++) appendHundredths(out, loadHundredths(i)).appendByte(0x20);
  out.appendUnsigned(runnableCount()).appendByte(0x2f).appendUnsigned(counts.threads).appendByte(0x20);
  out.appendDecimal(initialNamespaces.pids.last).newline();
}

/** Totals of interrupts, from the drivers: the total, then one number a line. */
export type InterruptTotals = (out: ByteBuilder) => void;

@bootOnly let interruptTotals: InterruptTotals | null = null;

/** Says who knows how many interrupts there were (the "intr" line of /proc/stat). */
export function setInterruptTotals(totals: InterruptTotals): void {
  interruptTotals = totals;
}

export function showStat(out: ByteBuilder): void {
  counts.count();
  const idleNs = ticksToNs(idleTimeTicks());
  // Live tasks say how the time divides; the total comes from the clock, so that it never shrinks when tasks end.
  systemSplit.update(bootNs() - min(idleNs, bootNs()), counts.userNs / SPLIT_UNIT_NS, counts.systemNs / SPLIT_UNIT_NS);
  for (let line = 0; line < 2; line++) {
    out.append(line == 0 ? "cpu  " : "cpu0 ");
    out.appendUnsigned(systemSplit.userNs / NS_PER_USER_TICK).append(" 0 ").appendUnsigned(systemSplit.systemNs / NS_PER_USER_TICK);
    out.appendByte(0x20).appendUnsigned(idleNs / NS_PER_USER_TICK).append(" 0 0 0 0 0 0\n");
  }
  out.append("intr ");
  const totals = interruptTotals;
  if (totals !== null) totals(out);
  else out.appendByte(0x30);
  out.append("\nctxt ").appendUnsigned(contextSwitches());
  out.append("\nbtime ").appendUnsigned((realtimeNs() - bootNs()) / NS_PER_SECOND);
  out.append("\nprocesses ").appendUnsigned(memoryFigures.forks());
  out.append("\nprocs_running ").appendUnsigned(runnableCount());
  out.append("\nprocs_blocked ").appendUnsigned(counts.blocked);
  out.append("\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n");
}

/** A line of /proc/meminfo: `kilobytes` in a column that ends at 25. */
function memoryLine(out: ByteBuilder, name: string, kilobytes: u64): void {
  out.appendColumn(name, 16).appendPadded(kilobytes, 8).append(" kB\n");
}

export function showMemoryInfo(out: ByteBuilder): void {
  const figures = memoryFigures;
  figures.update();
  const free = <u64>freeFrameCount() * 4;
  const cached = figures.cachedPages * 4;
  memoryLine(out, "MemTotal:", <u64>totalFrameCount() * 4);
  memoryLine(out, "MemFree:", free);
  memoryLine(out, "MemAvailable:", free + figures.reclaimablePages * 4);
  memoryLine(out, "Buffers:", 0);
  memoryLine(out, "Cached:", cached);
  memoryLine(out, "SwapCached:", 0);
  memoryLine(out, "SwapTotal:", 0);
  memoryLine(out, "SwapFree:", 0);
  memoryLine(out, "Dirty:", 0);
  memoryLine(out, "Writeback:", 0);
  memoryLine(out, "AnonPages:", figures.anonymousPages * 4);
  memoryLine(out, "Mapped:", figures.mappedPages * 4);
  memoryLine(out, "Shmem:", cached - figures.reclaimablePages * 4);
  memoryLine(out, "Slab:", <u64>heapSize() / 1024);
  memoryLine(out, "SReclaimable:", 0);
  memoryLine(out, "SUnreclaim:", <u64>heapSize() / 1024);
  memoryLine(out, "KernelStack:", figures.threads * 16);
  memoryLine(out, "PageTables:", figures.tablePages * 4);
  memoryLine(out, "CommitLimit:", <u64>totalFrameCount() * 2);
  memoryLine(out, "Committed_AS:", figures.committedPages * 4);
}

export function showVmStat(out: ByteBuilder): void {
  const figures = memoryFigures;
  figures.update();
  out.append("nr_free_pages ").appendUnsigned(freeFrameCount());
  out.append("\nnr_anon_pages ").appendUnsigned(figures.anonymousPages);
  out.append("\nnr_mapped ").appendUnsigned(figures.mappedPages);
  out.append("\nnr_file_pages ").appendUnsigned(figures.cachedPages);
  out.append("\nnr_shmem ").appendUnsigned(figures.cachedPages - figures.reclaimablePages);
  out.append("\nnr_kernel_stack ").appendUnsigned(figures.threads * 16);
  out.append("\nnr_page_table_pages ").appendUnsigned(figures.tablePages);
  out.append("\npgfault ").appendUnsigned(figures.minorFaults + figures.majorFaults);
  out.append("\npgmajfault ").appendUnsigned(figures.majorFaults).newline();
}

export function showFileSystems(out: ByteBuilder): void {
  for (let i = 0; i < fileSystemTypeCount(); i++) {
    const type = fileSystemTypeAt(i);
    if (!type.needsDevice) out.append("nodev");
    out.appendByte(0x09).appendBytes(type.name).newline();
  }
}

export function showSwaps(out: ByteBuilder): void {
  out.append("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
}

export function showPartitions(out: ByteBuilder): void {
  out.append("major minor  #blocks  name\n\n");
}

/** For files that are empty on this system: modules, diskstats, locks of nobody. */
export function showNothing(out: ByteBuilder): void {}

/** /proc/typix/heap: the kernel's objects and their collector. */
export function showHeap(out: ByteBuilder): void {
  out.append("heap_bytes ").appendUnsigned(heapSize());
  out.append("\nheap_used_bytes ").appendUnsigned(heapUsed());
  out.append("\nlive_objects ").appendUnsigned(heapLiveObjects());
  out.append("\nlive_bytes ").appendUnsigned(heapLiveBytes());
  out.append("\ncollections ").appendUnsigned(collectionCount());
  out.append("\ncollection_us ").appendUnsigned(ticksToNs(collectionTicks()) / 1000);
  out.append("\nlongest_pause_us ").appendUnsigned(ticksToNs(longestCollectionTicks()) / 1000).newline();
}

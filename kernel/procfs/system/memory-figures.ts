// Figures about memory that /proc/meminfo and /proc/vmstat show, gathered by walking the address spaces.
//
// Shared address spaces count once. Nothing here sleeps or allocates.

import { AddressSpace } from "../../mm/space/address-space";
import { Process } from "../../task/process";
import { initialNamespaces } from "../../task/initial-namespaces";
import { Tmpfs } from "../../tmpfs/tmpfs";
import { FileSystem } from "../../vfs/inode/file-system";

@final
export class MemoryFigures {
  anonymousPages: u64 = 0;
  /** Pages of files in page tables. */
  mappedPages: u64 = 0;
  tablePages: u64 = 0;
  committedPages: u64 = 0;
  /** Pages of files in memory, memory files (tmpfs) included, and those of them that could be dropped. */
  cachedPages: u64 = 0;
  reclaimablePages: u64 = 0;
  threads: u64 = 0;
  minorFaults: u64 = 0;
  majorFaults: u64 = 0;

  update(): void {
    this.anonymousPages = 0;
    this.mappedPages = 0;
    this.tablePages = 0;
    this.committedPages = 0;
    this.threads = 0;
    this.minorFaults = 0;
    this.majorFaults = 0;
    this.countCaches();
    let process = initialNamespaces.pids.nextProcess(1);
    while (process !== null) {
      this.addProcess(process);
      process = initialNamespaces.pids.nextProcess(process.tgid + 1);
    }
  }

  /** All file pages are those of tmpfs so far: none can be dropped. An instance counts at its first mount. */
  private countCaches(): void {
    this.cachedPages = 0;
    this.reclaimablePages = 0;
    for (let i = 0; i < initialNamespaces.mounts.mounts.length; i++) {
      const fileSystem = initialNamespaces.mounts.mounts[i].fileSystem;
      if (fileSystem instanceof Tmpfs && isFirstMount(i, fileSystem)) {
        this.cachedPages += (<Tmpfs>fileSystem).quota.used;
      }
    }
  }

  private addProcess(process: Process): void {
    this.minorFaults += process.deadMinorFaults + process.childMinorFaults;
    this.majorFaults += process.deadMajorFaults + process.childMajorFaults;
    let task = process.firstThread;
    let space: AddressSpace | null = null;
    while (task !== null) {
      this.threads++;
      this.minorFaults += task.minorFaults;
      this.majorFaults += task.majorFaults;
      if (task.hasSpace) space = task.space;
      task = task.threadNext;
    }
    if (space === null) return;
    this.anonymousPages += space.residentAnonymous;
    this.mappedPages += space.residentFile + space.residentShared;
    this.tablePages += space.tableFrames;
    this.committedPages += space.dataPages + space.stackPages;
  }

  /** Tasks made since boot. */
  forks(): u64 {
    return initialNamespaces.pids.made;
  }
}

@scratch export const memoryFigures = new MemoryFigures();

function isFirstMount(index: i32, fileSystem: FileSystem): bool {
  for (let i = 0; i < index; i++) {
    if (initialNamespaces.mounts.mounts[i].fileSystem === fileSystem) return false;
  }
  return true;
}

// /proc/typix/objects: what is alive in the kernel right now, for leak checks: figures "name number", then the objects of the heap that
// globals lead to (runtime/heap/census.ts) by class, those that matter by name and the others as "#ID number" (ids belong to one build).
// Reading collects. Does not sleep.

import { EpollItem } from "../../ipc/epoll";
import { FutexWaiter } from "../../ipc/futex";
import { Pipe } from "../../ipc/pipe";
import { AddressSpace } from "../../mm/space/address-space";
import { freeFrameCount, totalFrameCount } from "../../mm/frames/frame";
import { Mapping } from "../../mm/space/mapping";
import { SharedMemory } from "../../mm/cache/mapped-object";
import { PageCache } from "../../mm/cache/page-cache";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { Census } from "../../runtime/heap/census";
import { heapLiveBytes, heapSize } from "../../runtime/heap/heap";
import { taskCount } from "../../task/life/exit";
import { Pid } from "../../task/pid";
import { ProcessPosixTimer } from "../../task/accounting/posix-timer";
import { Process } from "../../task/process";
import { initialNamespaces } from "../../task/initial-namespaces";
import { ProcessGroup, Session } from "../../task/session";
import { SignalActions } from "../../task/signal/signal-actions";
import { Task } from "../../task/task";
import { TmpfsDirectory } from "../../tmpfs/tmpfs-directory";
import { TmpfsFile, TmpfsSpecial, TmpfsSymlink } from "../../tmpfs/tmpfs-inode";
import { Tty } from "../../tty/tty";
import { Credentials } from "../../vfs/credentials";
import { Dentry } from "../../vfs/path/dentry";
import { cachedDentryCount } from "../../vfs/path/dentry-cache";
import { FdTable } from "../../vfs/file/fd-table";
import { FsContext } from "../../vfs/path/fs-context";
import { RecordLock } from "../../vfs/inode/locks";
import { Mount } from "../../vfs/path/mount";
import { openFileCount } from "../../vfs/file/open-file";
import { RegularFile } from "../../vfs/file/regular-file";
import { PAGE } from "../../abi/page";

@kernelLock let census: Census | null = null;

function line(out: ByteBuilder, name: string, value: u64): void {
  out.append(name).appendByte(0x20).appendUnsigned(value).newline();
}

/** The count of one class, which is then left out of the unnamed ones. */
function named<T>(out: ByteBuilder, counts: StaticArray<u32>, name: string): void {
  const id = <i32>idof<T>();
  line(out, name, counts[id]);
  counts[id] = 0;
}

function processCount(): u64 {
  let count: u64 = 0;
  let process = initialNamespaces.pids.nextProcess(1);
  while (process !== null) {
    count++;
    process = initialNamespaces.pids.nextProcess(process.tgid + 1);
  }
  return count;
}

export function showObjects(out: ByteBuilder): void {
  let taken = census;
  if (taken === null) {
    taken = new Census();
    census = taken;
  }
  taken.take();
  line(out, "live_objects", taken.objects);
  line(out, "live_bytes", heapLiveBytes());
  line(out, "heap_frames", heapSize() / PAGE);
  line(out, "frames_used", totalFrameCount() - freeFrameCount());
  line(out, "tasks", taskCount);
  line(out, "processes", processCount());
  line(out, "pids", initialNamespaces.pids.used);
  line(out, "open_files", openFileCount);
  line(out, "cached_dentries", cachedDentryCount());
  line(out, "mounts", initialNamespaces.mounts.mounts.length);
  showClasses(out, taken.counts);
}

function showClasses(out: ByteBuilder, counts: StaticArray<u32>): void {
  named<Task>(out, counts, "Task");
  named<Process>(out, counts, "Process");
  named<ProcessGroup>(out, counts, "ProcessGroup");
  named<Session>(out, counts, "Session");
  named<Pid>(out, counts, "Pid");
  named<Credentials>(out, counts, "Credentials");
  named<SignalActions>(out, counts, "SignalActions");
  named<ProcessPosixTimer>(out, counts, "PosixTimer");
  named<AddressSpace>(out, counts, "AddressSpace");
  named<Mapping>(out, counts, "Mapping");
  named<SharedMemory>(out, counts, "SharedMemory");
  named<PageCache>(out, counts, "PageCache");
  named<FdTable>(out, counts, "FdTable");
  named<FsContext>(out, counts, "FsContext");
  named<RegularFile>(out, counts, "RegularFile");
  named<RecordLock>(out, counts, "RecordLock");
  named<Dentry>(out, counts, "Dentry");
  named<Mount>(out, counts, "Mount");
  named<TmpfsFile>(out, counts, "TmpfsFile");
  named<TmpfsDirectory>(out, counts, "TmpfsDirectory");
  named<TmpfsSymlink>(out, counts, "TmpfsSymlink");
  named<TmpfsSpecial>(out, counts, "TmpfsSpecial");
  named<Pipe>(out, counts, "Pipe");
  named<Tty>(out, counts, "Tty");
  named<EpollItem>(out, counts, "EpollItem");
  named<FutexWaiter>(out, counts, "FutexWaiter");
  for (let id = 0; id < counts.length; id++) {
    if (counts[id] > 0) line(out.appendByte(0x23), id.toString(), counts[id]);
  }
}

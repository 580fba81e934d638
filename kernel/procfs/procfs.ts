// procfs: the file system of /proc (proc(5)). One instance, whatever the number of mounts.
//
// Numbers name tasks: the directory of a process appears in listings, that of another thread only when asked for by
// its number. Everything else is fixed at boot: system-files.ts, sysctl.ts, and what others register (proc-text.ts).

import { ByteBuilder } from "../runtime/text/byte-builder";
import { bytesOf, parseDecimal } from "../runtime/text/bytes";
import { RELEASE, SYSTEM_NAME, VERSION } from "../runtime/identity";
import { initialNamespaces } from "../task/initial-namespaces";
import { PID_MAX, PidNamespace } from "../task/pid";
import { Process } from "../task/process";
import { DirectorySink } from "../vfs/file/directory-sink";
import { FileSystem, FileSystemType, registerFileSystem } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import { FunctionText, directoryOf, installRegistered } from "./proc-text";
import { SelfLink, TaskDirectory } from "./process/process-directory";
import { showObjects } from "./typix/object-census";
import { chooseReferrers, showReferrers } from "./typix/object-referrers";
import { installSysctl } from "./system/sysctl";
import { showSchedulerTotals } from "./system/scheduler-files";
import { DT_DIR, FixedDirectory, FixedLink } from "./synthetic";
import { SingleType, SyntheticFileSystem } from "./synthetic-file-system";
import {
  showFileSystems, showHeap, showLoadAverage, showMemoryInfo, showNothing, showPartitions, showStat, showSwaps,
  showUptime, showVmStat,
} from "./system/system-files";
import { TaskReference } from "./process/task-reference";

const PROC_MAGIC: u64 = 0x9fa0;
/** Positions of task directories in listings: this plus the number. */
const FIRST_TASK: i64 = 0x1_0000;

@final
class ProcRoot extends FixedDirectory {
  /** `pids`: whose tasks it shows. */
  constructor(fileSystem: FileSystem, private readonly pids: PidNamespace) {
    super(fileSystem, 0o555);
  }

  get isVolatile(): bool {
    return true;
  }

  isCurrent(inode: Inode): bool {
    return !(inode instanceof TaskDirectory) || (<TaskDirectory>inode).refresh();
  }

  find(name: StaticArray<u8>): Inode | null {
    const tid = parseDecimal(name);
    if (tid < 0) return super.find(name);
    if (tid == 0 || tid >= <i64>PID_MAX || name[0] == 0x30) return null;
    const pid = this.pids.find(<i32>tid);
    if (pid === null || pid.task === null) return null;
    return new TaskDirectory(this.fileSystem, new TaskReference(pid, false));
  }

  @sleeps list(position: i64, sink: DirectorySink): bool {
    if (position < FIRST_TASK) {
      if (!super.list(position, sink)) return false;
      sink.position = FIRST_TASK;
    }
    let process: Process | null = this.pids.nextProcess(<i32>min<i64>(sink.position - FIRST_TASK, PID_MAX));
    while (process !== null) {
      const id = process.tgid;
      const name = bytesOf(id.toString());
      if (!sink.put(name, name.length, TASK_INODES + <u64>id, DT_DIR, FIRST_TASK + <i64>id + 1)) return false;
      sink.position = FIRST_TASK + <i64>id + 1;
      process = this.pids.nextProcess(id + 1);
    }
    return true;
  }
}

/** Inode numbers shown for tasks in listings. */
const TASK_INODES: u64 = 0x1_0000_0000;

@final
class ProcFileSystem extends SyntheticFileSystem {
  constructor(type: FileSystemType, pids: PidNamespace) {
    super(type, PROC_MAGIC);
    this.largestFile = 0x7fff_ffff;
    const top = new ProcRoot(this, pids);
    this.fill(top);
    this.start(top);
  }

  private fill(top: ProcRoot): void {
    top.add("self", new SelfLink(this, false));
    top.add("thread-self", new SelfLink(this, true));
    top.add("mounts", new FixedLink(this, "self/mounts"));
    this.text(top, "version", showVersion);
    this.text(top, "uptime", showUptime);
    this.text(top, "loadavg", showLoadAverage);
    this.text(top, "stat", showStat);
    this.text(top, "meminfo", showMemoryInfo);
    this.text(top, "vmstat", showVmStat);
    this.text(top, "schedstat", showSchedulerTotals);
    this.text(top, "filesystems", showFileSystems);
    this.text(top, "swaps", showSwaps);
    this.text(top, "partitions", showPartitions);
    this.text(top, "diskstats", showNothing);
    this.text(top, "modules", showNothing);
    this.text(directoryOf(top, "typix"), "heap", showHeap);
    directoryOf(top, "typix").add("objects", new FunctionText(this, 0o400, showObjects));
    directoryOf(top, "typix").add("referrers", new FunctionText(this, 0o600, showReferrers, chooseReferrers));
    installSysctl(directoryOf(top, "sys"));
    installRegistered(top, this);
  }
}

function showVersion(out: ByteBuilder): void {
  out.append(SYSTEM_NAME).append(" version ").append(RELEASE).append(" (typix@typix) (AssemblyScript) ");
  out.append(VERSION).newline();
}

@final
class ProcType extends SingleType {
  constructor() {
    super("proc");
  }

  protected make(): FileSystem {
    return new ProcFileSystem(this, initialNamespaces.pids);
  }
}

/** Makes "proc" known to mount(2). */
export function registerProc(): void {
  registerFileSystem(new ProcType());
}

// /proc/PID and /proc/PID/task/TID: which files there are and who may use them (proc(5)).
//
// Directories are made when looked up and asked at each use whether their task still exists. A file's text is that of
// the moment it is read; -ESRCH when the task has gone. Only memory files sleep.

import { Errno } from "../../abi/errno";
import { S_IFLNK } from "../../abi/stat";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { bytesEqual, bytesEqualText, bytesOf, parseDecimal } from "../../runtime/text/bytes";
import { Task } from "../../task/task";
import { describePlace } from "../../vfs/path/describe-path";
import { DirectorySink } from "../../vfs/file/directory-sink";
import { FileSystem } from "../../vfs/inode/file-system";
import { Inode } from "../../vfs/inode/inode";
import { LinkTarget } from "../../vfs/inode/link-target";
import { OpenRequest } from "../../vfs/inode/open-request";
import { leadTo } from "../../vfs/path/place";
import { showMountInfo, showMountStatistics, showMounts } from "../system/mount-list";
import { mayInspect } from "./process-access";
import { FdDirectory, FdInfoDirectory } from "./process-fd";
import {
  showCgroup, showIdMap, showIo, showLimits, showName, showOomScore, showOomScoreAdjust, showPersonality,
  showSchedulerStatistics, showSetGroups, showTimerSlack, showWaitChannel, storeName, storeOomScoreAdjust,
} from "./process-files";
import { showAuxiliaryVector, showCommandLine, showEnvironment, showMaps, showSmaps } from "./process-memory";
import { showStatOf, showStatm, showStatus } from "./process-stat";
import { clearTaskScheduling, showTaskScheduling } from "../system/scheduler-files";
import { TaskReference } from "./task-reference";
import { DT_DIR, DT_LNK, DT_REG, SyntheticDirectory, SyntheticInode, TextInode } from "../synthetic";
import { currentTask } from "../../task/current";

/** Appends a file's text: 0 or -errno. */
type TaskText = (task: Task, out: ByteBuilder) => i32;
type TaskStore = (task: Task, bytes: StaticArray<u8>, length: i32) => i64;

/** Reading needs mayInspect. */
const INSPECT: u32 = 1;
/** Only in the directory of a process, not of a thread. */
const PROCESS_ONLY: u32 = 2;

const enum EntryKind {
  TEXT,
  LINK,
  DIRECTORY,
}

/** One name of the directory. */
@final
class TaskEntry {
  readonly name: StaticArray<u8>;

  constructor(
    name: string, readonly kind: EntryKind, readonly permissions: u32, readonly flags: u32, readonly show: TaskText,
    readonly store: TaskStore,
  ) {
    this.name = bytesOf(name);
  }
}

function showNothing(task: Task, out: ByteBuilder): i32 { return 0; }
function refuse(task: Task, bytes: StaticArray<u8>, length: i32): i64 { return -Errno.EIO; }
function showProcessStat(task: Task, out: ByteBuilder): i32 { showStatOf(task, false, out); return 0; }
function showThreadStat(task: Task, out: ByteBuilder): i32 { showStatOf(task, true, out); return 0; }
function showStatusText(task: Task, out: ByteBuilder): i32 { showStatus(task, out); return 0; }
function showStatmText(task: Task, out: ByteBuilder): i32 { showStatm(task, out); return 0; }

@bootOnly const entries: TaskEntry[] = [];

function text(name: string, permissions: u32, show: TaskText, flags: u32 = 0, store: TaskStore = refuse): void {
  entries.push(new TaskEntry(name, EntryKind.TEXT, permissions, flags, show, store));
}

function other(name: string, kind: EntryKind, permissions: u32, flags: u32 = 0): void {
  entries.push(new TaskEntry(name, kind, permissions, flags, showNothing, refuse));
}

/** In the order Linux lists them. */
function defineEntries(): void {
  other("task", EntryKind.DIRECTORY, 0o555, PROCESS_ONLY);
  other("fd", EntryKind.DIRECTORY, 0o500);
  other("fdinfo", EntryKind.DIRECTORY, 0o555);
  text("environ", 0o400, showEnvironment, INSPECT);
  text("auxv", 0o400, showAuxiliaryVector, INSPECT);
  text("status", 0o444, showStatusText);
  text("personality", 0o400, showPersonality, INSPECT);
  text("limits", 0o444, showLimits);
  text("comm", 0o644, showName, 0, storeName);
  text("cmdline", 0o444, showCommandLine);
  text("stat", 0o444, showProcessStat);
  text("statm", 0o444, showStatmText);
  text("maps", 0o444, showMaps, INSPECT);
  other("cwd", EntryKind.LINK, 0o777);
  other("root", EntryKind.LINK, 0o777);
  other("exe", EntryKind.LINK, 0o777);
  text("mounts", 0o444, showMounts);
  text("mountinfo", 0o444, showMountInfo);
  text("mountstats", 0o400, showMountStatistics, PROCESS_ONLY);
  text("smaps", 0o444, showSmaps, INSPECT);
  text("wchan", 0o444, showWaitChannel);
  text("schedstat", 0o444, showSchedulerStatistics);
  text("sched", 0o644, showTaskScheduling, 0, clearTaskScheduling);
  text("cgroup", 0o444, showCgroup);
  text("oom_score", 0o444, showOomScore);
  text("oom_score_adj", 0o644, showOomScoreAdjust, 0, storeOomScoreAdjust);
  text("io", 0o400, showIo, INSPECT);
  text("uid_map", 0o644, showIdMap);
  text("gid_map", 0o644, showIdMap);
  text("setgroups", 0o644, showSetGroups, PROCESS_ONLY);
  text("timerslack_ns", 0o666, showTimerSlack, PROCESS_ONLY);
}

function findEntry(name: StaticArray<u8>): TaskEntry | null {
  if (entries.length == 0) defineEntries();
  for (let i = 0; i < entries.length; i++) {
    if (bytesEqual(entries[i].name, name)) return entries[i];
  }
  return null;
}

@final
class TaskTextInode extends TextInode {
  constructor(fileSystem: FileSystem, readonly reference: TaskReference, readonly entry: TaskEntry) {
    super(fileSystem, entry.permissions);
    reference.ownInode(this);
  }

  checkOpen(request: OpenRequest): i32 {
    const task = this.reference.task;
    if (task === null) return -Errno.ESRCH;
    return (this.entry.flags & INSPECT) != 0 && !mayInspect(task) ? -Errno.EACCES : 0;
  }

  @sleeps generate(out: ByteBuilder): i32 {
    const task = this.reference.task;
    if (task === null) return -Errno.ESRCH;
    if ((this.entry.flags & INSPECT) != 0 && !mayInspect(task)) return -Errno.EACCES;
    if (this.reference.isThread && this.entry.show == showProcessStat) return showThreadStat(task, out);
    return this.entry.show(task, out);
  }

  store(bytes: StaticArray<u8>, length: i32): i64 {
    const task = this.reference.task;
    return task === null ? -Errno.ESRCH : this.entry.store(task, bytes, length);
  }
}

/** cwd, root, exe. */
@final
class PlaceLink extends SyntheticInode {
  constructor(fileSystem: FileSystem, readonly reference: TaskReference, readonly first: u8) {
    super(fileSystem, S_IFLNK | 0o777);
    reference.ownInode(this);
  }

  symlinkTarget(): StaticArray<u8> | null {
    const task = this.reference.task;
    if (task === null || !mayInspect(task)) return null;
    const out = new ByteBuilder(64);
    if (this.first == 0x65) {
      const program = task.process.executable;
      if (program === null || program.mount === null || program.dentry === null) return null;
      describePlace(program.mount!, program.dentry!, out);
    } else {
      if (task.isExiting) return null;
      const fs = task.fs;
      if (this.first == 0x63) describePlace(fs.cwdMount, fs.cwdDentry, out);
      else describePlace(fs.rootMount, fs.rootDentry, out);
    }
    return out.toBytes();
  }

  followLink(target: LinkTarget): i32 {
    const task = this.reference.task;
    if (task === null) return -Errno.ENOENT;
    if (!mayInspect(task)) return -Errno.EACCES;
    if (this.first == 0x65) {
      const program = task.process.executable;
      if (program === null || program.mount === null || program.dentry === null) return -Errno.ENOENT;
      leadTo(target, program.mount!, program.dentry!);
      return 1;
    }
    if (task.isExiting) return -Errno.ENOENT;
    const fs = task.fs;
    if (this.first == 0x63) leadTo(target, fs.cwdMount, fs.cwdDentry);
    else leadTo(target, fs.rootMount, fs.rootDentry);
    return 1;
  }
}

/** The directory of one task. */
@final
export class TaskDirectory extends SyntheticDirectory {
  constructor(fileSystem: FileSystem, readonly reference: TaskReference) {
    super(fileSystem, 0o555);
    this.nlink = reference.isThread ? 5 : 6;
    reference.ownInode(this);
  }

  /** False when the task has gone. Brings the owner up to date. */
  refresh(): bool {
    this.reference.ownInode(this);
    return this.reference.task !== null;
  }

  get isVolatile(): bool {
    return true;
  }

  isCurrent(inode: Inode): bool {
    this.reference.ownInode(inode);
    return this.reference.task !== null;
  }

  find(name: StaticArray<u8>): Inode | null {
    const entry = findEntry(name);
    if (entry === null || this.reference.task === null || !this.shows(entry)) return null;
    const reference = this.reference;
    const fileSystem = this.fileSystem;
    if (entry.kind == EntryKind.TEXT) return new TaskTextInode(fileSystem, reference, entry);
    if (entry.kind == EntryKind.LINK) return new PlaceLink(fileSystem, reference, entry.name[0]);
    if (bytesEqualText(entry.name, "task")) return new ThreadList(fileSystem, reference);
    return entry.name.length == 2 ? new FdDirectory(fileSystem, reference) : new FdInfoDirectory(fileSystem, reference);
  }

  private shows(entry: TaskEntry): bool {
    return !this.reference.isThread || (entry.flags & PROCESS_ONLY) == 0;
  }

  @sleeps list(position: i64, sink: DirectorySink): bool {
    if (entries.length == 0) defineEntries();
    for (let i = <i32>min<i64>(position - 2, entries.length); i < entries.length; i++) {
      const entry = entries[i];
      const type = entry.kind == EntryKind.TEXT ? DT_REG : entry.kind == EntryKind.LINK ? DT_LNK : DT_DIR;
      const next = <i64>i + 3;
      if (this.shows(entry) && !sink.put(entry.name, entry.name.length, this.number + 1 + <u64>i, type, next)) return false;
      sink.position = next;
    }
    return true;
  }
}

/** /proc/PID/task: one directory a thread. */
@final
class ThreadList extends SyntheticDirectory {
  constructor(fileSystem: FileSystem, readonly reference: TaskReference) {
    super(fileSystem, 0o555);
    this.nlink = 3;
    reference.ownInode(this);
  }

  get isVolatile(): bool {
    return true;
  }

  isCurrent(inode: Inode): bool {
    return inode instanceof TaskDirectory && (<TaskDirectory>inode).refresh();
  }

  find(name: StaticArray<u8>): Inode | null {
    const tid = parseDecimal(name);
    const owner = this.reference.task;
    if (tid <= 0 || tid > 0x7fff_ffff || owner === null) return null;
    const pid = owner.namespaces.pids.find(<i32>tid);
    if (pid === null) return null;
    const task = pid.task;
    if (task === null || task.process !== owner.process) return null;
    return new TaskDirectory(this.fileSystem, new TaskReference(pid, true));
  }

  /** Threads in ascending order of their numbers: positions are numbers plus three. */
  @sleeps list(position: i64, sink: DirectorySink): bool {
    const owner = this.reference.task;
    if (owner === null) return true;
    let tid = nextThread(owner, <i32>(position - 2));
    while (tid > 0) {
      const name = bytesOf(tid.toString());
      if (!sink.put(name, name.length, this.number + <u64>tid, DT_DIR, <i64>tid + 3)) return false;
      sink.position = <i64>tid + 3;
      tid = nextThread(owner, tid + 1);
    }
    return true;
  }
}

/** The lowest thread number from `from` on in the task's process, or 0. */
function nextThread(task: Task, from: i32): i32 {
  let best = 0;
  let thread = task.process.firstThread;
  while (thread !== null) {
    if (thread.tid >= from && (best == 0 || thread.tid < best)) best = thread.tid;
    thread = thread.threadNext;
  }
  return best;
}

/** /proc/self and /proc/thread-self: links whose target depends on who reads them. */
@final
export class SelfLink extends SyntheticInode {
  constructor(fileSystem: FileSystem, private readonly ofThread: bool) {
    super(fileSystem, S_IFLNK | 0o777);
  }

  symlinkTarget(): StaticArray<u8> | null {
    const task = currentTask();
    const own = task.tgid.toString();
    return bytesOf(this.ofThread ? own + "/task/" + task.tid.toString() : own);
  }
}

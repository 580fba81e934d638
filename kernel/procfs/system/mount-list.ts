// /proc/PID/mounts, mountinfo and mountstats: the mounts that a task can see, from its root (proc(5)). Nothing here sleeps.

import {
  MS_DIRSYNC, MS_LAZYTIME, MS_MANDLOCK, MS_NOATIME, MS_NODEV, MS_NODIRATIME, MS_NOEXEC, MS_NOSUID, MS_NOSYMFOLLOW, MS_RELATIME,
  MS_SYNCHRONOUS,
} from "../../abi/stat";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { Task } from "../../task/task";
import { appendPath, appendPathInFileSystem } from "../../vfs/path/describe-path";
import { deviceMajor, deviceMinor } from "../../vfs/inode/device-number";
import { Mount } from "../../vfs/path/mount";

@scratch const text = new ByteBuilder(256);

/** Appends `text` with blanks, backslashes and, in sources, hash marks as octal escapes. */
function appendEscaped(out: ByteBuilder, alsoHash: bool): void {
  for (let i = 0; i < text.length; i++) {
    const byte = <u32>text.data[i];
    const isSpecial = byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x5c || (alsoHash && byte == 0x23);
    if (isSpecial) out.appendByte(0x5c).appendOctal(byte, 3);
    else out.appendByte(byte);
  }
}

/** Appends where the mount lies, as the task sees it. False (and nothing appended) if it lies outside the task's root. */
function appendMountpoint(mount: Mount, task: Task, out: ByteBuilder): bool {
  const fs = task.fs;
  text.clear();
  if (!appendPath(mount, mount.root, fs.rootMount, fs.rootDentry, text)) return false;
  appendEscaped(out, false);
  return true;
}

function appendFileSystemFlags(mount: Mount, out: ByteBuilder): void {
  const flags = mount.fileSystem.flags;
  if (flags & MS_SYNCHRONOUS) out.append(",sync");
  if (flags & MS_DIRSYNC) out.append(",dirsync");
  if (flags & MS_MANDLOCK) out.append(",mand");
  if (flags & MS_LAZYTIME) out.append(",lazytime");
}

function appendMountOptions(mount: Mount, out: ByteBuilder): void {
  const flags = mount.flags;
  if (flags & MS_NOSUID) out.append(",nosuid");
  if (flags & MS_NODEV) out.append(",nodev");
  if (flags & MS_NOEXEC) out.append(",noexec");
  if (flags & MS_NOATIME) out.append(",noatime");
  if (flags & MS_NODIRATIME) out.append(",nodiratime");
  if (flags & MS_RELATIME) out.append(",relatime");
  if (flags & MS_NOSYMFOLLOW) out.append(",nosymfollow");
}

function appendSource(mount: Mount, out: ByteBuilder): void {
  const source = mount.fileSystem.source;
  text.clear().appendBytes(source);
  if (source.length == 0) text.append("none");
  appendEscaped(out, true);
}

/** /proc/PID/mounts. */
export function showMounts(task: Task, out: ByteBuilder): i32 {
  if (task.isExiting) return 0;
  for (let i = 0; i < task.namespaces.mounts.mounts.length; i++) {
    const mount = task.namespaces.mounts.mounts[i];
    const start = out.length;
    appendSource(mount, out);
    out.appendByte(0x20);
    if (!appendMountpoint(mount, task, out)) {
      out.truncate(start);
      continue;
    }
    out.appendByte(0x20).appendBytes(mount.fileSystem.type.name).append(mount.isReadOnly ? " ro" : " rw");
    appendFileSystemFlags(mount, out);
    appendMountOptions(mount, out);
    mount.fileSystem.showOptions(out);
    out.append(" 0 0\n");
  }
  return 0;
}

/** /proc/PID/mountinfo. */
export function showMountInfo(task: Task, out: ByteBuilder): i32 {
  if (task.isExiting) return 0;
  for (let i = 0; i < task.namespaces.mounts.mounts.length; i++) {
    const mount = task.namespaces.mounts.mounts[i];
    const start = out.length;
    const parent = mount.parent;
    const device = mount.fileSystem.device;
    out.appendDecimal(mount.id).appendByte(0x20).appendDecimal(parent === null ? mount.id : parent.id).appendByte(0x20);
    out.appendUnsigned(deviceMajor(device)).appendByte(0x3a).appendUnsigned(deviceMinor(device)).appendByte(0x20);
    text.clear();
    appendPathInFileSystem(mount.root, text);
    appendEscaped(out, false);
    out.appendByte(0x20);
    if (!appendMountpoint(mount, task, out)) {
      out.truncate(start);
      continue;
    }
    out.append((mount.flags & 1) != 0 ? " ro" : " rw");
    appendMountOptions(mount, out);
    out.append(" - ").appendBytes(mount.fileSystem.type.name).appendByte(0x20);
    appendSource(mount, out);
    out.append(mount.fileSystem.isReadOnly ? " ro" : " rw");
    appendFileSystemFlags(mount, out);
    mount.fileSystem.showOptions(out);
    out.newline();
  }
  return 0;
}

/** /proc/PID/mountstats. */
export function showMountStatistics(task: Task, out: ByteBuilder): i32 {
  if (task.isExiting) return 0;
  for (let i = 0; i < task.namespaces.mounts.mounts.length; i++) {
    const mount = task.namespaces.mounts.mounts[i];
    const start = out.length;
    out.append("device ");
    appendSource(mount, out);
    out.append(" mounted on ");
    if (!appendMountpoint(mount, task, out)) {
      out.truncate(start);
      continue;
    }
    out.append(" with fstype ").appendBytes(mount.fileSystem.type.name).newline();
  }
  return 0;
}

// /proc/PID/fd and fdinfo: the open descriptors of a task (proc(5)).
//
// fd/N is a link that leads to the open object itself, whatever its name has become. Names are asked for afresh at each
// use. Nothing here sleeps.

import { Errno } from "../../abi/errno";
import { O_CLOEXEC } from "../../abi/fcntl";
import { S_IFLNK } from "../../abi/stat";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { bytesOf, parseDecimal } from "../../runtime/text/bytes";
import { Credentials } from "../../vfs/credentials";
import { describePath } from "../../vfs/path/describe-path";
import { DirectorySink } from "../../vfs/file/directory-sink";
import { FdTable } from "../../vfs/file/fd-table";
import { FileSystem } from "../../vfs/inode/file-system";
import { Inode } from "../../vfs/inode/inode";
import { OpenFile } from "../../vfs/file/open-file";
import { leadTo } from "../../vfs/path/place";
import { LinkTarget } from "../../vfs/inode/link-target";
import { mayInspect } from "./process-access";
import { TaskReference } from "./task-reference";
import { DT_LNK, DT_REG, SyntheticDirectory, SyntheticInode, TextInode } from "../synthetic";

/** The descriptor table of a live task, or null. */
function tableOf(reference: TaskReference): FdTable | null {
  const task = reference.task;
  return task === null || task.isExiting ? null : task.files;
}

/** What a descriptor of the task refers to, or null. */
function fileOf(reference: TaskReference, fd: i32): OpenFile | null {
  const table = tableOf(reference);
  return table === null ? null : table.get(fd);
}

@final
class FdLink extends SyntheticInode {
  constructor(fileSystem: FileSystem, readonly reference: TaskReference, readonly fd: i32) {
    super(fileSystem, S_IFLNK | 0o777);
    this.size = 64;
    this.refresh();
  }

  /** The permission bits tell how the file is open. False: it is open no more. */
  refresh(): bool {
    const file = fileOf(this.reference, this.fd);
    if (file === null) return false;
    let mode = S_IFLNK;
    if (file.canRead) mode |= 0o500;
    if (file.canWrite) mode |= 0o300;
    this.mode = mode;
    this.reference.ownInode(this);
    return true;
  }

  symlinkTarget(): StaticArray<u8> | null {
    const file = fileOf(this.reference, this.fd);
    const task = this.reference.task;
    if (file === null || task === null || !mayInspect(task)) return null;
    const text = new ByteBuilder(64);
    describePath(file, text);
    return text.toBytes();
  }

  followLink(target: LinkTarget): i32 {
    const file = fileOf(this.reference, this.fd);
    const task = this.reference.task;
    if (file === null || task === null) return -Errno.ENOENT;
    if (!mayInspect(task)) return -Errno.EACCES;
    const mount = file.mount;
    const dentry = file.dentry;
    if (mount === null || dentry === null) return -Errno.ENXIO;
    leadTo(target, mount, dentry);
    return 1;
  }
}

/** Common part of fd and fdinfo. */
abstract class DescriptorDirectory extends SyntheticDirectory {
  constructor(fileSystem: FileSystem, permissions: u32, readonly reference: TaskReference) {
    super(fileSystem, permissions);
    reference.ownInode(this);
  }

  get isVolatile(): bool {
    return true;
  }

  abstract make(fd: i32): Inode;
  abstract get entryType(): u32;

  find(name: StaticArray<u8>): Inode | null {
    const fd = parseDecimal(name);
    if (fd < 0 || fd > 0x7fff_ffff || (name.length > 1 && name[0] == 0x30)) return null;
    return fileOf(this.reference, <i32>fd) === null ? null : this.make(<i32>fd);
  }

  @sleeps list(position: i64, sink: DirectorySink): bool {
    let at = <i32>(position - 2);
    while (true) {
      const table = tableOf(this.reference);
      if (table === null) return true;
      const fd = table.nextOpen(at);
      if (fd < 0) return true;
      const name = bytesOf(fd.toString());
      if (!sink.put(name, name.length, this.number + 1 + <u64>fd, this.entryType, <i64>fd + 3)) return false;
      sink.position = <i64>fd + 3;
      at = fd + 1;
    }
  }

  hasOwnPermissionCheck(): bool {
    return true;
  }

  /** A process may always look at its own descriptors, even if the files are not its user's (set-user-id programs). */
  checkPermission(mask: u32, credentials: Credentials): i32 {
    const task = this.reference.task;
    if (task === null) return -Errno.EACCES;
    return (mask & 2) == 0 && mayInspect(task) ? 0 : -Errno.EACCES;
  }
}

@final
export class FdDirectory extends DescriptorDirectory {
  constructor(fileSystem: FileSystem, reference: TaskReference) {
    super(fileSystem, 0o500, reference);
  }

  get entryType(): u32 {
    return DT_LNK;
  }

  make(fd: i32): Inode {
    return new FdLink(this.fileSystem, this.reference, fd);
  }

  isCurrent(inode: Inode): bool {
    return inode instanceof FdLink && (<FdLink>inode).refresh();
  }
}

@final
class FdInfo extends TextInode {
  constructor(fileSystem: FileSystem, readonly reference: TaskReference, readonly fd: i32) {
    super(fileSystem, 0o400);
    reference.ownInode(this);
  }

  generate(out: ByteBuilder): i32 {
    const table = tableOf(this.reference);
    const file = fileOf(this.reference, this.fd);
    if (table === null || file === null) return -Errno.ENOENT;
    const mount = file.mount;
    const inode = file.inode;
    let flags = file.flags;
    if (table.isCloseOnExec(this.fd)) flags |= O_CLOEXEC;
    out.append("pos:\t").appendDecimal(file.position);
    out.append("\nflags:\t0").appendOctal(flags);
    out.append("\nmnt_id:\t").appendDecimal(mount === null ? 0 : mount.id);
    out.append("\nino:\t").appendUnsigned(inode === null ? 0 : inode.number).newline();
    const details = file.details();
    if (details !== null) out.appendBytes(details);
    return 0;
  }
}

@final
export class FdInfoDirectory extends DescriptorDirectory {
  constructor(fileSystem: FileSystem, reference: TaskReference) {
    super(fileSystem, 0o555, reference);
  }

  get entryType(): u32 {
    return DT_REG;
  }

  make(fd: i32): Inode {
    return new FdInfo(this.fileSystem, this.reference, fd);
  }

  isCurrent(inode: Inode): bool {
    return inode instanceof FdInfo && fileOf(this.reference, (<FdInfo>inode).fd) !== null;
  }
}


// The ends of pipes as open files: pipe(2), FIFOs (their blocking open rules) and the pipe ioctls.

import { Errno } from "../abi/errno";
import { O_ACCMODE, O_DIRECT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from "../abi/fcntl";
import { S_IFIFO } from "../abi/stat";
import { IoDestination, IoSource } from "../mm/user/io-buffer";
import { UserInOut } from "../mm/user/user-memory";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { Poller } from "../sync/poll";
import { waitOn } from "../sync/sleep";
import { realtimeNs } from "../time/clock";
import { makeAnonymousDentry, pipeFileSystem, pipeMount } from "../vfs/file/anonymous";
import { Inode } from "../vfs/inode/inode";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener, setFifoOpener } from "../vfs/file/special-files";
import { Pipe } from "./pipe";
import { PollEvent } from "../abi/poll";
import { FileCommand } from "../abi/ioctl";


/** One end of a pipe, or both (a FIFO opened O_RDWR). */
@final
export class PipeFile extends OpenFile {
  /** Writer opens at the time a FIFO was opened for reading without writers; 0: a missing writer means hang-up. */
  private quietWriterOpens: u32 = 0;

  private readonly isReader: bool;
  private readonly isWriter: bool;

  constructor(flags: u32, readonly pipe: Pipe) {
    super(flags);
    this.isReader = this.canRead;
    this.isWriter = this.canWrite;
  }

  /** No POLLHUP until a writer has come and gone. */
  expectWriter(): void {
    this.quietWriterOpens = this.pipe.writerOpens;
  }

  /** O_DIRECT is packet mode. */
  checkFlags(flags: u32): i32 { return 0; }

  canSpliceFrom(): bool { return true; }
  canSpliceInto(): bool { return true; }

  @sleeps read(to: IoDestination): i64 {
    const count = this.pipe.read(to, this.isNonBlocking);
    const inode = this.inode;
    if (count > 0 && inode !== null) inode.accessNs = <i64>realtimeNs();
    return count;
  }

  @sleeps write(from: IoSource): i64 {
    const count = this.pipe.write(from, this.isNonBlocking, (this.flags & O_DIRECT) != 0);
    const inode = this.inode;
    if (count > 0 && inode !== null) inode.touchModified();
    return count;
  }

  poll(poller: Poller | null): u32 {
    const pipe = this.pipe;
    const isReader = this.isReader;
    const isWriter = this.isWriter;
    if (poller !== null) pipe.watch(poller, isReader, isWriter);
    let mask: u32 = 0;
    if (isReader) {
      if (!pipe.isEmpty) mask = PollEvent.IN | PollEvent.RDNORM;
      if (pipe.writers == 0 && this.quietWriterOpens != pipe.writerOpens) mask |= PollEvent.HUP;
    }
    if (isWriter) {
      if (!pipe.isFull) mask |= PollEvent.OUT | PollEvent.WRNORM;
      if (pipe.readers == 0) mask |= PollEvent.ERR;
    }
    return mask;
  }

  @sleeps ioctl(command: u32, argument: u64, memory: UserInOut): i64 {
    if (command == FileCommand.FIONREAD) return memory.writeU32(0, this.pipe.byteCount);
    return -Errno.ENOTTY;
  }

  released(): void {
    this.pipe.leave(this.isReader, this.isWriter);
  }

  description(): StaticArray<u8> | null {
    const inode = this.inode;
    if (inode === null || inode.fileSystem !== pipeFileSystem) return null;
    return new ByteBuilder(24).append("pipe:[").appendUnsigned(inode.number).append("]").toBytes();
  }
}

/** The inode of pipe(2): nameless. */
@final
class PipeInode extends Inode {}

/** The two ends that pipe2(2) makes, each with one reference for the caller. */
@final
export class PipePair {
  reader: PipeFile;
  writer: PipeFile;

  /** `flags`: O_NONBLOCK and O_DIRECT; `uid` and `gid` own the inode. */
  constructor(flags: u32, uid: u32, gid: u32) {
    const pipe = new Pipe();
    const inode = new PipeInode(pipeFileSystem, S_IFIFO | 0o600);
    inode.number = pipeFileSystem.takeNumber();
    inode.uid = uid;
    inode.gid = gid;
    const now = <i64>realtimeNs();
    inode.accessNs = now;
    inode.modifyNs = now;
    inode.changeNs = now;
    inode.attachment = pipe;
    const dentry = makeAnonymousDentry(inode);
    pipe.readers = 1;
    pipe.writers = 1;
    this.reader = new PipeFile(O_RDONLY | flags & O_NONBLOCK, pipe);
    this.writer = new PipeFile(O_WRONLY | flags & (O_NONBLOCK | O_DIRECT), pipe);
    this.reader.bind(pipeMount, dentry, inode);
    this.writer.bind(pipeMount, dentry, inode);
  }

  /** Lets both ends go. */
  cancel(): void {
    this.reader.release();
    this.writer.release();
  }
}

/** Opens FIFOs, and the pipe behind /proc/PID/fd/N once more. */
@final
class FifoOpener extends SpecialFileOpener {
  @sleeps open(inode: Inode, request: OpenRequest): i32 {
    const attached = inode.attachment;
    let pipe: Pipe;
    if (attached instanceof Pipe) {
      pipe = <Pipe>attached;
    } else {
      pipe = new Pipe();
      inode.attachment = pipe;
    }
    const file = new PipeFile(request.flags & ~O_DIRECT, pipe);
    const result = inode.fileSystem === pipeFileSystem ? joinPipe(pipe, request.flags) : meetPartner(pipe, file, request.flags);
    if (result < 0) {
      file.forget();
      if (pipe.readers == 0 && pipe.writers == 0 && inode.attachment === pipe) inode.attachment = null;
      return result;
    }
    request.file = file;
    return 0;
  }
}

/** Counts the new end of a pipe without a name in: nobody is waited for, what was written can be read. */
function joinPipe(pipe: Pipe, flags: u32): i32 {
  const mode = flags & O_ACCMODE;
  if (mode > O_RDWR) return -Errno.EINVAL;
  if (mode != O_WRONLY && pipe.readers++ == 0) pipe.writable.wakeAll();
  if (mode != O_RDONLY && pipe.writers++ == 0) pipe.readable.wakeAll();
  return 0;
}

/** Counts the new end in and waits for the other side as fifo(7) says. */
@sleeps function meetPartner(pipe: Pipe, file: PipeFile, flags: u32): i32 {
  const isNonBlocking = (flags & O_NONBLOCK) != 0;
  switch (flags & O_ACCMODE) {
    case O_RDONLY: {
      pipe.readerOpens++;
      if (pipe.readers++ == 0) pipe.writable.wakeAll();
      if (pipe.writers > 0) return 0;
      if (isNonBlocking) {
        file.expectWriter();
        return 0;
      }
      const before = pipe.writerOpens;
      while (pipe.writerOpens == before) {
        const waited = waitOn(pipe.readable);
        if (waited < 0) return giveUp(pipe, true, false, waited);
      }
      return 0;
    }
    case O_WRONLY: {
      if (isNonBlocking && pipe.readers == 0) return -Errno.ENXIO;
      pipe.writerOpens++;
      if (pipe.writers++ == 0) pipe.readable.wakeAll();
      if (pipe.readers > 0) return 0;
      const before = pipe.readerOpens;
      while (pipe.readerOpens == before) {
        const waited = waitOn(pipe.writable);
        if (waited < 0) return giveUp(pipe, false, true, waited);
      }
      return 0;
    }
    case O_RDWR: {
      pipe.readerOpens++;
      pipe.writerOpens++;
      pipe.readers++;
      pipe.writers++;
      if (pipe.readers == 1 || pipe.writers == 1) {
        pipe.readable.wakeAll();
        pipe.writable.wakeAll();
      }
      return 0;
    }
    default:
      return -Errno.EINVAL;
  }
}

function giveUp(pipe: Pipe, wasReader: bool, wasWriter: bool, result: i32): i32 {
  pipe.leave(wasReader, wasWriter);
  return result;
}

/** Makes FIFOs openable. Once, at boot. */
export function initPipes(): void {
  setFifoOpener(new FifoOpener());
}

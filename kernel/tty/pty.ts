// Pseudo-terminals: pairs of ttys, each the other's line (pty(7), pts(4)).
//
// What the master writes is the slave's input; what the slave writes or echoes is the master's. Bytes pass at once,
// without a thread between, as far as the receiver has room. The first open of /dev/ptmx makes a pair; the last close
// of the master hangs the slave up; when both are closed the number is free again. Opening may allocate; nothing sleeps.

import { Errno } from "../abi/errno";
import { O_CLOEXEC, O_NOCTTY } from "../abi/fcntl";
import { UserInOut } from "../mm/user/user-memory";
import { bytesOf } from "../runtime/text/bytes";
import { ignore } from "../runtime/ignore";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { makeDevice } from "../vfs/inode/device-number";
import { acquireOnOpen, signalForegroundOf } from "./job-control";
import { ControlCharacter, ControlFlag, InputFlag, LocalFlag, Termios } from "./termios";
import { NOT_MINE, PacketStatus, Tty, TtyIoctls } from "./tty";
import { TtyDriver, TtyKind } from "./tty-driver";
import { TtyFile } from "./tty-file";
import { TtyCommand } from "../abi/ioctl";
import { currentTask } from "../task/current";

/** /proc/sys/kernel/pty/max */
@inline export const PTY_MAX: i32 = 4096;
@inline export const PTS_MAJOR: u32 = 136;
@inline export const PTM_MAJOR: u32 = 128;

const TIOCPKT: u32 = 0x5420;
const TIOCGPKT: u32 = 0x80045438;
const TIOCGPTN: u32 = 0x80045430;
const TIOCSPTLCK: u32 = 0x40045431;
const TIOCGPTLCK: u32 = 0x80045439;
const TIOCSIG: u32 = 0x40045436;

/** One end's driver: hands bytes to the other end's tty. */
@final
class PtyEnd extends TtyDriver {
  own: Tty | null = null;
  peer: Tty | null = null;

  constructor(readonly pair: PtyPair, readonly isMaster: bool) {
    super();
  }

  write(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    const room = this.room;
    const own = this.own;
    const peer = this.peer;
    if (room == 0 || own === null || peer === null) return 0;
    // A signal character drops the echoes of the batch that it is in, but nothing that was sent before.
    if (this.isMaster) own.holdInput();
    const taken = peer.receiveBytes(bytes, at, min<i32>(length, room));
    if (this.isMaster) own.releaseInput();
    return taken;
  }

  get room(): i32 {
    const own = this.own;
    const peer = this.peer;
    if (own === null || peer === null || own.isStopped) return 0;
    return peer.receiveRoom;
  }

  inputRoom(): void {
    const peer = this.peer;
    if (peer !== null && (peer.output.hasEchoes || !peer.writers.isEmpty)) peer.outputDrained();
  }

  flushOutput(): void {
    const peer = this.peer;
    if (peer === null) return;
    peer.dropWaiting();
    if (peer.isPacket) {
      peer.packetStatus |= PacketStatus.FLUSHWRITE;
      peer.readers.wakeAll();
    }
  }

  settingsChanged(now: Termios, before: Termios): void {
    now.cflag = (now.cflag & ~(ControlFlag.CSIZE | ControlFlag.PARENB)) | ControlFlag.CS8 | ControlFlag.CREAD;
    const own = this.own;
    if (own === null || this.isMaster) return;
    const hadFlow = usesUsualFlow(before);
    const hasFlow = usesUsualFlow(now);
    if (hadFlow != hasFlow) {
      if (hasFlow) own.packetChange(PacketStatus.DOSTOP, PacketStatus.NOSTOP);
      else own.packetChange(PacketStatus.NOSTOP, PacketStatus.DOSTOP);
    }
    if ((before.lflag | now.lflag) & LocalFlag.EXTPROC) own.packetChange(PacketStatus.IOCTL, 0);
  }

  /** Goes the way of output, so that what TCOOFF stopped does not send it. */
  sendUrgent(byte: u32): void {
    const own = this.own;
    const peer = this.peer;
    if (own === null || peer === null || own.isStoppedByIoctl) return;
    peer.receiveNow(byte);
  }

  open(): i32 {
    const peer = this.peer;
    if (peer !== null && !this.isMaster) peer.isOtherClosed = false;
    return 0;
  }

  close(): void {
    this.pair.endClosed(this.isMaster);
  }
}

/** ^S and ^Q as flow control: what packet mode reports. */
function usesUsualFlow(settings: Termios): bool {
  return (settings.iflag & InputFlag.IXON) != 0 && settings.character(ControlCharacter.VSTOP) == 19 &&
    settings.character(ControlCharacter.VSTART) == 17;
}

@final
export class PtyPair {
  master!: Tty;
  slave!: Tty;
  /** unlockpt(3) has not been called. */
  isLocked: bool = true;
  /** Owner of the slave's name in devpts. */
  uid: u32;
  gid: u32;
  mode: u32 = 0o600;

  constructor(readonly index: i32, uid: u32, gid: u32) {
    this.uid = uid;
    this.gid = gid;
    const masterEnd = new PtyEnd(this, true);
    const slaveEnd = new PtyEnd(this, false);
    const number = <u32>index;
    this.master = new Tty(bytesOf("ptm" + index.toString()), makeDevice(PTM_MAJOR, number), TtyKind.PTY_MASTER, masterEnd);
    this.slave = new Tty(bytesOf("pts" + index.toString()), makeDevice(PTS_MAJOR, number), TtyKind.PTY_SLAVE, slaveEnd);
    const transparent = new Termios();
    transparent.makeTransparent();
    masterEnd.own = this.master;
    masterEnd.peer = this.slave;
    slaveEnd.own = this.slave;
    slaveEnd.peer = this.master;
    this.master.link = this.slave;
    this.slave.link = this.master;
    this.master.changeSettings(transparent);
    this.slave.termios.cflag = ControlFlag.B38400 | ControlFlag.CS8 | ControlFlag.CREAD;
    this.master.extraIoctls = new MasterIoctls(this);
  }

  get isMasterOpen(): bool {
    return this.master.openCount > 0;
  }

  /** The last description of one end is gone. */
  endClosed(isMaster: bool): void {
    if (isMaster) {
      this.slave.isOtherClosed = true;
      this.slave.hangUp(false);
    } else {
      this.master.isOtherClosed = true;
      this.master.wakeEverybody();
      // A fresh open of the slave finds fresh settings.
      this.slave.termios.copyFrom(new Termios());
      this.slave.termios.cflag = ControlFlag.B38400 | ControlFlag.CS8 | ControlFlag.CREAD;
      this.slave.discipline.settingsChanged(null);
    }
    if (this.master.openCount == 0 && this.slave.openCount == 0) pairs[this.index] = null;
  }

  /** Opens the slave: 0, or -EIO when it is locked or the master is closed. */
  openSlave(flags: u32): TtyFile | null {
    if (this.isLocked || !this.isMasterOpen) return null;
    ignore(this.slave.opened());
    return new TtyFile(this.slave, flags, false);
  }
}

@kernelLock const pairs: Array<PtyPair | null> = [];
@kernelLock let newestPair: PtyPair | null = null;

/** The pair of a number, or null. */
export function findPty(index: i32): PtyPair | null {
  return index >= 0 && index < pairs.length ? pairs[index] : null;
}

/** One past the highest number in use. */
export function ptyLimit(): i32 {
  return pairs.length;
}

/** Number of pairs in use (/proc/sys/kernel/pty/nr). */
export function ptyCount(): i32 {
  let count = 0;
  for (let i = 0; i < pairs.length; i++) {
    if (pairs[i] !== null) count++;
  }
  return count;
}

/** Opens a fresh pair's master: sets `request.file`; 0, or -ENOSPC when PTY_MAX pairs exist. */
export function openMaster(request: OpenRequest): i32 {
  let index = 0;
  while (index < pairs.length && pairs[index] !== null) index++;
  if (index >= PTY_MAX) return -Errno.ENOSPC;
  const credentials = currentTask().credentials;
  const pair = new PtyPair(index, credentials.fsuid, credentials.fsgid);
  if (index == pairs.length) pairs.push(pair);
  else pairs[index] = pair;
  ignore(pair.master.opened());
  request.file = new TtyFile(pair.master, request.flags, false);
  newestPair = pair;
  return 0;
}

/** The pair made by the last `openMaster`, once: devpts gives it its owners. */
export function takeNewestPair(): PtyPair | null {
  const pair = newestPair;
  newestPair = null;
  return pair;
}

/** Opens a slave by number: sets `request.file`; 0, -ENXIO or -EIO. */
export function openSlave(index: i32, request: OpenRequest): i32 {
  const pair = findPty(index);
  if (pair === null) return -Errno.EIO;
  const file = pair.openSlave(request.flags);
  if (file === null) return -Errno.EIO;
  request.file = file;
  if ((request.flags & O_NOCTTY) == 0 && file.canRead) acquireOnOpen(pair.slave, currentTask());
  return 0;
}

/** Gives TIOCGPTPEER's description a descriptor; set by devpts, which knows the name. */
export abstract class PeerInstaller {
  /** The new descriptor or -errno. The description is released on failure. */
  abstract install(pair: PtyPair, file: OpenFile, isCloseOnExec: bool): i64;
}

@bootOnly let installer: PeerInstaller | null = null;

export function setPeerInstaller(peerInstaller: PeerInstaller): void {
  installer = peerInstaller;
}

/** ioctls of pty masters (ioctl_tty(2), "Pseudoterminal ioctls"). */
@final
class MasterIoctls extends TtyIoctls {
  constructor(readonly pair: PtyPair) {
    super();
  }

  @sleeps perform(tty: Tty, command: u32, argument: u64, memory: UserInOut): i64 {
    const pair = this.pair;
    switch (command) {
      case TIOCGPTN: return memory.writeU32(0, <u32>pair.index);
      case TIOCGPTLCK: return memory.writeU32(0, pair.isLocked ? 1 : 0);
      case TIOCGPKT: return memory.writeU32(0, tty.isPacket ? 1 : 0);
      case TIOCSPTLCK: {
        const read = memory.readU32(0);
        if (read < 0) return read;
        pair.isLocked = <u32>memory.value != 0;
        return 0;
      }
      case TIOCPKT: {
        const read = memory.readU32(0);
        if (read < 0) return read;
        const wanted = <u32>memory.value != 0;
        if (wanted && !tty.isPacket) tty.packetStatus = 0;
        tty.isPacket = wanted;
        return 0;
      }
      case TIOCSIG: return this.sendSignal(<i32><u32>argument);
      case TtyCommand.TIOCGPTPEER: return this.openPeer(<u32>argument);
      default: return NOT_MINE;
    }
  }

  /** TIOCSIG: SIGINT, SIGQUIT or SIGTSTP to the slave's foreground group. */
  private sendSignal(signal: i32): i64 {
    if (signal != 2 && signal != 3 && signal != 20) return -Errno.EINVAL;
    signalForegroundOf(this.pair.slave, signal);
    return 0;
  }

  /** TIOCGPTPEER: the slave as a new descriptor, whatever is mounted on /dev/pts. */
  private openPeer(flags: u32): i64 {
    const peer = installer;
    if (peer === null) return -Errno.ENODEV;
    const file = this.pair.openSlave(flags & ~O_CLOEXEC);
    if (file === null) return -Errno.EIO;
    if ((flags & O_NOCTTY) == 0 && file.canRead) acquireOnOpen(this.pair.slave, currentTask());
    return peer.install(this.pair, file, (flags & O_CLOEXEC) != 0);
  }
}

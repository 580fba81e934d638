// devpts: the directory of pseudo-terminal slaves, usually mounted on /dev/pts (pts(4), mount options in mount(8)).
//
// One instance. Options: uid=, gid= (owners of new slaves; else the opener's), mode= (0600), ptmxmode= (of its ptmx, 000),
// max= and newinstance as far as one instance can honour them. Names come and go with their pairs. Nothing here sleeps.

import { Errno } from "../abi/errno";
import { S_IFCHR } from "../abi/stat";
import { bytesEqualText, bytesOf, parseDecimal, bytesSlice, indexOfByte, startsWithText } from "../runtime/text/bytes";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { SyntheticDirectory, SyntheticInode, DT_CHR } from "../procfs/synthetic";
import {
  PTS_MAJOR, PTY_MAX, PeerInstaller, PtyPair, findPty, openMaster, openSlave, ptyLimit, setPeerInstaller,
  takeNewestPair,
} from "../tty/pty";
import { AttributeChange, FileSystemStatistics } from "../vfs/inode/attributes";
import { makeAnonymousDentry } from "../vfs/file/anonymous";
import { deviceMinor, makeDevice } from "../vfs/inode/device-number";
import { DirectorySink } from "../vfs/file/directory-sink";
import { FileSystem, FileSystemHolder, FileSystemType, registerFileSystem } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import { Mount } from "../vfs/path/mount";
import { OpenFile } from "../vfs/file/open-file";
import { OpenRequest } from "../vfs/inode/open-request";
import { SpecialFileOpener } from "../vfs/file/special-files";
import { makeRootDentry } from "../vfs/path/dentry-cache";
import { nameCharacterMajor, registerCharacterDevice, registerCharacterMajor } from "./character-devices";
import { currentTask } from "../task/current";

const DEVPTS_MAGIC: u64 = 0x1cd1;
const PTMX_MAJOR: u32 = 5;
const PTMX_MINOR: u32 = 2;
const COMMA: u8 = 0x2c;
const PTMX_NAME = bytesOf("ptmx");

/** A slave's name. Attributes are kept with the pair, so that they last as long as it does. */
@final
class SlaveInode extends SyntheticInode {
  constructor(fileSystem: FileSystem, readonly pair: PtyPair) {
    super(fileSystem, S_IFCHR | pair.mode);
    this.number = <u64>pair.index + 3;
    this.rdev = makeDevice(PTS_MAJOR, <u32>pair.index);
    this.uid = pair.uid;
    this.gid = pair.gid;
  }

  setAttributes(change: AttributeChange): i32 {
    this.applyAttributes(change);
    this.pair.uid = this.uid;
    this.pair.gid = this.gid;
    this.pair.mode = this.mode & 0o7777;
    return 0;
  }
}

/** ptmx inside devpts. */
@final
class PtmxInode extends SyntheticInode {
  constructor(fileSystem: FileSystem, permissions: u32) {
    super(fileSystem, S_IFCHR | permissions);
    this.number = 2;
    this.rdev = makeDevice(PTMX_MAJOR, PTMX_MINOR);
  }

  setAttributes(change: AttributeChange): i32 {
    this.applyAttributes(change);
    return 0;
  }
}

@final
class PtsDirectory extends SyntheticDirectory {
  readonly ptmx: PtmxInode;

  constructor(fileSystem: FileSystem) {
    super(fileSystem, 0o755);
    this.number = 1;
    this.ptmx = new PtmxInode(fileSystem, 0);
  }

  get isVolatile(): bool {
    return true;
  }

  isCurrent(inode: Inode): bool {
    if (!(inode instanceof SlaveInode)) return true;
    const pair = (<SlaveInode>inode).pair;
    return findPty(pair.index) === pair && pair.isMasterOpen;
  }

  find(name: StaticArray<u8>): Inode | null {
    if (bytesEqualText(name, "ptmx")) return this.ptmx;
    const index = parseDecimal(name);
    if (index < 0 || index >= <i64>PTY_MAX || (name.length > 1 && name[0] == 0x30)) return null;
    const pair = findPty(<i32>index);
    return pair === null || !pair.isMasterOpen ? null : new SlaveInode(this.fileSystem, pair);
  }

  @sleeps list(position: i64, sink: DirectorySink): bool {
    if (position == 2) {
      if (!sink.put(PTMX_NAME, 4, this.ptmx.number, DT_CHR, 3)) return false;
      sink.position = 3;
    }
    for (let index = <i32>(sink.position - 3); index < ptyLimit(); index++) {
      const pair = findPty(index);
      if (pair !== null && pair.isMasterOpen) {
        const name = bytesOf(index.toString());
        if (!sink.put(name, name.length, <u64>index + 3, DT_CHR, <i64>index + 4)) return false;
      }
      sink.position = <i64>index + 4;
    }
    return true;
  }
}

@final
class DevPts extends FileSystem {
  directory!: PtsDirectory;
  uid: i64 = -1;
  gid: i64 = -1;
  mode: u32 = 0o600;

  constructor(type: FileSystemType) {
    super(type, bytesOf("devpts"));
    this.directory = new PtsDirectory(this);
    const root = makeRootDentry();
    root.attach(this.directory);
    root.retain();
    this.root = root;
    this.mountCount++;
  }

  getStatistics(statistics: FileSystemStatistics): void {
    statistics.magic = DEVPTS_MAGIC;
  }

  remount(options: StaticArray<u8>): i32 {
    let uid: i64 = -1;
    let gid: i64 = -1;
    let mode: i64 = 0o600;
    let ptmxMode: i64 = 0;
    for (let at = 0; at < options.length;) {
      let end = indexOfByte(options, COMMA, at);
      if (end < 0) end = options.length;
      const word = bytesSlice(options, at, end);
      at = end + 1;
      if (word.length == 0 || bytesEqualText(word, "newinstance")) continue;
      if (startsWithText(word, "uid=")) uid = parseDecimal(word, 4);
      else if (startsWithText(word, "gid=")) gid = parseDecimal(word, 4);
      else if (startsWithText(word, "mode=")) mode = parseOctal(word, 5);
      else if (startsWithText(word, "ptmxmode=")) ptmxMode = parseOctal(word, 9);
      else if (!startsWithText(word, "max=")) return -Errno.EINVAL;
      if (mode < 0 || ptmxMode < 0) return -Errno.EINVAL;
    }
    this.uid = uid;
    this.gid = gid;
    this.mode = <u32>mode & 0o777;
    this.directory.ptmx.mode = S_IFCHR | (<u32>ptmxMode & 0o777);
    return 0;
  }

  showOptions(text: ByteBuilder): void {
    if (this.uid >= 0) text.append(",uid=").appendDecimal(this.uid);
    if (this.gid >= 0) text.append(",gid=").appendDecimal(this.gid);
    text.append(",mode=").appendOctal(this.mode, 3);
    text.append(",ptmxmode=").appendOctal(this.directory.ptmx.mode & 0o777, 3);
  }

  /** Owners of a new pair, as the options want them. */
  adopt(pair: PtyPair): void {
    if (this.uid >= 0) pair.uid = <u32>this.uid;
    if (this.gid >= 0) pair.gid = <u32>this.gid;
    pair.mode = this.mode;
  }
}

function parseOctal(bytes: StaticArray<u8>, from: i32): i64 {
  let value: i64 = 0;
  if (from >= bytes.length || bytes.length - from > 6) return -1;
  for (let i = from; i < bytes.length; i++) {
    const digit = <u32>bytes[i] - 0x30;
    if (digit > 7) return -1;
    value = value * 8 + <i64>digit;
  }
  return value;
}

@final
class DevPtsType extends FileSystemType {
  private instance: DevPts | null = null;

  constructor() {
    super("devpts");
  }

  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    const instance = this.find();
    const result = instance.remount(options);
    if (result == 0) holder.value = instance;
    return result;
  }

  find(): DevPts {
    let instance = this.instance;
    if (instance === null) {
      instance = new DevPts(this);
      this.instance = instance;
    }
    return instance;
  }
}

/** Opens /dev/ptmx: a fresh pair. */
@final
class PtmxOpener extends SpecialFileOpener {
  constructor(readonly type: DevPtsType) {
    super();
  }

  open(inode: Inode, request: OpenRequest): i32 {
    const result = openMaster(request);
    if (result < 0) return result;
    const pair = takeNewestPair();
    if (pair !== null) this.type.find().adopt(pair);
    return 0;
  }
}

/** Opens /dev/pts/N. */
@final
class SlaveOpener extends SpecialFileOpener {
  open(inode: Inode, request: OpenRequest): i32 {
    return openSlave(<i32>deviceMinor(inode.rdev), request);
  }
}

/** TIOCGPTPEER: the description shows the slave's place in devpts. */
@final
class Installer extends PeerInstaller {
  private mount: Mount | null = null;

  constructor(readonly type: DevPtsType) {
    super();
  }

  install(pair: PtyPair, file: OpenFile, isCloseOnExec: bool): i64 {
    const instance = this.type.find();
    let mount = this.mount;
    if (mount === null) {
      mount = new Mount(instance, instance.root!, 0);
      mount.hold();
      this.mount = mount;
    }
    const inode = new SlaveInode(instance, pair);
    const dentry = makeAnonymousDentry(inode);
    dentry.name = bytesOf("dev/pts/" + pair.index.toString());
    file.bind(mount, dentry, inode);
    const fd = currentTask().files.add(file, isCloseOnExec);
    if (fd < 0) file.release();
    return fd;
  }
}

/** Registers the file system, /dev/ptmx and the slaves. */
export function registerDevPts(): void {
  const type = new DevPtsType();
  registerFileSystem(type);
  nameCharacterMajor(128, "ptm");
  nameCharacterMajor(PTS_MAJOR, "pts");
  registerCharacterDevice(PTMX_MAJOR, PTMX_MINOR, "ptmx", 0o666, new PtmxOpener(type));
  registerCharacterMajor(PTS_MAJOR, new SlaveOpener());
  setPeerInstaller(new Installer(type));
}

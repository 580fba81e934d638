// devtmpfs: the file system of /dev. One instance, a tmpfs that the kernel fills with the registered devices; programs
// may add, change and remove names like in any tmpfs. Nothing here sleeps.

import { S_IFCHR, S_IFDIR } from "../abi/stat";
import { bytesOf } from "../runtime/text/bytes";
import { ignore } from "../runtime/ignore";
import { TmpfsOptions, parseTmpfsOptions } from "../tmpfs/tmpfs-options";
import { Tmpfs } from "../tmpfs/tmpfs";
import { Credentials } from "../vfs/credentials";
import { Dentry } from "../vfs/path/dentry";
import { findDentry, hashDentry, hashName, makeDentry } from "../vfs/path/dentry-cache";
import { FileSystem, FileSystemHolder, FileSystemType, registerFileSystem } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import {
  CharacterDevice, DeviceListener, characterDeviceAt, characterDeviceCount, setDeviceListener,
} from "./character-devices";

const SLASH: u8 = 0x2f;

/** Fills the one instance. */
@final
class DevTmpfs extends DeviceListener {
  private readonly owner: Credentials = new Credentials();
  fileSystem!: Tmpfs;

  constructor(type: FileSystemType) {
    super();
    const options = new TmpfsOptions();
    // These options are known to be right.
    ignore(parseTmpfsOptions(bytesOf("mode=755"), options));
    this.fileSystem = new Tmpfs(type, bytesOf("devtmpfs"), options, this.owner);
    // The instance lives on while it is mounted nowhere.
    this.fileSystem.mountCount++;
    for (let i = 0; i < characterDeviceCount(); i++) this.deviceAdded(characterDeviceAt(i));
    this.addLink("fd", "/proc/self/fd");
    this.addLink("stdin", "/proc/self/fd/0");
    this.addLink("stdout", "/proc/self/fd/1");
    this.addLink("stderr", "/proc/self/fd/2");
    this.addDirectory("pts", 0o755);
    this.addDirectory("shm", 0o1777);
  }

  deviceAdded(device: CharacterDevice): void {
    if (device.name.length == 0) return;
    const place = this.placeOf(device.name);
    if (place === null) return;
    const directory = place.parent.inode!;
    if (directory.createNode(place, S_IFCHR | device.mode, device.device, this.owner) == 0) hashDentry(place);
  }

  private addLink(name: string, target: string): void {
    const place = this.placeOf(bytesOf(name));
    if (place === null) return;
    if (place.parent.inode!.createSymlink(place, bytesOf(target), this.owner) == 0) hashDentry(place);
  }

  private addDirectory(name: string, permissions: u32): void {
    const place = this.placeOf(bytesOf(name));
    if (place === null) return;
    if (place.parent.inode!.createNode(place, S_IFDIR | permissions, 0, this.owner) == 0) hashDentry(place);
  }

  /** A negative dentry for a path below /dev, its directories made as needed; null if the name is taken. */
  private placeOf(path: StaticArray<u8>): Dentry | null {
    let at: Dentry = this.fileSystem.root!;
    let start = 0;
    for (let i = 0; i <= path.length; i++) {
      if (i < path.length && path[i] != SLASH) continue;
      const child = this.childOf(at, path, start, i - start);
      if (i == path.length) return child.inode === null ? child : null;
      if (child.inode === null) {
        const directory: Inode = at.inode!;
        if (directory.createNode(child, S_IFDIR | 0o755, 0, this.owner) < 0) return null;
        hashDentry(child);
      }
      at = child;
      start = i + 1;
    }
    return null;
  }

  private childOf(directory: Dentry, path: StaticArray<u8>, start: i32, length: i32): Dentry {
    const hash = hashName(directory, path, start, length);
    const cached = findDentry(directory, hash, path, start, length);
    if (cached !== null && cached.inode !== null) return cached;
    const made = cached !== null ? cached : makeDentry(directory, hash, path, start, length);
    ignore(directory.inode!.lookup(made));
    if (made.inode !== null) hashDentry(made);
    return made;
  }
}

@final
class DevTmpfsType extends FileSystemType {
  private instance: DevTmpfs | null = null;

  constructor() {
    super("devtmpfs");
  }

  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    holder.value = this.find();
    return 0;
  }

  find(): FileSystem {
    let instance = this.instance;
    if (instance === null) {
      instance = new DevTmpfs(this);
      this.instance = instance;
      setDeviceListener(instance);
    }
    return instance.fileSystem;
  }
}

/** Registers the type for mount(2). */
export function registerDevTmpfs(): void {
  registerFileSystem(new DevTmpfsType());
}

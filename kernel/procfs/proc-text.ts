// Text files made by a function, and the registry of files in /proc itself.
//
// A subsystem adds its file with `addProcText`; drivers, which lie above procfs, do so at boot as well. Nothing here
// sleeps but the functions called.

import { Errno } from "../abi/errno";
import { ByteBuilder } from "../runtime/text/byte-builder";
import { FileSystem } from "../vfs/inode/file-system";
import { Inode } from "../vfs/inode/inode";
import { FixedDirectory, TextInode } from "./synthetic";

/** Appends a file's contents. */
export type TextFunction = (out: ByteBuilder) => void;

/** Takes what was written: bytes taken or -errno. */
export type StoreFunction = (bytes: StaticArray<u8>, length: i32) => i64;

function refuse(bytes: StaticArray<u8>, length: i32): i64 {
  return -Errno.EIO;
}

@final
export class FunctionText extends TextInode {
  constructor(
    fileSystem: FileSystem, permissions: u32, private readonly show: TextFunction, private readonly take: StoreFunction = refuse,
  ) {
    super(fileSystem, permissions);
  }

  generate(out: ByteBuilder): i32 {
    this.show(out);
    return 0;
  }

  store(bytes: StaticArray<u8>, length: i32): i64 {
    return this.take(bytes, length);
  }
}

/** A file waiting for procfs to be made. */
@final
class Registration {
  constructor(readonly directory: string, readonly name: string, readonly permissions: u32, readonly show: TextFunction) {}
}

@bootOnly const registrations: Registration[] = [];

/** Adds a file to /proc, or to its directory `directory` ("" for /proc itself). Before procfs is mounted first. */
export function addProcText(directory: string, name: string, permissions: u32, show: TextFunction): void {
  registrations.push(new Registration(directory, name, permissions, show));
}

/** Makes a file of its own kind. */
export type InodeFunction = (fileSystem: FileSystem) => Inode;

@final
class InodeRegistration {
  constructor(readonly directory: string, readonly name: string, readonly make: InodeFunction) {}
}

@bootOnly const inodeRegistrations: InodeRegistration[] = [];

/** As addProcText, for a file that is no text. */
export function addProcInode(directory: string, name: string, make: InodeFunction): void {
  inodeRegistrations.push(new InodeRegistration(directory, name, make));
}

/** Puts the registered files into their directories; `find` yields the directory of a name. */
export function installRegistered(root: FixedDirectory, fileSystem: FileSystem): void {
  for (let i = 0; i < registrations.length; i++) {
    const entry = registrations[i];
    directoryOf(root, entry.directory).add(entry.name, new FunctionText(fileSystem, entry.permissions, entry.show));
  }
  for (let i = 0; i < inodeRegistrations.length; i++) {
    const entry = inodeRegistrations[i];
    directoryOf(root, entry.directory).add(entry.name, entry.make(fileSystem));
  }
}

/** A directory below `root`, made when it is not there: path components are separated by slashes. */
export function directoryOf(root: FixedDirectory, path: string): FixedDirectory {
  if (path.length == 0) return root;
  const parts = path.split("/");
  let at = root;
  for (let i = 0; i < parts.length; i++) at = at.subdirectory(parts[i]);
  return at;
}

// memfd_create(2): regular files of a tmpfs that is mounted nowhere. Does not sleep.

import { F_SEAL_EXEC, F_SEAL_SEAL, MFD_ALLOW_SEALING, MFD_NOEXEC_SEAL, O_LARGEFILE, O_RDWR } from "../abi/fcntl";
import { S_IFREG } from "../abi/stat";
import { copyBytes } from "../runtime/text/byte-access";
import { bytesOf } from "../runtime/text/bytes";
import { makeAnonymousMount } from "../vfs/file/anonymous";
import { Credentials } from "../vfs/credentials";
import { Dentry } from "../vfs/path/dentry";
import { makeRootDentry } from "../vfs/path/dentry-cache";
import { Mount } from "../vfs/path/mount";
import { OpenFile } from "../vfs/file/open-file";
import { RegularFile } from "../vfs/file/regular-file";
import { Tmpfs, TmpfsType } from "./tmpfs";
import { TmpfsFile } from "./tmpfs-inode";
import { TmpfsOptions } from "./tmpfs-options";

const PREFIX: StaticArray<u8> = bytesOf("memfd:");

/** The hidden instance; made with the first file. */
@kernelLock let hidden: Tmpfs | null = null;
@kernelLock let hiddenMount: Mount | null = null;

/** A nameless file, open for reading and writing; the name is for /proc/PID/fd only. */
export function createMemoryFile(name: StaticArray<u8>, length: i32, flags: u32, owner: Credentials): OpenFile {
  const tmpfs = hiddenInstance();
  const isExecutable = (flags & MFD_NOEXEC_SEAL) == 0;
  const inode = new TmpfsFile(tmpfs, S_IFREG | (isExecutable ? 0o777 : 0o666));
  tmpfs.initialise(inode, owner);
  tmpfs.inodesUsed++;
  inode.nlink = 0;
  if (!isExecutable) inode.startSeals(F_SEAL_EXEC);
  else inode.startSeals((flags & MFD_ALLOW_SEALING) != 0 ? 0 : F_SEAL_SEAL);
  const fullName = new StaticArray<u8>(PREFIX.length + length);
  copyBytes(fullName, 0, PREFIX, 0, PREFIX.length);
  copyBytes(fullName, PREFIX.length, name, 0, length);
  const dentry = makeRootDentry(fullName);
  dentry.attach(inode);
  dentry.flags |= Dentry.DELETED;
  const file = new RegularFile(O_RDWR | O_LARGEFILE);
  file.bind(hiddenMount, dentry, inode);
  file.holdsWriter = inode.retainWriter() == 0;
  return file;
}

function hiddenInstance(): Tmpfs {
  const existing = hidden;
  if (existing !== null) return existing;
  const made = new Tmpfs(new TmpfsType("tmpfs"), bytesOf("tmpfs"), new TmpfsOptions(), new Credentials());
  // Only memory itself limits what memfd_create makes.
  made.quota.limit = 0;
  made.inodeLimit = 0;
  hidden = made;
  hiddenMount = makeAnonymousMount(made, made.root!);
  return made;
}

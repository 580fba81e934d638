// Unpacks an initramfs in the simulated machine, for tests/fuzz/initramfs.ts. AssemblyScript.

import { addMemory } from "../../../kernel/mm/frames/frame";
import { reserveMemory } from "../../../kernel/mm/frames/memory-ranges";
import { bytesOf } from "../../../kernel/runtime/text/bytes";
import { unpackInitramfs } from "../../../kernel/tmpfs/initramfs";
import { TmpfsType } from "../../../kernel/tmpfs/tmpfs";
import { FileSystemHolder } from "../../../kernel/vfs/inode/file-system";
import { FsContext } from "../../../kernel/vfs/path/fs-context";
import { MountNamespace } from "../../../kernel/vfs/path/mount";

let fs: FsContext | null = null;

/** Makes an empty root; once an instance. */
export function prepare(start: u64, end: u64): void {
  addMemory(start, end);
  const holder = new FileSystemHolder();
  if (new TmpfsType("rootfs").create(bytesOf("rootfs"), bytesOf("size=4m,nr_inodes=2000"), holder) < 0) throw new Error("no root");
  const mount = new MountNamespace().mountRoot(holder.value!, 0);
  fs = new FsContext(mount, mount.root);
}

/** What the kernel says of the archive at `start .. end`: null when it is good. */
export function unpack(start: u64, end: u64): string | null {
  reserveMemory(start, end);
  return unpackInitramfs(fs!, start, end);
}

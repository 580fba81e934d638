// What stat(2) reports of an inode, and what chmod(2), chown(2), utimensat(2) and truncate(2) change in it.
// Both are plain records, filled by the caller or the inode; nothing here sleeps.

/** Bits of AttributeChange.valid. */
export namespace Change {
  @inline export const MODE: u32 = 1;
  @inline export const UID: u32 = 2;
  @inline export const GID: u32 = 4;
  @inline export const SIZE: u32 = 8;
  @inline export const ACCESS_TIME: u32 = 16;
  @inline export const MODIFY_TIME: u32 = 32;
}

/** A change of attributes that has passed the permission checks. Inode.setAttributes applies all of it or nothing. */
@final
export class AttributeChange {
  /** Which fields count: Change.* */
  valid: u32 = 0;
  /** Permission bits with S_ISUID, S_ISGID and S_ISVTX; no file type. */
  mode: u32 = 0;
  uid: u32 = 0;
  gid: u32 = 0;
  size: i64 = 0;
  accessNs: i64 = 0;
  modifyNs: i64 = 0;
  /** The change time to record. */
  changeNs: i64 = 0;
}

/** What Inode.getStatus fills: the answer of stat(2) and statx(2). */
@final
export class FileStatus {
  device: u32 = 0;
  number: u64 = 0;
  mode: u32 = 0;
  linkCount: u32 = 0;
  uid: u32 = 0;
  gid: u32 = 0;
  rdev: u32 = 0;
  size: i64 = 0;
  blockSize: u32 = 4096;
  /** In units of 512 bytes. */
  blocks: u64 = 0;
  accessNs: i64 = 0;
  modifyNs: i64 = 0;
  changeNs: i64 = 0;
  birthNs: i64 = 0;
  hasBirthTime: bool = false;
}

/** What FileSystem.getStatistics fills: the answer of statfs(2). */
@final
export class FileSystemStatistics {
  magic: u64 = 0;
  blockSize: u64 = 4096;
  blocks: u64 = 0;
  freeBlocks: u64 = 0;
  availableBlocks: u64 = 0;
  inodes: u64 = 0;
  freeInodes: u64 = 0;
  nameLimit: u64 = 255;
}

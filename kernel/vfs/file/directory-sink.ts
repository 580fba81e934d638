// DirectorySink: where Inode.readDirectory puts entries. getdents64(2) formats them for user space; rename and rmdir
// checks of some file systems only count them.

export abstract class DirectorySink {
  /** Where the next entry is (d_off); readDirectory moves it behind each entry that was taken. */
  position: i64 = 0;

  /**
   * Takes one entry. `next` is the position after it (d_off): a later call that starts there continues behind it.
   * `type` is DT_* (directoryEntryType of the mode). False: full, the entry was not taken; stop without error.
   */
  @sleeps abstract put(name: StaticArray<u8>, nameLength: i32, inodeNumber: u64, type: u32, next: i64): bool;
}

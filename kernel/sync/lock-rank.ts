// LockRank: the order in which one thread may take sleeping locks. A thread that holds a lock takes only locks of a
// higher rank, so that no circle of waiters can close. docs/locks-and-sleeping.md has the map, with the reasons.
// With the boot option `lockcheck` every lock is checked (mutex.ts); a violation is an oops that names both ranks.

export const enum LockRank {
  /** The position of an open file description. */
  POSITION = 10,
  /** Ring and slots of a pipe; held while splice(2) writes from it to a file. */
  PIPE = 14,
  /** The second pipe of tee(2) and splice(2), in the order of `Mutex.serial`. */
  PIPE_SECOND = 15,
  /** Renaming between two directories of one file system. */
  RENAME = 20,
  /** The names in a directory: the parent, or the ancestor of two. */
  DIRECTORY = 30,
  /** The other directory of a rename. */
  DIRECTORY_SECOND = 31,
  /** A directory that is removed, moved or replaced, while its parent is held. */
  VICTIM = 32,
  VICTIM_SECOND = 33,
  /** Contents and link count of what is no directory. */
  FILE = 40,
  FILE_SECOND = 41,
  /** Items and collection of an epoll instance. */
  EPOLL = 50,
}

// What tracepoints record: categories, and kinds of events with their words. scripts/cli/profile/trace-events.ts reads them.

/** What can be switched on: bits of `traceMask`. */
export namespace Trace {
  @inline export const SCHEDULER: u32 = 1;
  @inline export const SYSTEM_CALLS: u32 = 2;
  @inline export const FAULTS: u32 = 4;
  @inline export const INTERRUPTS: u32 = 8;
  @inline export const COLLECTIONS: u32 = 16;
  /** Names of tasks and what they map: always recorded when anything is. */
  @inline export const TASKS: u32 = 32;
  /** Of the system calls only those that fail; SYSTEM_CALLS tells them too, so that "all" goes without. */
  @inline export const ERRORS: u32 = 64;
  @inline export const ALL: u32 = 63;
}

/** Kinds of events; the words are named (a, b). */
export namespace Event {
  /** The CPU goes from this task to another (its id, state of the one that stops). */
  @inline export const SWITCH: u32 = 1;
  /** (the task that may run, 0) */
  @inline export const WAKE: u32 = 2;
  /** (number, first argument), (number, result) */
  @inline export const CALL_BEGIN: u32 = 3;
  @inline export const CALL_END: u32 = 4;
  /** (address, error code), (1 if resolved, 0) */
  @inline export const FAULT_BEGIN: u32 = 5;
  @inline export const FAULT_END: u32 = 6;
  /** (vector, 0) */
  @inline export const INTERRUPT_BEGIN: u32 = 7;
  @inline export const INTERRUPT_END: u32 = 8;
  /** (0, 0), (objects, bytes alive) */
  @inline export const COLLECTION_BEGIN: u32 = 9;
  @inline export const COLLECTION_END: u32 = 10;
  /** (child's tid, child's tgid) */
  @inline export const FORK: u32 = 11;
  /** (wait status, 0) */
  @inline export const EXIT: u32 = 12;
  /** Of the task: (tgid, 0); NAME follows. A new program, or what a task ran when tracing began. MAPs follow. */
  @inline export const EXEC: u32 = 13;
  /** 16 bytes of text: comm after EXEC, pieces of a path after MAP. */
  @inline export const TEXT: u32 = 14;
  /** Code of a file in memory: (start, end); then MAP_FILE (offset in the file, length of the path), then TEXT. */
  @inline export const MAP: u32 = 15;
  @inline export const MAP_FILE: u32 = 16;
  /** (number of the system call, errno as the program sees it) */
  @inline export const CALL_ERROR: u32 = 17;
}

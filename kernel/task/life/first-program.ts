// What the first process runs (boot/ says it), and what its end leads to.

import { Task } from "../task";

/** What the first process runs, and what follows when it cannot or has ended. Made by boot/. */
export abstract class FirstProgram {
  argv: StaticArray<StaticArray<u8>> = new StaticArray<StaticArray<u8>>(0);
  envp: StaticArray<StaticArray<u8>> = new StaticArray<StaticArray<u8>>(0);

  /** First, on the task's own stack: opens its descriptors and the like. May sleep. */
  @sleeps abstract prepare(task: Task): void;
  /** Path number `attempt` to execute, or null if there is none left: then `failed` is called with the last error. */
  abstract path(attempt: i32): StaticArray<u8> | null;
  /** Nothing could be executed. Does not return. */
  abstract failed(errno: i32): void;
  /** The process has ended with wait status `status`. Does not return. */
  abstract ended(status: i32): void;
  /** True if signals without a handler do not end it (kill(2)). */
  get isProtected(): bool { return true; }
}

@bootOnly let program: FirstProgram | null = null;

/** Boot, before the first process is made. */
export function setFirstProgram(first: FirstProgram): void {
  program = first;
}

/** The first process ended with wait status `status`; does not return. */
export function firstProgramEnded(status: i32): void {
  program!.ended(status);
}

// UserArguments are large (their snapshots and buffers) and every task needs one while it lives: they are used again.

import { UserArguments } from "../mm/user-arguments";

@inline const LIMIT: i32 = 32;
const spare: StaticArray<UserArguments | null> = new StaticArray<UserArguments | null>(LIMIT);
let count: i32 = 0;

export function takeArguments(): UserArguments {
  if (count > 0) {
    count--;
    const taken = spare[count];
    spare[count] = null;
    if (taken !== null) return taken;
  }
  return new UserArguments();
}

/** The task that had them has ended. */
export function giveArguments(used: UserArguments): void {
  if (count == LIMIT) return;
  spare[count] = used;
  count++;
}

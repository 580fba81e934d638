// Display: hardware that shows a grid of characters. Drawing neither sleeps nor allocates; it may run in interrupts.

import { Grid } from "./grid";

export abstract class Display {
  constructor(readonly columns: i32, readonly rows: i32) {}

  /** Shows the rows of the grid that are marked dirty, and unmarks them. */
  abstract show(grid: Grid): void;

  /** Moves the cursor, or hides it. */
  abstract setCursor(x: i32, y: i32, isShown: bool): void;

  /** Size in pixels, 0 for text displays. */
  get widthPixels(): i32 { return 0; }
  get heightPixels(): i32 { return 0; }

  /** For messages. */
  abstract get description(): string;
}

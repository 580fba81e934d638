/** Errors that are the user's to mend: printed without a stack trace. */
export class UserError extends Error {
  /** @param hint what to do about it, on a line of its own. @param exitCode status of the command. */
  constructor(message: string, readonly hint?: string, readonly exitCode = 1) {
    super(message);
    this.name = 'UserError';
  }
}

// Errors that a build reports to its user rather than crash with.

/** Errors in the source, already formatted one a line (`file:line:column: message`). */
export class CompileError extends Error {
  constructor(readonly diagnostics: string[]) {
    super(diagnostics.join('\n'));
    this.name = 'CompileError';
  }
}

/** A tool ended with an error; the message is what it wrote. */
export class ToolError extends Error {
  constructor(readonly tool: string, output: string) {
    super(`${tool} failed:\n${output.trim()}`);
    this.name = 'ToolError';
  }
}

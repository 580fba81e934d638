// How errors are shown: one line each, `file:line:column: message`, as editors and terminals understand them.

import type { DiagnosticMessage, Source } from 'assemblyscript';

/** One line for one message of the AssemblyScript compiler. */
export function formatDiagnostic(message: DiagnosticMessage): string {
  const range = message.range;
  const text = `${message.message} [AS${message.code}]`;
  if (!range) return text;
  return `${formatPosition(range.source, range.start)}: ${text}`;
}

/** `file:line:column` of an offset in a source. */
export function formatPosition(source: Source, offset: number): string {
  const before = source.text.substring(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return `${source.normalizedPath}:${line}:${column}`;
}

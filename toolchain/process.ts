// Runs the tools of the build (gcc, ld, wasm-opt, wasm2c) as child processes and says clearly what failed.

import { execa } from 'execa';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ToolError } from './errors.js';

const require = createRequire(import.meta.url);

/** Runs a program; its standard output. Throws ToolError when it fails. */
export async function runTool(command: string, args: string[], options: { cwd?: string } = {}): Promise<string> {
  const result = await execa(command, args, {
    ...options, reject: false, all: true, stripFinalNewline: false, maxBuffer: 64 * 1024 * 1024,
    env: { LC_ALL: 'C', SOURCE_DATE_EPOCH: '0' },
  });
  if (result.failed) {
    const output = result.all || result.shortMessage || '';
    throw new ToolError(toolName(command, args), output);
  }
  return result.stdout;
}

function toolName(command: string, args: string[]): string {
  const script = command === process.execPath ? args.find((arg) => !arg.startsWith('-') && !arg.startsWith('file:')) : undefined;
  return path.basename(script ?? command);
}

/** Runs a command-line tool of an npm package (a JavaScript file) under this Node. */
export function runPackageTool(packageName: string, tool: string, args: string[], nodeOptions: string[] = []): Promise<string> {
  const manifest = require.resolve(`${packageName}/package.json`);
  return runTool(process.execPath, [...nodeOptions, path.join(path.dirname(manifest), 'bin', tool), ...args]);
}

// Objects to the kernel image.

import { runTool } from './process.js';

export interface LinkOptions {
  script: string;
  objects: string[];
  output: string;
  /** Values of symbols that the script asks for. */
  symbols: Record<string, number>;
}

/** Links an ELF executable at fixed addresses; nothing in it depends on time or place of the build. */
export async function linkKernel({ script, objects, output, symbols }: LinkOptions): Promise<void> {
  await runTool('ld', [
    '-nostdlib', '-static', '-no-pie', '-z', 'max-page-size=4096', '-z', 'noexecstack', '--no-warn-rwx-segments', '--build-id=none', '--gc-sections',
    ...Object.entries(symbols).map(([name, value]) => `--defsym=${name}=${value}`),
    '-T', script, '-o', output, ...objects,
  ]);
}

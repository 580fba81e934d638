// Objects to the kernel image, with the symbol table for backtraces inside.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ElfFile } from './elf.js';
import { runTool } from '../process.js';
import { makeSymbolTable } from './symbol-table.js';

export interface LinkOptions {
  script: string;
  objects: string[];
  output: string;
  /** Folder for intermediate files. */
  folder: string;
  /** Values of symbols that the script asks for. */
  symbols: Record<string, number>;
  /** What functions of the core are called in backtraces, by C name. */
  displayNames: Map<string, string>;
}

const IMAGE_BASE = 0xffffffff00000000n;
const TABLE_SECTION = '.symtab_kernel';

/**
 * Links an ELF executable at fixed addresses; nothing in it depends on time or place of the build. Linked twice: the
 * symbol table needs the code's addresses, which do not depend on the table, as it comes after the code.
 */
export async function linkKernel(options: LinkOptions): Promise<void> {
  const first = path.join(options.folder, 'first.elf');
  await link(options, options.objects, first);
  const elf = new ElfFile(first);
  writeFileSync(path.join(options.folder, 'symbols.bin'), makeSymbolTable(elf, IMAGE_BASE, options.displayNames));
  const object = path.join(options.folder, 'symbols.o');
  await runTool('objcopy', [
    '-I', 'binary', '-O', 'elf64-x86-64', '--rename-section', `.data=${TABLE_SECTION},alloc,load,readonly,data,contents`,
    '--set-section-alignment', '.data=8', '--strip-all', 'symbols.bin', 'symbols.o',
  ], { cwd: options.folder });
  await link(options, [...options.objects, object], options.output);
  expectSameCode(elf, new ElfFile(options.output));
}

function link({ script, symbols }: LinkOptions, objects: string[], output: string): Promise<string> {
  return runTool('ld', [
    '-nostdlib', '-static', '-no-pie', '-z', 'max-page-size=4096', '-z', 'noexecstack', '--no-warn-rwx-segments', '--build-id=none', '--gc-sections',
    ...Object.entries(symbols).map(([name, value]) => `--defsym=${name}=${value}`),
    '-T', script, '-o', output, ...objects,
  ]);
}

function expectSameCode(first: ElfFile, second: ElfFile): void {
  const addresses = (elf: ElfFile) => elf.symbols().filter((symbol) => symbol.isFunction).map(({ name, address }) => `${name}=${address}`).join();
  if (addresses(first) !== addresses(second)) throw new Error('the symbol table moved the code: it must come after .text in kernel.ld');
}

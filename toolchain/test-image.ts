// A tree with the least that makes a kernel image, for tests of the toolchain.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cpSync } from 'node:fs';
import { buildKernel } from './build.js';
import { ROOT, TOOLCHAIN_NATIVE } from './paths.js';

export const IMAGE_BASE = 0xffffffff00000000n;

const FILES: Record<string, string> = {
  'arch/x86_64/machine.ts': '@external("machine", "tick") export declare function tick(): u32;\n',
  'arch/x86_64/native/machine.h': `struct w2c_machine;
u32 external_tick(void);
static inline u32 w2c_machine_tick(struct w2c_machine *instance) { return external_tick(); }
static inline void w2c_machine_earlyConsoleByte(struct w2c_machine *instance, u32 byte) {}
`,
  'arch/x86_64/native/start.c': `#include "kernel.h"
u32 external_tick(void) { static volatile u32 ticks; return ++ticks; }
void *memcpy(void *to, const void *from, size_t n) { __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory"); return to; }
void *memmove(void *to, const void *from, size_t n) { return memcpy(to, from, n); }
void *memset(void *to, int byte, size_t n) { __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(byte) : "memory"); return to; }
void _start(void) { wasm2c_kernel_start(); w2c_kernel_boot(7); }
`,
  'arch/x86_64/native/kernel.ld': `ENTRY(_start)
SECTIONS {
  . = 0xffffffff00000000;
  .text : { *(.text .text.*) }
  .rodata : { *(.rodata .rodata.*) }
  .symtab_kernel : { KEEP(*(.symtab_kernel)) }
  .data : { *(.data .data.*) }
  .bss : { *(.bss .bss.*) }
}
`,
};

/** Builds an image whose core is \`source\` (boot/kernel.ts, with an export \`boot(u32): u32\`); the ELF file's path. */
export async function buildImage(root: string, source: string): Promise<string> {
  for (const [file, text] of Object.entries({ ...FILES, 'boot/kernel.ts': source, 'package.json': '{}' })) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  cpSync(path.join(ROOT, TOOLCHAIN_NATIVE), path.join(root, TOOLCHAIN_NATIVE), { recursive: true });
  const { elf } = await buildKernel({ root, mode: 'release', checks: 'off' });
  if (elf === null) throw new Error('no image was linked');
  return elf;
}

// Where things lie in the tree, said once: paths relative to its root.

import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The tree that this toolchain is part of. */
export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** Assembly, C and the linker script of the machine. */
export const ARCH_NATIVE = 'arch/x86_64/native';
/** What generated C needs in place of wasm2c's own runtime. */
export const TOOLCHAIN_NATIVE = 'toolchain/native';
/** Files here that declare `@global` functions are the runtime that compiled code calls. */
export const RUNTIME_FOLDER = 'kernel/runtime/heap';
/** The kernel's entry file. */
export const KERNEL_ENTRY = 'boot/kernel.ts';
/** Global names of asc that the kernel takes for itself: name -> element. */
export const KERNEL_ALIASES: Record<string, string> = { abort: 'kernel/runtime/log/abort/kernelAbort' };
/** Files that may use raw memory and raw hardware. */
export const TRUSTED_LIST = 'toolchain/check/trusted-files.txt';

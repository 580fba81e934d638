// Lays out the ABI structures of kernel/abi/struct-descriptions.ts by the System V x86-64 rules (natural alignment, size a
// multiple of the alignment) and writes their sizes and offsets as constants: kernel/abi/generated/structs.ts.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { STRUCTS, type StructDescription } from "../../kernel/abi/struct-descriptions.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const OUTPUT = join(ROOT, "kernel/abi/generated/structs.ts");

export interface Layout {
  description: StructDescription;
  size: number;
  alignment: number;
  fields: { name: string; offset: number }[];
}

const SCALARS: Record<string, number> = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, u64: 8, i64: 8, ptr: 8 };

/** The layouts of all structures; a structure may use those before it. Throws on an unknown type. */
export function layoutStructs(descriptions: StructDescription[] = STRUCTS): Layout[] {
  const layouts = new Map<string, Layout>();
  for (const description of descriptions) {
    let offset = 0;
    let alignment = 1;
    const fields: { name: string; offset: number }[] = [];
    for (const field of description.fields) {
      const match = /^(\w+) (\w+)(?:\[(\d+)\])?$/.exec(field);
      if (!match) throw new Error(`struct ${description.name}: cannot read the field "${field}"`);
      const [, type, name, count] = match;
      const nested = layouts.get(type!);
      const size = nested?.size ?? SCALARS[type!];
      if (size === undefined) throw new Error(`struct ${description.name}: unknown type ${type}`);
      const fieldAlignment = nested?.alignment ?? size;
      offset = Math.ceil(offset / fieldAlignment) * fieldAlignment;
      alignment = Math.max(alignment, fieldAlignment);
      fields.push({ name: name!, offset });
      offset += size * Number(count ?? 1);
    }
    layouts.set(description.name, { description, size: Math.ceil(offset / alignment) * alignment, alignment, fields });
  }
  return [...layouts.values()];
}

/** Writes the generated file when its content changed. */
export async function generateAbiStructs(): Promise<void> {
  const namespaces = layoutStructs().map(({ description, size, fields }) => {
    const constants = [`SIZE: u32 = ${size}`, ...fields.map((field) => `${field.name}: u32 = ${field.offset}`)];
    const title = description.cType === "" ? description.name : `${description.cType}, <${description.header}>`;
    return `/** ${title}: size and offsets in bytes */\nexport namespace ${description.name} {\n${constants.map((c) => `  // @ts-ignore: decorator\n  @inline export const ${c};`).join("\n")}\n}\n`;
  });
  const content = `// Generated from kernel/abi/struct-descriptions.ts by toolchain/generators/abi-structs.ts. Do not edit.\n\n${namespaces.join("\n")}`;
  if ((await readFile(OUTPUT, "utf8").catch(() => "")) === content) return;
  await mkdir(dirname(OUTPUT), { recursive: true });
  await writeFile(OUTPUT, content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generateAbiStructs();

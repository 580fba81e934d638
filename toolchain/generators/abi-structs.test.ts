// The layouts that the generator computes are those of the host's C compiler and headers.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layoutStructs } from "./abi-structs.ts";

test("sizes and offsets are those of the C headers", () => {
  const layouts = layoutStructs().filter((layout) => layout.description.cType !== "");
  // <linux/stat.h> and <sys/stat.h> clash in one file, so each header is compiled apart.
  for (const header of new Set(layouts.map((layout) => layout.description.header))) {
    const ofHeader = layouts.filter((layout) => layout.description.header === header);
    const asserts = ofHeader.flatMap(({ description, size, fields }) => [
      `_Static_assert(sizeof(${description.cType}) == ${size}, "${description.name}: size");`,
      ...fields.filter((field) => !/^(_|pad$|f_spare|f_fsid)/.test(field.name))
        .map((field) => `_Static_assert(offsetof(${description.cType}, ${field.name}) == ${field.offset}, "${description.name}.${field.name}");`),
    ]);
    const file = join(mkdtempSync(join(tmpdir(), "typix-abi-")), "layout.c");
    writeFileSync(file, `#define _GNU_SOURCE\n#include <stddef.h>\n#include <${header}>\n${asserts.join("\n")}\nint main(void) { return 0; }\n`);
    expect(() => execFileSync("gcc", ["-fsyntax-only", file], { stdio: "pipe" })).not.toThrow();
  }
});

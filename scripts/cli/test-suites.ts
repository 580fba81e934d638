/** The suites of `typix test`, in the order they run: what is quick and explains the most comes first. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from './paths.ts';

export interface Suite {
  readonly name: string;
  readonly about: string;
  /** Test files and folders, relative to the repository. */
  readonly paths: readonly string[];
  /** Suites that boot guests run one file at a time: two at once would time each other out. */
  readonly isSerial: boolean;
}

const ORDERED: readonly Suite[] = [
  { name: 'toolchain', about: 'compiler, checks, generators, images, commands', paths: ['toolchain', 'scripts'], isSerial: false },
  { name: 'unit', about: 'kernel code on the simulated machine', paths: ['tests/unit', 'tests/gc', 'tests/simulated-machine'], isSerial: false },
  { name: 'boot', about: 'every way to boot, in QEMU', paths: ['tests/boot'], isSerial: true },
  { name: 'shell', about: "a person's session, and scripts compared with Linux", paths: ['tests/shell'], isSerial: true },
];

/** Test files below a folder, relative to the repository, sorted. */
function testFiles(path: string): string[] {
  const full = inRepository(path);
  if (!existsSync(full)) return [];
  return (readdirSync(full, { recursive: true }) as string[]).filter((name) => name.endsWith('.test.ts')).map((name) => join(path, name)).sort();
}

/** Test files of a suite; only those whose path contains one of the texts, if there are any. */
export function filesOfSuite(suite: Suite, parts: readonly string[] = []): string[] {
  return suite.paths.flatMap(testFiles).filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
}

const holdsTests = (path: string): boolean => testFiles(path).length > 0;

/** All suites; folders of tests/ that no suite names form the last one, so that no test is forgotten. */
export function testSuites(): Suite[] {
  const named = new Set(ORDERED.flatMap((suite) => suite.paths));
  const folders = readdirSync(inRepository('tests'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const others = folders.map((entry) => join('tests', entry.name)).filter((path) => !named.has(path) && holdsTests(path)).sort();
  const rest: Suite = { name: 'other', about: others.join(', '), paths: others, isSerial: true };
  return [...ORDERED, rest].map((suite) => ({ ...suite, paths: suite.paths.filter(holdsTests) })).filter((suite) => suite.paths.length > 0);
}

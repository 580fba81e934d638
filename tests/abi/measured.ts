/**
 * What the ABI tests are measured to reach: the errors that they get (on Typix, from its trace) and the flags that they pass (from strace here).
 * Only tests whose output is equal count, and of those only the calls that they cover: what a program provokes besides, the C library on its
 * own among it, nobody looks at.
 */
import { readFileSync } from 'node:fs';
import { inRepository } from '../../scripts/cli/paths.ts';
import { loadAbiTests } from '../../toolchain/generators/abi-coverage.ts';
import { errnoNames } from '../../toolchain/generators/error-coverage.ts';
import { addFlags } from '../../toolchain/generators/flag-coverage.ts';
import { loadSystemCalls } from '../../toolchain/generators/system-calls.ts';
import type { Comparison } from './conform.ts';
import { rawCallsOnLinux } from './strace.ts';

const covered = (): Map<string, Set<string>> => new Map(loadAbiTests(inRepository('tests', 'abi')).map((each) => [each.name, new Set(each.calls)]));

/** The errors, by call. */
export function errorsSeen(comparisons: readonly Comparison[]): Map<string, Set<string>> {
  const calls = new Map(readFileSync(inRepository('syscalls', 'table', 'linux-calls.txt'), 'utf8').split('\n').map((line) => line.split(' ') as [string, string]));
  const errors = errnoNames(readFileSync(inRepository('kernel', 'abi', 'errno.ts'), 'utf8'));
  const coveredBy = covered();
  const seen = new Map<string, Set<string>>();
  for (const { name, typix, isEqual } of comparisons) {
    if (!isEqual) continue;
    for (const pair of typix?.errors ?? []) {
      const [number, errno] = pair.split(':');
      const [call, error] = [calls.get(number!), errors.get(Number(errno))];
      if (call === undefined || error === undefined || !coveredBy.get(name)?.has(call)) continue;
      seen.set(call, (seen.get(call) ?? new Set()).add(error));
    }
  }
  return seen;
}

/** The flags, by argument ("openat.flags"), that tests with these names pass. Runs each under strace. */
export async function flagsSeen(names: readonly string[]): Promise<Map<string, Set<string>>> {
  const prototypes = new Map((await loadSystemCalls()).map(({ prototype }) => [prototype.name, prototype]));
  const coveredBy = covered();
  const seen = new Map<string, Set<string>>();
  const pending = [...names];
  const worker = async (): Promise<void> => {
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      for (const call of await rawCallsOnLinux(name)) {
        const prototype = coveredBy.get(name)?.has(call.name) ? prototypes.get(call.name) : undefined;
        if (prototype) addFlags(seen, prototype, call);
      }
    }
  };
  // Most of them wait most of the time.
  await Promise.all(Array.from({ length: 6 }, worker));
  return seen;
}

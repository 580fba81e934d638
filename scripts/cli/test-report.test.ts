/** What `typix test` makes of vitest's report: a file that does not load fails, a skipped test is seen. */
import { expect, test } from 'vitest';
import { figuresText, readReport, sumOf } from './test-report.ts';
import { filesOfSuite, testSuites } from './test-suites.ts';

const REPORT = {
  numPassedTests: 1, numFailedTests: 1,
  testResults: [
    { name: 'a.test.ts', status: 'failed', assertionResults: [{ fullName: 'a works', status: 'passed' }, { fullName: 'a breaks', status: 'failed' }, { fullName: 'b waits', status: 'skipped' }, { fullName: 'a todo', status: 'todo' }] },
    { name: 'b.test.ts', status: 'failed', assertionResults: [] },
  ],
};

test('failed, skipped and unloaded tests are counted and named', () => {
  const figures = readReport(REPORT);
  expect(figures).toEqual({ passed: 1, failed: 2, skipped: ['b waits', 'a todo'], failures: ['a breaks', 'b.test.ts (did not run)'] });
  expect(figuresText(figures)).toBe('1 passed, 2 failed, 2 skipped');
  expect(figuresText(sumOf([figures, figures]))).toBe('2 passed, 4 failed, 4 skipped');
  expect(figuresText(sumOf([]))).toBe('0 passed, 0 failed');
});

test('with a pattern, only tests that match it can be skipped', () => {
  expect(readReport(REPORT, '^a ').skipped).toEqual(['a todo']);
});

test('each test file belongs to one suite, and a part of a path chooses in its suite only', () => {
  const suites = testSuites();
  const all = suites.flatMap((suite) => filesOfSuite(suite));
  expect(new Set(all).size).toBe(all.length);
  expect(all).toContain('scripts/cli/test-report.test.ts');
  expect(suites.filter((suite) => filesOfSuite(suite, ['cli/test-report']).length > 0).map((suite) => suite.name)).toEqual(['toolchain']);
  expect(suites.flatMap((suite) => filesOfSuite(suite, ['no-such-file']))).toEqual([]);
});

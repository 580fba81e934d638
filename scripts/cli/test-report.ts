/** What a run of vitest says, read from its JSON reporter's file: figures for the closing lines of `typix test`. */
import { repositoryRoot } from './paths.ts';

export interface Figures {
  readonly passed: number;
  readonly failed: number;
  /** Full names of tests that did not run, though they were chosen. */
  readonly skipped: readonly string[];
  /** Full names of tests that failed, and of files that did not load. */
  readonly failures: readonly string[];
}

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string; readonly status: string; readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** The figures of one suite. With a pattern for names (`-t`), tests that do not match are reported as skipped: they were not chosen, and do not count. */
export function readReport(report: VitestReport, pattern?: string): Figures {
  const failures = report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
    return failed.length === 0 && file.status === 'failed' ? [`${file.name.replace(`${repositoryRoot}/`, '')} (did not run)`] : failed;
  });
  const chosen = pattern === undefined ? undefined : new RegExp(pattern);
  const idle = report.testResults.flatMap((file) => file.assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed'));
  const skipped = idle.map((test) => test.fullName).filter((name) => chosen === undefined || chosen.test(name));
  // A file that could not be loaded, or whose set-up failed, counts as one failed test.
  const unloaded = failures.length - report.numFailedTests;
  return { passed: report.numPassedTests, failed: report.numFailedTests + Math.max(0, unloaded), skipped, failures };
}

/** The figures of several suites together. */
export function sumOf(all: readonly Figures[]): Figures {
  return {
    passed: all.reduce((sum, each) => sum + each.passed, 0), failed: all.reduce((sum, each) => sum + each.failed, 0),
    skipped: all.flatMap((each) => each.skipped), failures: all.flatMap((each) => each.failures),
  };
}

/** "7 passed, 0 failed", and how many were skipped, if any. */
export function figuresText({ passed, failed, skipped }: Figures): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}

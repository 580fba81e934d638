import { expect, test } from 'vitest';
import { parseSamples, report, toJson, toTable } from './results.ts';

const round = (lines: string): ReturnType<typeof parseSamples> => parseSamples(lines);

test('medians, ratios and the geometric mean', () => {
  const linux = [round('a\tns\t100\nb\tMB/s\t10'), round('a\tns\t300\nb\tMB/s\t10'), round('a\tns\t200\nb\tMB/s\t10')];
  const typix = [round('a\tns\t50\nb\tMB/s\t10'), round('a\tns\t50\nb\tMB/s\t10')];
  const result = report(linux, typix);
  expect(result.lines.map((line) => line.ratio)).toEqual([4, 1]);
  expect(result.geometricMean).toBeCloseTo(2);
});

test('a line that one system lacks is listed as missing and does not count', () => {
  const result = report([round('a\tns\t100\nb\tns\t5')], [round('a\tns\t100\nb\tns\tmissing\tepoll: Function not implemented')]);
  expect(result.geometricMean).toBe(1);
  expect(result.lines[1]).toMatchObject({ name: 'b', missing: 'Typix: epoll: Function not implemented' });
  expect(toTable(result)).toContain('missing (Typix: epoll');
  expect(JSON.parse(toJson(result)).lines[1]).toEqual({ name: 'b', unit: 'ns', linux: 5, typix: null, ratio: null, missing: 'Typix: epoll: Function not implemented' });
});

test('lines about booting are shown, but are no part of the mean', () => {
  const result = report([round('a\tns\t100\nboot: x\tms\t1000')], [round('a\tns\t50\nboot: x\tms\t10')]);
  expect(result.lines[1]!.ratio).toBe(100);
  expect(result.geometricMean).toBe(2);
  expect(toTable(report([round('boot: x\tms\t5')], [round('boot: x\tms\t1')]))).not.toContain('geometric');
});

test('more is better for bandwidth', () => {
  expect(report([round('a\tMB/s\t10')], [round('a\tMB/s\t30')]).lines[0]!.ratio).toBe(3);
});

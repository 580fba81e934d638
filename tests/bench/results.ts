/** Benchmark results: reading what the program prints, medians and ratios, the table, the JSON form and the chart. */

export interface Sample {
  readonly name: string;
  readonly unit: string;
  /** Absent where the system lacks what the line needs; then `reason` says so. */
  readonly value?: number;
  readonly reason?: string;
}

export interface Summary {
  readonly median: number;
  /** Half the distance between the smallest and the largest, as a share of the median. */
  readonly spread: number;
}

export interface Line {
  readonly name: string;
  readonly unit: string;
  readonly linux?: Summary;
  readonly typix?: Summary;
  /** Above 1: Typix is faster. Absent where a system lacks the line. */
  readonly ratio?: number;
  readonly missing?: string;
}

export interface Report {
  readonly geometricMean: number;
  readonly lines: Line[];
}

/** How the names of lines begin that are about booting: no operations, so they are left out of the mean and the chart. */
export const BOOT_LINES = 'boot: ';
const countsInMean = (line: Line): boolean => line.ratio !== undefined && !line.name.startsWith(BOOT_LINES);

/** Units in which more is better. */
const MORE_IS_BETTER = new Set(['MB/s']);

/** Reads "name<TAB>unit<TAB>value" lines. */
export function parseSamples(text: string): Sample[] {
  return text.split(/\r?\n/).flatMap((line): Sample[] => {
    const [name, unit, value, reason] = line.split('\t');
    if (name === undefined || unit === undefined || value === undefined) return [];
    return [value === 'missing' ? { name, unit, reason } : { name, unit, value: Number(value) }];
  });
}

function summarise(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, spread: (sorted[sorted.length - 1]! - sorted[0]!) / 2 / median };
}

/** Joins the rounds of both systems into a report; lines come in the order of the first Linux round. */
export function report(linux: readonly Sample[][], typix: readonly Sample[][]): Report {
  const names = [...new Set([...linux, ...typix].flatMap((round) => round.map((sample) => sample.name)))];
  const lines = names.map((name): Line => {
    const of = (rounds: readonly Sample[][]): Sample[] => rounds.flatMap((round) => round.filter((sample) => sample.name === name));
    const [fromLinux, fromTypix] = [of(linux), of(typix)];
    const values = (samples: Sample[]): number[] => samples.flatMap((sample) => (sample.value === undefined ? [] : [sample.value]));
    const unit = (fromLinux[0] ?? fromTypix[0])!.unit;
    const [ours, theirs] = [summarise(values(fromTypix)), summarise(values(fromLinux))];
    const why = (system: string, samples: Sample[]): string => `${system}: ${samples.find((sample) => sample.reason)?.reason ?? 'not run'}`;
    if (!ours || !theirs) return { name, unit, linux: theirs, typix: ours, missing: !ours ? why('Typix', fromTypix) : why('Linux', fromLinux) };
    const ratio = MORE_IS_BETTER.has(unit) ? ours.median / theirs.median : theirs.median / ours.median;
    return { name, unit, linux: theirs, typix: ours, ratio };
  });
  const ratios = lines.filter(countsInMean).map((line) => line.ratio!);
  return { geometricMean: Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / Math.max(1, ratios.length)), lines };
}

/** The form written by --json and read by --compare. */
export function toJson(result: Report): string {
  const lines = result.lines.map(({ name, unit, linux, typix, ratio, missing }) => ({ name, unit, linux: linux?.median ?? null, typix: typix?.median ?? null, ratio: ratio ?? null, ...(missing ? { missing } : {}) }));
  return `${JSON.stringify({ geometricMean: result.geometricMean, lines }, null, 2)}\n`;
}

const figure = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 100 ? 0 : 1));
const cell = (summary?: Summary): string => (summary ? `${figure(summary.median)} ±${(summary.spread * 100).toFixed(0)}%` : '-');

/** A table for the terminal; `earlier` adds the change of Typix since then. */
export function toTable(result: Report, earlier?: { lines: { name: string; typix: number | null }[] }): string {
  const header = ['', 'unit', 'Linux', 'Typix', 'ratio', ...(earlier ? ['change'] : [])];
  const rows = result.lines.map((line) => {
    const before = earlier?.lines.find((other) => other.name === line.name)?.typix;
    const change = before && line.typix ? `${(((line.typix.median - before) / before) * 100).toFixed(1)}%` : '';
    const ratio = line.ratio === undefined ? `missing (${line.missing})` : `${line.ratio.toFixed(2)}${line.ratio < 1 ? ' slower' : ''}`;
    return [line.name, line.unit, cell(line.linux), cell(line.typix), ratio, ...(earlier ? [change] : [])];
  });
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  const format = (row: string[]): string => row.map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join('  ').trimEnd();
  const mean = result.lines.some(countsInMean) ? ['', `geometric mean of the ratios: ${result.geometricMean.toFixed(2)} (above 1: Typix is faster)`] : [];
  return [...[header, ...rows].map(format), ...mean].join('\n');
}

/** The same as a Markdown table. */
export function toMarkdown(result: Report): string {
  const rows = result.lines.map((line) => `| ${line.name} | ${line.unit} | ${line.linux ? figure(line.linux.median) : '-'} | ${line.typix ? figure(line.typix.median) : '-'} | ${line.ratio?.toFixed(2) ?? `missing (${line.missing})`} |`);
  return ['| | unit | Linux | Typix | ratio |', '|---|---|---:|---:|---:|', ...rows, `| **geometric mean** | | | | **${result.geometricMean.toFixed(2)}** |`, ''].join('\n');
}

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A bar for each line on a logarithmic scale: right of the middle Typix is faster, left of it Linux. */
export function toSvg(result: Report, title: string): string {
  const lines = result.lines.filter(countsInMean);
  const [left, width, rowHeight, top] = [270, 480, 18, 48];
  const span = Math.max(2, ...lines.map((line) => Math.max(line.ratio!, 1 / line.ratio!)));
  const x = (ratio: number): number => left + width / 2 + (Math.log(ratio) / Math.log(span)) * (width / 2);
  const bars = lines.map((line, row) => {
    const y = top + row * rowHeight;
    const [from, to] = [Math.min(x(1), x(line.ratio!)), Math.max(x(1), x(line.ratio!))];
    const colour = line.ratio! >= 1 ? '#2f7d4f' : '#b5483a';
    return `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escapeXml(line.name)}</text>`
      + `<rect x="${from.toFixed(1)}" y="${y + 2}" width="${Math.max(1, to - from).toFixed(1)}" height="${rowHeight - 5}" fill="${colour}"/>`
      + `<text x="${left + width + 8}" y="${y + 12}">${line.ratio!.toFixed(2)}</text>`;
  });
  const height = top + lines.length * rowHeight + 30;
  const marks = [0.25, 0.5, 1, 2, 4, 8].filter((mark) => mark <= span && mark >= 1 / span)
    .map((mark) => `<line x1="${x(mark)}" x2="${x(mark)}" y1="${top - 6}" y2="${height - 24}" stroke="#999" stroke-dasharray="${mark === 1 ? 'none' : '2 3'}"/><text x="${x(mark)}" y="${height - 10}" text-anchor="middle">${mark}x</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 60}" height="${height}" font-family="sans-serif" font-size="12">`
    + `<rect width="100%" height="100%" fill="white"/><text x="12" y="22" font-size="15">${escapeXml(title)}: geometric mean ${result.geometricMean.toFixed(2)}</text>${marks.join('')}${bars.join('')}</svg>\n`;
}

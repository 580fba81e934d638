// Source lines through wasm2c: marks in the binary that become #line directives in the C text.
//
// Before each instruction at which the source map begins a new line, `i32.const N; call mark.line` is inserted: it
// needs nothing on the operand stack and leaves nothing. translate-body.ts turns the resulting C statement into
// `#line`. So gcc's debug information names TypeScript lines. compile.ts declares the function.

import { skipInstruction } from './wasm-instructions.js';
import { ByteReader, SECTION, parseModule } from './wasm-module.js';
import { concatenate, encodeS32, encodeU32, rewriteSections } from './wasm-writer.js';

export const LINE_MARK_EXPORT = 'mark.line';

export interface SourceLine {
  file: string;
  line: number;
}
interface Segment extends SourceLine {
  /** Offset in the binary. */
  offset: number;
}

/** The marked binary, and which line each mark number stands for. */
export function insertLineMarks(wasm: Uint8Array, sourceMap: string): { wasm: Uint8Array; lines: SourceLine[] } {
  const module = parseModule(wasm);
  const mark = module.exports.find(({ name }) => name === LINE_MARK_EXPORT);
  const code = module.sections.find(({ id }) => id === SECTION.code);
  if (!mark || !code) throw new Error('line marks: the module declares no mark');
  const segments = decodeSegments(sourceMap);
  const lines: SourceLine[] = [];
  const numbers = new Map<string, number>();
  const numberOf = ({ file, line }: SourceLine) => {
    const key = `${file}:${line}`;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, number = lines.push({ file, line }) - 1);
    return number;
  };
  const call = [0x10, ...encodeU32(mark.index)];
  const reader = new ByteReader(wasm, code.start, code.end);
  const count = reader.u32();
  const parts: Uint8Array[] = [Uint8Array.from(encodeU32(count))];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const size = reader.u32();
    const end = reader.position + size;
    const body: Uint8Array[] = [];
    const bodyStart = reader.position;
    skipLocals(reader);
    while (next < segments.length && segments[next]!.offset < bodyStart) next++;
    let copied = bodyStart;
    let current = '';
    while (reader.position < end) {
      const at = reader.position;
      let segment: Segment | null = null;
      while (next < segments.length && segments[next]!.offset <= at) segment = segments[next++]!;
      if (segment && `${segment.file}:${segment.line}` !== current) {
        current = `${segment.file}:${segment.line}`;
        body.push(wasm.subarray(copied, at), Uint8Array.from([0x41, ...encodeS32(numberOf(segment)), ...call]));
        copied = at;
      }
      skipInstruction(reader);
    }
    body.push(wasm.subarray(copied, end));
    const whole = concatenate(body);
    parts.push(Uint8Array.from(encodeU32(whole.length)), whole);
  }
  return { wasm: rewriteSections(wasm, module, (id) => (id === SECTION.code ? concatenate(parts) : 'keep')), lines };
}

function skipLocals(reader: ByteReader): void {
  for (let groups = reader.u32(); groups > 0; groups--) {
    reader.u32();
    reader.byte();
  }
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The segments of a source map that name a position, by offset. */
function decodeSegments(sourceMap: string): Segment[] {
  const { mappings, sources } = JSON.parse(sourceMap) as { mappings: string; sources: string[] };
  const result: Segment[] = [];
  let [offset, source, line, column] = [0, 0, 0, 0];
  for (const text of mappings.split(',')) {
    const fields = decodeVlq(text);
    if (fields.length === 0) continue;
    offset += fields[0]!;
    if (fields.length < 4) continue;
    source += fields[1]!;
    line += fields[2]!;
    column += fields[3]!;
    result.push({ offset, file: sources[source]!, line: line + 1 });
  }
  return result.sort((a, b) => a.offset - b.offset);
}

function decodeVlq(text: string): number[] {
  const result: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = BASE64.indexOf(character);
    if (digit < 0) throw new Error(`source map: unexpected character ${character}`);
    value += (digit & 31) * 2 ** shift;
    if (digit & 32) {
      shift += 5;
      continue;
    }
    result.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    shift = 0;
  }
  return result;
}

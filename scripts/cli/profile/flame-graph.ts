/** Stacks as a flame graph in SVG: width is the share of samples, callers below what they call. Titles show as tooltips. */
import { functionKey, type Stack } from './stacks.ts';

interface Node {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
  count: number;
  readonly children: Map<string, Node>;
}

const WIDTH = 1200;
const ROW = 18;
const MARGIN = 10;
const HEADER = 40;
/** Narrower boxes are left out. */
const NARROWEST = 0.3;
const CHARACTER = 6.6;

const COLOURS: Record<string, [number, number]> = { kernel: [205, 58], user: [28, 82], task: [0, 0] };

function makeNode(name: string, kind: string, place: string): Node {
  return { name, kind, place, count: 0, children: new Map() };
}

function tree(stacks: readonly Stack[]): Node {
  const root = makeNode('all', 'task', '');
  for (const stack of stacks) {
    root.count++;
    let at = root;
    for (const frame of [{ name: stack.program, kind: 'task' as const, file: undefined }, ...stack.frames]) {
      const key = functionKey(frame);
      let child = at.children.get(key);
      if (!child) at.children.set(key, (child = makeNode(frame.name, frame.kind, frame.file ?? '')));
      child.count++;
      at = child;
    }
  }
  return root;
}

function depthOf(node: Node): number {
  return 1 + Math.max(0, ...[...node.children.values()].map(depthOf));
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The same name has the same shade in every graph. */
function colour(node: Node): string {
  let hash = 7;
  for (const character of node.name) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  const [hue, saturation] = COLOURS[node.kind] ?? [0, 0];
  return `hsl(${hue + (hash % 22)},${saturation}%,${62 + (hash % 14)}%)`;
}

export function toFlameGraph(stacks: readonly Stack[], title: string): string {
  const root = tree(stacks);
  const depth = depthOf(root);
  const height = HEADER + depth * ROW + MARGIN;
  const scale = (WIDTH - 2 * MARGIN) / Math.max(root.count, 1);
  const boxes: string[] = [];
  const draw = (node: Node, x: number, level: number): void => {
    const width = node.count * scale;
    if (width < NARROWEST) return;
    const y = height - MARGIN - (level + 1) * ROW;
    const share = ((100 * node.count) / root.count).toFixed(1);
    const room = Math.floor((width - 6) / CHARACTER);
    const label = room < 3 ? '' : node.name.length <= room ? node.name : `${node.name.slice(0, room - 1)}…`;
    boxes.push(`<g><title>${escape(node.name)}${node.place ? ` (${escape(node.place)})` : ''}: ${node.count} samples, ${share} %</title>`
      + `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(width - 0.5, 0.2).toFixed(1)}" height="${ROW - 1}" fill="${colour(node)}"/>`
      + `${label ? `<text x="${(x + 3).toFixed(1)}" y="${y + 13}">${escape(label)}</text>` : ''}</g>`);
    let left = x;
    for (const child of [...node.children.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      draw(child, left, level + 1);
      left += child.count * scale;
    }
  };
  draw(root, MARGIN, 0);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`
    + '<style>text{font:11px monospace;pointer-events:none}rect:hover{stroke:#000}.title{font:14px sans-serif}</style>'
    + `<rect width="100%" height="100%" fill="#fff"/><text class="title" x="${MARGIN}" y="22">${escape(title)}: ${stacks.length} samples `
    + `(blue: kernel, orange: program)</text>\n${boxes.join('\n')}\n</svg>\n`;
}

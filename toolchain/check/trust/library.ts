// The part of asc's library that untrusted code may use. Everything else of it is refused outside trusted files.
//
// The library is written in the same unsafe AssemblyScript as the kernel's trusted files, and much of it is unsafe by
// design (`load`, `changetype`, `__uget`, `decodeUnsafe`) or checks its arguments with sums that wrap (`DataView`,
// `TypedArray.wrap`) or trusts a callback not to shrink the array (`sort`, `map`). So this is a list of what was read
// and found right, with the changes of compile/library-patches.ts; whoever adds a member reads its code first.
// A class's name stands for the type itself; its operators count as members of their methods' names (`__get`).

import * as asc from 'assemblyscript';

const INTEGERS = 'bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize';
const WRAPPERS = 'Bool I8 I16 I32 I64 Isize U8 U16 U32 U64 Usize';

/** Members by class or namespace, below the library's file. '' holds what the file itself declares. */
const ALLOWED: Record<string, Record<string, string>> = {
  builtins: {
    '': `${INTEGERS} clz ctz popcnt rotl rotr min max abs select isString isInteger isSigned isBoolean isReference isManaged isNullable isDefined`
      + ' sizeof alignof offsetof idof nameof assert unreachable abort',
    ...Object.fromEntries(INTEGERS.split(' ').map((name) => [name, 'MIN_VALUE MAX_VALUE'])),
  },
  native: { '': 'void' },
  number: { '': WRAPPERS, ...Object.fromEntries(WRAPPERS.split(' ').map((name) => [name, 'toString parseInt MIN_VALUE MAX_VALUE'])) },
  object: { '': 'Object', Object: 'constructor' },
  error: { '': 'Error RangeError', Error: 'constructor message', RangeError: 'constructor' },
  array: { '': 'Array', Array: 'constructor length push pop shift indexOf includes splice slice __get __set' },
  staticarray: { '': 'StaticArray', StaticArray: 'constructor length copyWithin __get __set' },
  map: { '': 'Map', Map: 'constructor has get set delete size clear' },
  set: { '': 'Set', Set: 'constructor has add delete size clear' },
  string: {
    '': 'String string',
    String: 'length charAt charCodeAt indexOf includes startsWith endsWith split substring trim fromCharCode fromCodePoint'
      + ' concat __concat __eq __ne __gt __gte __lt __lte __not',
  },
};

const LIBRARY = '~lib/';
const NATIVE = '~lib/native.ts';

/** The file that an element belongs to: where it, or what it is a part of, is declared. */
export function homeOf(element: asc.Element): string {
  let at = element;
  // Accessors of fields, constructors that nobody wrote, and locals are declared by the compiler itself.
  while (at instanceof asc.DeclaredElement && at.declaration.range.source.normalizedPath === NATIVE && at.parent !== at) at = at.parent;
  if (at instanceof asc.File) return at === element || at.source.normalizedPath !== NATIVE ? at.source.normalizedPath : NATIVE;
  return at instanceof asc.DeclaredElement ? at.declaration.range.source.normalizedPath : NATIVE;
}

/** True if an element belongs to asc's library or to the compiler itself. */
export function isOfLibrary(element: asc.Element): boolean {
  return homeOf(element).startsWith(LIBRARY);
}

const allowedNames = new Set(Object.entries(ALLOWED).flatMap(([file, classes]) =>
  Object.entries(classes).flatMap(([owner, names]) => names.split(' ').map((name) => `${file}/${owner}/${name}`))));

/** True if untrusted code may use this element of the library. */
export function isAllowedInLibrary(element: asc.Element): boolean {
  if (element.kind === asc.ElementKind.Local || element.kind === asc.ElementKind.IndexSignature) return true;
  const name = plainName(element);
  return allowedNames.has(`${fileOf(element)}/${ownerOf(element)}/${name}`);
}

/** How messages call it: `Array.sort`, `load`. */
export function libraryName(element: asc.Element): string {
  const owner = ownerOf(element);
  return owner === '' ? plainName(element) : `${owner}.${plainName(element)}`;
}

/** True if it is a plain tool on raw memory, hardware or types, not a member of a container. */
export function isRawTool(element: asc.Element): boolean {
  return ['builtins', 'memory', 'atomics', 'table', 'rt', 'rt/runtime', 'reference'].includes(fileOf(element));
}

/** Names of members of the library that untrusted code may not use and that no allowed member has. */
export function hiddenMemberNames(program: asc.Program): Set<string> {
  const [hidden, allowed] = [new Set<string>(), new Set<string>()];
  for (const element of program.elementsByName.values()) {
    if (!(element instanceof asc.ClassPrototype) || !isOfLibrary(element)) continue;
    for (const [name, member] of [...(element.instanceMembers ?? []), ...(element.members ?? [])]) (isAllowedInLibrary(member) ? allowed : hidden).add(name);
  }
  return new Set([...hidden].filter((name) => !allowed.has(name)));
}

function fileOf(element: asc.Element): string {
  return homeOf(element).slice(LIBRARY.length).replace(/\.ts$/, '');
}

/** The name of the class or namespace that an element is a member of, '' if it is none. */
function ownerOf(element: asc.Element): string {
  let { parent } = element;
  // An accessor's function hangs below its property.
  while (parent && (parent.kind === asc.ElementKind.PropertyPrototype || parent.kind === asc.ElementKind.Property)) parent = parent.parent;
  if (!parent || parent.kind === asc.ElementKind.File) return '';
  return parent instanceof asc.Class ? parent.prototype.name : parent.name;
}

/** Without the type arguments of an instance and the prefix of an accessor. */
function plainName(element: asc.Element): string {
  const { prototype } = element as { prototype?: asc.Element };
  return (prototype?.name ?? element.name).replace(/^[gs]et:/, '').replace(/<.*$/, '');
}

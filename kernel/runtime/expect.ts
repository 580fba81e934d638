// Assertions for unit tests of kernel code (`*.test.ts`). A failed one ends the test with a message. Tests only.

/** Fails unless the two values are equal (`==`; strings by content). */
export function expectEqual<T>(actual: T, expected: T, message: string = ""): void {
  if (actual == expected) return;
  throw new Error("expected " + show<T>(expected) + ", got " + show<T>(actual) + describe(message));
}

/** Fails if the two values are equal. */
export function expectNotEqual<T>(actual: T, unexpected: T, message: string = ""): void {
  if (actual == unexpected) throw new Error("did not expect " + show<T>(unexpected) + describe(message));
}

/** Fails unless the condition holds. */
export function expectTrue(condition: bool, message: string = ""): void {
  if (!condition) throw new Error("expected true" + describe(message));
}

/** Fails if the condition holds. */
export function expectFalse(condition: bool, message: string = ""): void {
  if (condition) throw new Error("expected false" + describe(message));
}

/** Fails unless the bytes are those of the (ASCII) text. */
export function expectBytes(actual: StaticArray<u8>, expected: string, length: i32 = -1): void {
  const size = length < 0 ? actual.length : length;
  let text = "";
  for (let i = 0; i < size; i++) text += String.fromCharCode(<i32>actual[i]);
  expectEqual<string>(text, expected, "bytes");
}

/** Fails always. */
export function fail(message: string): void {
  throw new Error(message);
}

function describe(message: string): string {
  return message.length == 0 ? "" : ": " + message;
}

function show<T>(value: T): string {
  if (isString<T>()) return '"' + <string>value + '"';
  if (isReference<T>()) return "object";
  // @ts-ignore: T is a number here
  return value.toString();
}

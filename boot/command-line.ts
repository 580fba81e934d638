// The kernel command line: words of the form NAME or NAME=VALUE, separated by white space; a value may be quoted
// with ". What comes after a lone "--" is for init. The last of several equal names counts, except for `console`, where the
// order matters and all are kept.

import { bytesOf, bytesSlice, textOf } from "../kernel/runtime/text/bytes";

const QUOTE: u8 = 0x22;

@final
class Word {
  constructor(readonly name: string, readonly value: string, readonly hasValue: bool) {}
}

@final
export class CommandLine {
  /** As the boot loader gave it, without its NUL. */
  readonly bytes: StaticArray<u8>;
  private words: Word[] = [];
  /** Arguments for init: the words after "--". */
  readonly initArguments: string[] = [];

  constructor(bytes: StaticArray<u8>) {
    this.bytes = bytes;
    let at = 0;
    let isForInit = false;
    while (at < bytes.length) {
      if (isSpace(bytes[at])) {
        at++;
        continue;
      }
      const end = endOfWord(bytes, at);
      const text = withoutQuotes(bytes, at, end);
      at = end;
      if (isForInit) this.initArguments.push(text);
      else if (text == "--") isForInit = true;
      else this.addWord(text);
    }
  }

  static of(text: string): CommandLine {
    return new CommandLine(bytesOf(text));
  }

  has(name: string): bool {
    return this.find(name) !== null;
  }

  /** The value of the last word of that name, or null if there is none or it has no value. */
  value(name: string): string | null {
    const word = this.find(name);
    return word !== null && word.hasValue ? word.value : null;
  }

  /** The value as a decimal number (a sign is allowed); `otherwise` if absent or not a number. */
  number(name: string, otherwise: i32): i32 {
    const text = this.value(name);
    if (text === null || text.length == 0) return otherwise;
    let at = text.charCodeAt(0) == 0x2d ? 1 : 0;
    if (at == text.length || text.length > 10) return otherwise;
    let result: i64 = 0;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) return otherwise;
      result = result * 10 + digit;
    }
    if (text.charCodeAt(0) == 0x2d) result = -result;
    return result < i32.MIN_VALUE || result > i32.MAX_VALUE ? otherwise : <i32>result;
  }

  /** All values of a name that may stand several times, in order. */
  values(name: string): string[] {
    const found: string[] = [];
    for (let i = 0; i < this.words.length; i++) {
      const word = this.words[i];
      if (word.hasValue && word.name == name) found.push(word.value);
    }
    return found;
  }

  private addWord(text: string): void {
    const equals = text.indexOf("=");
    if (equals < 0) this.words.push(new Word(text, "", false));
    else this.words.push(new Word(text.substring(0, equals), text.substring(equals + 1), true));
  }

  private find(name: string): Word | null {
    for (let i = this.words.length - 1; i >= 0; i--) {
      if (this.words[i].name == name) return this.words[i];
    }
    return null;
  }
}

/** True for the values that Linux takes for "no": 0, n…, off. Null: the option was not given. */
export function isTurnedOff(value: string | null): bool {
  if (value === null) return false;
  return value == "0" || value == "off" || value.startsWith("n") || value.startsWith("N");
}

function isSpace(byte: u8): bool {
  return byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d || byte == 0;
}

function endOfWord(bytes: StaticArray<u8>, at: i32): i32 {
  let isQuoted = false;
  while (at < bytes.length && (isQuoted || !isSpace(bytes[at]))) {
    if (bytes[at] == QUOTE) isQuoted = !isQuoted;
    at++;
  }
  return at;
}

function withoutQuotes(bytes: StaticArray<u8>, from: i32, to: i32): string {
  let text = "";
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && bytes[i] != QUOTE) continue;
    text += textOf(bytesSlice(bytes, start, i));
    start = i + 1;
  }
  return text;
}

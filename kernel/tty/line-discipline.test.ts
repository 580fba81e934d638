// The line discipline compared with Linux: settings, typed bytes, the echo and what reads returned were recorded from a
// Linux pty, byte by byte. Bytes are in hexadecimal; "(n)xx" repeats. Reads are separated by "|".

import { expectEqual } from "../runtime/expect";
import { DisciplineHost, LineDiscipline } from "./line-discipline";
import { TerminalOutput } from "./terminal-output";
import { Termios } from "./termios";
import { TtyDriver } from "./tty-driver";

/** Keeps what is sent. */
class RecordingDriver extends TtyDriver {
  sent: u8[] = [];
  isHeld: bool = false;

  write(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    if (this.isHeld) return 0;
    for (let i = 0; i < length; i++) this.sent.push(bytes[at + i]);
    return length;
  }

  get room(): i32 {
    return this.isHeld ? 0 : 1 << 20;
  }
}

class TestHost extends DisciplineHost {
  output: TerminalOutput | null = null;
  signals: string = "";

  constructor(readonly driver: RecordingDriver) {
    super();
  }

  startOutput(): void {
    this.isStopped = false;
    this.driver.isHeld = false;
    const output = this.output;
    if (output !== null) output.flushEchoes();
  }

  stopOutput(): void {
    this.isStopped = true;
    this.driver.isHeld = true;
  }

  signalForeground(signal: i32): void {
    this.signals += signal.toString() + " ";
  }

  inputReady(): void {}
  flushDriver(): void {}
  inputFlushed(): void {}
}

function number(text: string, from: i32, to: i32, base: i32): i32 {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i);
    value = value * base + (digit >= 0x61 ? digit - 0x61 + 10 : digit - 0x30);
  }
  return value;
}

function parseHex(text: string): u8[] {
  const bytes: u8[] = [];
  let i = 0;
  while (i < text.length) {
    let times = 1;
    if (text.charAt(i) == "(") {
      const end = text.indexOf(")", i);
      times = number(text, i + 1, end, 10);
      i = end + 1;
    }
    const value = <u8>number(text, i, i + 2, 16);
    for (let k = 0; k < times; k++) bytes.push(value);
    i += 2;
  }
  return bytes;
}

function showHex(bytes: u8[]): string {
  let text = "";
  for (let i = 0; i < bytes.length;) {
    let times = 1;
    while (i + times < bytes.length && bytes[i + times] == bytes[i]) times++;
    const digits = (bytes[i] < 16 ? "0" : "") + bytes[i].toString(16);
    if (times >= 8) text += "(" + times.toString() + ")" + digits;
    else for (let k = 0; k < times; k++) text += digits;
    i += times;
  }
  return text;
}

/** Feeds `input` and compares echo and reads. `changed` is index * 256 + value of one control character, or -1. */
function check(iflag: u32, oflag: u32, lflag: u32, changed: i32, limit: i32, input: string, echo: string, reads: string): void {
  const driver = new RecordingDriver();
  const host = new TestHost(driver);
  const termios = new Termios();
  termios.iflag = iflag;
  termios.oflag = oflag;
  termios.lflag = lflag;
  if (changed >= 0) termios.cc[changed >> 8] = <u8>changed;
  const output = new TerminalOutput(termios, driver);
  host.output = output;
  const discipline = new LineDiscipline(host, termios, output);
  const bytes = parseHex(input);
  for (let i = 0; i < bytes.length; i++) {
    discipline.receive(bytes[i]);
    discipline.finishInput();
  }
  expectEqual<string>(showHex(driver.sent), echo, "echo");
  const buffer = new StaticArray<u8>(4096);
  let got = "";
  for (let round = 0; discipline.isReadable(); round++) {
    const count = discipline.isLineMode ? discipline.input.takeLine(buffer, 0, limit) : discipline.input.take(buffer, 0, limit);
    const part: u8[] = [];
    for (let i = 0; i < count; i++) part.push(buffer[i]);
    got += (round > 0 ? "|" : "") + (count == 0 ? "-" : showHex(part));
  }
  expectEqual<string>(got, reads, "reads");
}

export function testPlainLine(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "68656c6c6f0d", "68656c6c6f0d0a", "68656c6c6f0a");
}

export function testTwoLines(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "6f6e650d74776f0d", "6f6e650d0a74776f0d0a", "6f6e650a|74776f0a");
}

export function testErase(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "6162637f7f780d", "616263082008082008780d0a", "61780a");
}

export function testEraseAtStart(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "7f7f610d", "610d0a", "610a");
}

export function testEraseControl(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "6101627f7f7f7a0d", "615e41620820080820080820080820087a0d0a", "7a0a");
}

export function testEraseTab(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "616209637f7f640d", "61620963082008080808080808640d0a", "6162640a");
}

export function testEraseTwoTabs(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "610909627f7f7f630d", "610909620820(16)08630d0a", "61630a");
}

export function testEraseWithoutEchoe(): void {
  check(0x500, 0x5, 0x8a2b, -1, 4096, "6162637f640d", "6162635e3f640d0a", "6162640a");
}

export function testKill(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "616263206465661578790d", "6162632064656608200808200808200808200808200808200808200878790d0a", "78790a");
}

export function testKillWithoutEchoke(): void {
  check(0x500, 0x5, 0x823b, -1, 4096, "6162631578790d", "6162635e550d0a78790d0a", "78790a");
}

export function testKillWithoutEchok(): void {
  check(0x500, 0x5, 0x821b, -1, 4096, "6162631578790d", "6162635e5578790d0a", "78790a");
}

export function testWordErase(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "666f6f206261725f312c2017780d", "666f6f206261725f312c20082008082008082008082008082008082008082008780d0a", "666f6f20780a");
}

export function testWordEraseTwice(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "666f6f20206261721717790d", "666f6f2020626172082008082008082008082008082008082008082008082008790d0a", "790a");
}

export function testWordEraseWithoutIexten(): void {
  check(0x500, 0x5, 0xa3b, -1, 4096, "666f6f2062617217790d", "666f6f206261725e57790d0a", "666f6f2062617217790a");
}

export function testReprint(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "61026312640d", "615e42635e520d0a615e4263640d0a", "610263640a");
}

export function testLiteral(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "611603167f620d", "615e085e435e085e3f620d0a", "61037f620a");
}

export function testEndOfFile(): void {
  check(0x500, 0x5, 0x8a3b, -1, 10, "04", "", "-");
}

export function testEndOfFileAfterText(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "616263046465660d", "6162636465660d0a", "616263|6465660a");
}

export function testEndOfFileExactFit(): void {
  check(0x500, 0x5, 0x8a3b, -1, 3, "616263046465660d", "6162636465660d0a", "616263|646566|0a");
}

export function testShortReads(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4, "6162636465660d67680d", "6162636465660d0a67680d0a", "61626364|65660a|67680a");
}

export function testEol(): void {
  check(0x500, 0x5, 0x8a3b, 2875, 4096, "61623b63640d", "61623b63640d0a", "61623b|63640a");
}

export function testEol2(): void {
  check(0x500, 0x5, 0x8a3b, 4154, 4096, "61623a63640d", "61623a63640d0a", "61623a|63640a");
}

export function testEchoprt(): void {
  check(0x500, 0x5, 0x8e3b, -1, 4096, "616263647f7f65667f0d", "616263645c64632f65665c660d0a", "6162650a");
}

export function testEchoprtToStart(): void {
  check(0x500, 0x5, 0x8e3b, -1, 4096, "61627f7f7f780d", "61625c62612f780d0a", "780a");
}

export function testEchonl(): void {
  check(0x500, 0x5, 0x8042, -1, 4096, "7365637265740d", "0d0a", "7365637265740a");
}

export function testNoEcho(): void {
  check(0x500, 0x5, 0x8002, -1, 4096, "7365637265747f0d", "", "73656372650a");
}

export function testNoEchoctl(): void {
  check(0x500, 0x5, 0x883b, -1, 4096, "6101627f7f7f630d", "610162082008082008630d0a", "630a");
}

export function testNoIcrnl(): void {
  check(0x400, 0x5, 0x8a3b, -1, 4096, "61620d63640a", "61625e4d63640d0a", "61620d63640a");
}

export function testInlcr(): void {
  check(0x40, 0x5, 0x8a3b, -1, 4096, "61620a636404", "61625e4d6364", "61620d6364");
}

export function testIgncr(): void {
  check(0x80, 0x5, 0x8a3b, -1, 4096, "61620d0a63640d0a", "61620d0a63640d0a", "61620a|63640a");
}

export function testIstrip(): void {
  check(0x120, 0x5, 0x8a3b, -1, 4096, "e1e20d", "61620d0a", "61620a");
}

export function testIuclc(): void {
  check(0x300, 0x5, 0x8a3b, -1, 4096, "4162430d", "6162630d0a", "6162630a");
}

export function testNoOpost(): void {
  check(0x500, 0x0, 0x8a3b, -1, 4096, "61620d", "61620a", "61620a");
}

export function testOnlret(): void {
  check(0x500, 0x21, 0x8a3b, -1, 4096, "61620d6309647f7f780d", "61620a6309640820(8)08780a", "61620a|63780a");
}

export function testXtabs(): void {
  check(0x500, 0x1805, 0x8a3b, -1, 4096, "6109620d", "6120202020202020620d0a", "6109620a");
}

export function testXtabsErase(): void {
  check(0x500, 0x1805, 0x8a3b, -1, 4096, "6109627f7f630d", "6120202020202020620820(8)08630d0a", "61630a");
}

export function testOcrnl(): void {
  check(0x0, 0x9, 0x8a3b, -1, 4096, "610d620a", "615e4d620a", "610d620a");
}

export function testOlcucEcho(): void {
  check(0x500, 0x7, 0x8a3b, -1, 4096, "6142630d", "4142430d0a", "6142630a");
}

export function testUtf8Erase(): void {
  check(0x4500, 0x5, 0x8a3b, -1, 4096, "61c3a4e282ac787f7f7f620d", "61c3a4e282ac78082008082008082008620d0a", "61620a");
}

export function testUtf8EraseWithoutFlag(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "c3a47f620d", "c3a4082008620d0a", "c3620a");
}

export function testUtf8Echoprt(): void {
  check(0x4500, 0x5, 0x8e3b, -1, 4096, "c3a47f620d", "c3a45cc3a42f620d0a", "620a");
}

export function testUtf8Tab(): void {
  check(0x4500, 0x5, 0x8a3b, -1, 4096, "c3a4097f620d", "c3a40908080808080808620d0a", "c3a4620a");
}

export function testInterrupt(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "616263036465660d", "6162635e436465660d0a", "6465660a");
}

export function testInterruptNoflsh(): void {
  check(0x500, 0x5, 0x8abb, -1, 4096, "616263036465660d", "6162635e436465660d0a", "6162636465660a");
}

export function testQuit(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "781c790d", "785e5c790d0a", "790a");
}

export function testSuspend(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "781a790d", "785e5a790d0a", "790a");
}

export function testNoIsig(): void {
  check(0x500, 0x5, 0x8a3a, -1, 4096, "6103620d", "615e43620d0a", "6103620a");
}

export function testStopAndStart(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "61136211630d", "6162630d0a", "6162630a");
}

export function testStopAndAnyKey(): void {
  check(0xd00, 0x5, 0x8a3b, -1, 4096, "611362630d", "6162630d0a", "6162630a");
}

export function testNoIxon(): void {
  check(0x100, 0x5, 0x8a3b, -1, 4096, "61136211630d", "615e53625e51630d0a", "61136211630a");
}

export function testRaw(): void {
  check(0x0, 0x0, 0x0, -1, 4096, "610d0a037f", "", "610d0a037f");
}

export function testRawEcho(): void {
  check(0x0, 0x0, 0x8, -1, 4096, "610d0a037fff", "610d0a037fff", "610d0a037fff");
}

export function testRawEchoctl(): void {
  check(0x0, 0x5, 0x208, -1, 4096, "610d0a03097f", "615e4d5e4a5e43095e3f", "610d0a03097f");
}

export function testRawIsig(): void {
  check(0x0, 0x0, 0x9, -1, 4096, "6162036364", "6162036364", "6364");
}

export function testParmrk(): void {
  check(0x8, 0x0, 0x0, -1, 4096, "61ff62", "", "61ffff62");
}

export function testParmrkCanonical(): void {
  check(0x108, 0x5, 0x8a3b, -1, 4096, "61ff620d", "61ff620d0a", "61ffff620a");
}

export function testExtproc(): void {
  check(0x500, 0x5, 0x18a3b, -1, 4096, "61037f620d", "", "61037f620d");
}

export function testLongLine(): void {
  check(0x500, 0x5, 0x2, -1, 4096, "(5000)780d", "", "(4095)780a");
}

export function testLongLineErase(): void {
  check(0x500, 0x5, 0x2, -1, 4096, "(4200)797f7f7a0d", "", "(4093)797a0a");
}

export function testDisabledErase(): void {
  check(0x500, 0x5, 0x8a3b, 512, 4096, "616200630d", "61625e40630d0a", "616200630a");
}

export function testNulIsData(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "6100620d", "615e40620d0a", "6100620a");
}

export function testKillInMultipleColumns(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "6101096215630d", "615e4109620820080808080808082008082008082008630d0a", "630a");
}

export function testReprintAfterErase(): void {
  check(0x500, 0x5, 0x8a3b, -1, 4096, "6162637f120d", "6162630820085e520d0a61620d0a", "61620a");
}

export function testOutputColumns(): void {
  check(0x500, 0x1805, 0x8a3b, -1, 4096, "313233343536373809390d", "3132333435363738(8)20390d0a", "313233343536373809390a");
}

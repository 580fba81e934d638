// Terminal settings: struct termios with every flag that Linux's terminals know, and its conversions.
//
// `Termios` is the kernel's own copy; structures of the ABI (termios, termios2, termio) are converted here byte by
// byte. Bit values: asm-generic/termbits.h of the Linux ABI, termios(3), ioctl_tty(2). Nothing here sleeps or allocates
// apart from construction.

import { copyBytes, readU16, readU32, writeU16, writeU32 } from "../runtime/text/byte-access";

/** c_iflag */
export namespace InputFlag {
  @inline export const IGNBRK: u32 = 0o1;
  @inline export const BRKINT: u32 = 0o2;
  @inline export const IGNPAR: u32 = 0o4;
  @inline export const PARMRK: u32 = 0o10;
  @inline export const INPCK: u32 = 0o20;
  @inline export const ISTRIP: u32 = 0o40;
  @inline export const INLCR: u32 = 0o100;
  @inline export const IGNCR: u32 = 0o200;
  @inline export const ICRNL: u32 = 0o400;
  @inline export const IUCLC: u32 = 0o1000;
  @inline export const IXON: u32 = 0o2000;
  @inline export const IXANY: u32 = 0o4000;
  @inline export const IXOFF: u32 = 0o10000;
  @inline export const IMAXBEL: u32 = 0o20000;
  @inline export const IUTF8: u32 = 0o40000;
}

/** c_oflag */
export namespace OutputFlag {
  @inline export const OPOST: u32 = 0o1;
  @inline export const OLCUC: u32 = 0o2;
  @inline export const ONLCR: u32 = 0o4;
  @inline export const OCRNL: u32 = 0o10;
  @inline export const ONOCR: u32 = 0o20;
  @inline export const ONLRET: u32 = 0o40;
  @inline export const TABDLY: u32 = 0o14000;
  /** Expand tabs to spaces. */
  @inline export const XTABS: u32 = 0o14000;
}

/** c_cflag */
export namespace ControlFlag {
  @inline export const CBAUD: u32 = 0o10017;
  @inline export const CBAUDEX: u32 = 0o10000;
  @inline export const BOTHER: u32 = 0o10000;
  @inline export const CSIZE: u32 = 0o60;
  @inline export const CS5: u32 = 0;
  @inline export const CS6: u32 = 0o20;
  @inline export const CS7: u32 = 0o40;
  @inline export const CS8: u32 = 0o60;
  @inline export const CSTOPB: u32 = 0o100;
  @inline export const CREAD: u32 = 0o200;
  @inline export const PARENB: u32 = 0o400;
  @inline export const PARODD: u32 = 0o1000;
  @inline export const HUPCL: u32 = 0o2000;
  @inline export const CLOCAL: u32 = 0o4000;
  @inline export const CIBAUD: u32 = 0o2003600000;
  @inline export const CIBAUD_SHIFT: u32 = 16;
  @inline export const CMSPAR: u32 = 0o10000000000;
  @inline export const CRTSCTS: u32 = 0o20000000000;
  @inline export const B9600: u32 = 0o15;
  @inline export const B38400: u32 = 0o17;
  @inline export const B115200: u32 = 0o10002;
}

/** c_lflag */
export namespace LocalFlag {
  @inline export const ISIG: u32 = 0o1;
  @inline export const ICANON: u32 = 0o2;
  @inline export const ECHO: u32 = 0o10;
  @inline export const ECHOE: u32 = 0o20;
  @inline export const ECHOK: u32 = 0o40;
  @inline export const ECHONL: u32 = 0o100;
  @inline export const NOFLSH: u32 = 0o200;
  @inline export const TOSTOP: u32 = 0o400;
  @inline export const ECHOCTL: u32 = 0o1000;
  @inline export const ECHOPRT: u32 = 0o2000;
  @inline export const ECHOKE: u32 = 0o4000;
  @inline export const FLUSHO: u32 = 0o10000;
  @inline export const PENDIN: u32 = 0o40000;
  @inline export const IEXTEN: u32 = 0o100000;
  @inline export const EXTPROC: u32 = 0o200000;
}

/** Indices of c_cc. */
export namespace ControlCharacter {
  @inline export const VINTR: i32 = 0;
  @inline export const VQUIT: i32 = 1;
  @inline export const VERASE: i32 = 2;
  @inline export const VKILL: i32 = 3;
  @inline export const VEOF: i32 = 4;
  @inline export const VTIME: i32 = 5;
  @inline export const VMIN: i32 = 6;
  @inline export const VSWTC: i32 = 7;
  @inline export const VSTART: i32 = 8;
  @inline export const VSTOP: i32 = 9;
  @inline export const VSUSP: i32 = 10;
  @inline export const VEOL: i32 = 11;
  @inline export const VREPRINT: i32 = 12;
  @inline export const VDISCARD: i32 = 13;
  @inline export const VWERASE: i32 = 14;
  @inline export const VLNEXT: i32 = 15;
  @inline export const VEOL2: i32 = 16;
}

/** Size of c_cc in the kernel's structures. */
@inline export const NCCS: i32 = 19;
/** Size of c_cc in struct termio. */
@inline export const NCC: i32 = 8;
/** Sizes of the ABI's structures. */
@inline export const TERMIOS_SIZE: i32 = 36;
@inline export const TERMIOS2_SIZE: i32 = 44;
@inline export const TERMIO_SIZE: i32 = 18;

/** A control character of this value is disabled. */
@inline export const DISABLED_CHARACTER: u32 = 0;

/** ^C ^\ DEL ^U ^D, VTIME 0, VMIN 1, none, ^Q ^S ^Z, none, ^R ^O ^W ^V, none. */
const INITIAL_CHARACTERS: StaticArray<u8> = [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0];

/** Baud rates of the codes B0 to B38400, then of B57600 (CBAUDEX | 1) to B4000000. */
const RATES: StaticArray<u32> = [
  0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400,
  57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000,
];

@final
export class Termios {
  iflag: u32 = InputFlag.ICRNL | InputFlag.IXON;
  oflag: u32 = OutputFlag.OPOST | OutputFlag.ONLCR;
  cflag: u32 = ControlFlag.B38400 | ControlFlag.CS8 | ControlFlag.CREAD | ControlFlag.HUPCL;
  lflag: u32 = LocalFlag.ISIG | LocalFlag.ICANON | LocalFlag.ECHO | LocalFlag.ECHOE | LocalFlag.ECHOK |
    LocalFlag.ECHOCTL | LocalFlag.ECHOKE | LocalFlag.IEXTEN;
  /** Number of the line discipline; 0 is N_TTY. */
  line: u32 = 0;
  readonly cc: StaticArray<u8> = new StaticArray<u8>(NCCS);
  /** Baud, input and output. */
  ispeed: u32 = 38400;
  ospeed: u32 = 38400;

  constructor() {
    copyBytes(this.cc, 0, INITIAL_CHARACTERS, 0, NCCS);
  }

  /** Settings of a fresh pty master: everything passes unchanged. */
  makeTransparent(): void {
    this.iflag = 0;
    this.oflag = 0;
    this.lflag = 0;
    this.cflag = ControlFlag.B38400 | ControlFlag.CS8 | ControlFlag.CREAD;
  }

  /** cfmakeraw(3). */
  makeRaw(): void {
    this.iflag &= ~(InputFlag.IGNBRK | InputFlag.BRKINT | InputFlag.PARMRK | InputFlag.ISTRIP | InputFlag.INLCR |
      InputFlag.IGNCR | InputFlag.ICRNL | InputFlag.IXON);
    this.oflag &= ~OutputFlag.OPOST;
    this.lflag &= ~(LocalFlag.ECHO | LocalFlag.ECHONL | LocalFlag.ICANON | LocalFlag.ISIG | LocalFlag.IEXTEN);
    this.cflag = (this.cflag & ~(ControlFlag.CSIZE | ControlFlag.PARENB)) | ControlFlag.CS8;
    this.cc[ControlCharacter.VMIN] = 1;
    this.cc[ControlCharacter.VTIME] = 0;
  }

  copyFrom(other: Termios): void {
    this.iflag = other.iflag;
    this.oflag = other.oflag;
    this.cflag = other.cflag;
    this.lflag = other.lflag;
    this.line = other.line;
    copyBytes(this.cc, 0, other.cc, 0, NCCS);
    this.ispeed = other.ispeed;
    this.ospeed = other.ospeed;
  }

  /** What `locks` has set stays as it is in `old` (TIOCSLCKTRMIOS). */
  keepLocked(locks: Termios, old: Termios): void {
    this.iflag = (this.iflag & ~locks.iflag) | (old.iflag & locks.iflag);
    this.oflag = (this.oflag & ~locks.oflag) | (old.oflag & locks.oflag);
    this.cflag = (this.cflag & ~locks.cflag) | (old.cflag & locks.cflag);
    this.lflag = (this.lflag & ~locks.lflag) | (old.lflag & locks.lflag);
    if (locks.line != 0) this.line = old.line;
    for (let i = 0; i < NCCS; i++) {
      if (locks.cc[i] != 0) this.cc[i] = old.cc[i];
    }
  }

  /** About how long one character takes at the output rate; at least a tenth of a millisecond, at most one tenth of a second. */
  get characterNs(): u64 {
    return min<u64>(max<u64>(10_000_000_000 / <u64>max<u32>(this.ospeed, 1), 100_000), 100_000_000);
  }

  /** Sets a standard output and input rate, with its code in c_cflag. */
  setBaud(rate: u32): void {
    this.ispeed = rate;
    this.ospeed = rate;
    this.cflag = (this.cflag & ~(ControlFlag.CBAUD | ControlFlag.CIBAUD)) | codeOfRate(rate);
  }

  @inline character(index: i32): u32 {
    return <u32>this.cc[index];
  }

  /** True if `byte` is the (enabled) control character. */
  @inline isCharacter(index: i32, byte: u32): bool {
    return <u32>this.cc[index] == byte && byte != DISABLED_CHARACTER;
  }

  /** Writes struct termios (36 bytes). */
  store(out: StaticArray<u8>): void {
    writeU32(out, 0, this.iflag);
    writeU32(out, 4, this.oflag);
    writeU32(out, 8, this.cflag);
    writeU32(out, 12, this.lflag);
    out[16] = <u8>this.line;
    copyBytes(out, 17, this.cc, 0, NCCS);
  }

  /** Writes struct termios2 (44 bytes). */
  store2(out: StaticArray<u8>): void {
    this.store(out);
    writeU32(out, 36, this.ispeed);
    writeU32(out, 40, this.ospeed);
  }

  /** Writes struct termio (18 bytes; one of them padding). */
  storeTermio(out: StaticArray<u8>): void {
    writeU16(out, 0, this.iflag & 0xffff);
    writeU16(out, 2, this.oflag & 0xffff);
    writeU16(out, 4, this.cflag & 0xffff);
    writeU16(out, 6, this.lflag & 0xffff);
    out[8] = <u8>this.line;
    copyBytes(out, 9, this.cc, 0, NCC);
    out[17] = 0;
  }

  /** Reads struct termios; the rates follow from c_cflag. */
  load(from: StaticArray<u8>): void {
    this.loadFlags(from);
    this.deriveRates();
  }

  /** Reads struct termios2; with BOTHER the rates are taken as given. */
  load2(from: StaticArray<u8>): void {
    this.loadFlags(from);
    this.ispeed = readU32(from, 36);
    this.ospeed = readU32(from, 40);
    this.deriveRates();
  }

  /** Reads struct termio: the low halves of the flags and the first eight characters; the rest stays. */
  loadTermio(from: StaticArray<u8>): void {
    this.iflag = (this.iflag & 0xffff0000) | readU16(from, 0);
    this.oflag = (this.oflag & 0xffff0000) | readU16(from, 2);
    this.cflag = (this.cflag & 0xffff0000) | readU16(from, 4);
    this.lflag = (this.lflag & 0xffff0000) | readU16(from, 6);
    this.line = from[8];
    copyBytes(this.cc, 0, from, 9, NCC);
    this.deriveRates();
  }

  private loadFlags(from: StaticArray<u8>): void {
    this.iflag = readU32(from, 0);
    this.oflag = readU32(from, 4);
    this.cflag = readU32(from, 8);
    this.lflag = readU32(from, 12);
    this.line = from[16];
    copyBytes(this.cc, 0, from, 17, NCCS);
  }

  private deriveRates(): void {
    const code = this.cflag & ControlFlag.CBAUD;
    if (code != ControlFlag.BOTHER) this.ospeed = rateOfCode(code);
    const inputCode = (this.cflag >> ControlFlag.CIBAUD_SHIFT) & ControlFlag.CBAUD;
    if (inputCode == 0) this.ispeed = this.ospeed;
    else if (inputCode != ControlFlag.BOTHER) this.ispeed = rateOfCode(inputCode);
  }
}

/** The rate of a CBAUD code; codes without a rate count as 0. */
function rateOfCode(code: u32): u32 {
  let index = code & 0o17;
  if (code & ControlFlag.CBAUDEX) index += 15;
  return index < <u32>RATES.length ? RATES[index] : 0;
}

/** The CBAUD code of a rate, BOTHER if there is none. */
export function codeOfRate(rate: u32): u32 {
  for (let i = 0; i < RATES.length; i++) {
    if (RATES[i] == rate) return i < 16 ? <u32>i : ControlFlag.CBAUDEX | <u32>(i - 15);
  }
  return ControlFlag.BOTHER;
}

// Commands of ioctl(2): asm-generic/ioctls.h of the Linux ABI.

/** Terminals (ioctl_tty(2)). */
export namespace TtyCommand {
  @inline export const TCGETS: u32 = 0x5401;
  @inline export const TCSETS: u32 = 0x5402;
  @inline export const TCSETSW: u32 = 0x5403;
  @inline export const TCSETSF: u32 = 0x5404;
  @inline export const TCGETA: u32 = 0x5405;
  @inline export const TCSETA: u32 = 0x5406;
  @inline export const TCSETAW: u32 = 0x5407;
  @inline export const TCSETAF: u32 = 0x5408;
  @inline export const TCSBRK: u32 = 0x5409;
  @inline export const TCXONC: u32 = 0x540a;
  @inline export const TCFLSH: u32 = 0x540b;
  @inline export const TIOCEXCL: u32 = 0x540c;
  @inline export const TIOCNXCL: u32 = 0x540d;
  @inline export const TIOCSCTTY: u32 = 0x540e;
  @inline export const TIOCGPGRP: u32 = 0x540f;
  @inline export const TIOCSPGRP: u32 = 0x5410;
  @inline export const TIOCOUTQ: u32 = 0x5411;
  @inline export const TIOCSTI: u32 = 0x5412;
  @inline export const TIOCGWINSZ: u32 = 0x5413;
  @inline export const TIOCSWINSZ: u32 = 0x5414;
  @inline export const TIOCMGET: u32 = 0x5415;
  @inline export const TIOCMBIS: u32 = 0x5416;
  @inline export const TIOCMBIC: u32 = 0x5417;
  @inline export const TIOCMSET: u32 = 0x5418;
  @inline export const TIOCGSOFTCAR: u32 = 0x5419;
  @inline export const TIOCSSOFTCAR: u32 = 0x541a;
  @inline export const TIOCINQ: u32 = 0x541b;
  @inline export const TIOCSSERIAL: u32 = 0x541f;
  @inline export const TIOCNOTTY: u32 = 0x5422;
  @inline export const TIOCSETD: u32 = 0x5423;
  @inline export const TIOCGETD: u32 = 0x5424;
  @inline export const TCSBRKP: u32 = 0x5425;
  @inline export const TIOCSBRK: u32 = 0x5427;
  @inline export const TIOCCBRK: u32 = 0x5428;
  @inline export const TIOCGSID: u32 = 0x5429;
  @inline export const TCGETS2: u32 = 0x802c542a;
  @inline export const TCSETS2: u32 = 0x402c542b;
  @inline export const TCSETSW2: u32 = 0x402c542c;
  @inline export const TCSETSF2: u32 = 0x402c542d;
  @inline export const TIOCGDEV: u32 = 0x80045432;
  @inline export const TIOCVHANGUP: u32 = 0x5437;
  @inline export const TIOCGEXCL: u32 = 0x80045440;
  @inline export const TIOCGPTPEER: u32 = 0x5441;
  @inline export const TIOCGLCKTRMIOS: u32 = 0x5456;
  @inline export const TIOCSLCKTRMIOS: u32 = 0x5457;
}

/** Any descriptor. */
export namespace FileCommand {
  @inline export const FIONBIO: u32 = 0x5421;
  @inline export const FIONCLEX: u32 = 0x5450;
  @inline export const FIOCLEX: u32 = 0x5451;
  @inline export const FIOASYNC: u32 = 0x5452;
  @inline export const FIOQSIZE: u32 = 0x5460;
  /** Bytes that can be read at once; terminals call it TIOCINQ. */
  @inline export const FIONREAD: u32 = 0x541b;
}

// Events of poll(2) and epoll(7).

/** poll(2) event bits. */
export namespace PollEvent {
  @inline export const IN: u32 = 0x1;
  @inline export const PRI: u32 = 0x2;
  @inline export const OUT: u32 = 0x4;
  @inline export const ERR: u32 = 0x8;
  @inline export const HUP: u32 = 0x10;
  @inline export const NVAL: u32 = 0x20;
  @inline export const RDNORM: u32 = 0x40;
  @inline export const RDBAND: u32 = 0x80;
  @inline export const WRNORM: u32 = 0x100;
  @inline export const WRBAND: u32 = 0x200;
  @inline export const MSG: u32 = 0x400;
  @inline export const RDHUP: u32 = 0x2000;
}

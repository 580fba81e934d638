// Uart: the registers of a 16550-compatible serial port, its probe, and its line settings. No policy.
//
// Port layout and bits: PC16550D data sheet (National Semiconductor). The input clock is 1.8432 MHz, so the divisor of
// a rate is 115200 / rate. Nothing here sleeps; `putPolled` waits at most some milliseconds.

import { PortRange, requestPorts } from "../../arch/x86_64/platform/resources";
import { ControlFlag, Termios } from "../../kernel/tty/termios";

/** Register offsets. */
const DATA: u32 = 0;
const INTERRUPT_ENABLE: u32 = 1;
const INTERRUPT_ID: u32 = 2;
const FIFO_CONTROL: u32 = 2;
const LINE_CONTROL: u32 = 3;
const MODEM_CONTROL: u32 = 4;
const LINE_STATUS: u32 = 5;
const MODEM_STATUS: u32 = 6;
const SCRATCH: u32 = 7;

export namespace UartInterrupt {
  @inline export const RECEIVED: u32 = 1;
  @inline export const TRANSMITTER_EMPTY: u32 = 2;
  @inline export const LINE_STATUS: u32 = 4;
  @inline export const MODEM_STATUS: u32 = 8;
}

export namespace LineStatus {
  @inline export const DATA_READY: u32 = 0x01;
  @inline export const OVERRUN: u32 = 0x02;
  @inline export const PARITY: u32 = 0x04;
  @inline export const FRAMING: u32 = 0x08;
  @inline export const BREAK: u32 = 0x10;
  /** The transmit FIFO (or holding register) is empty. */
  @inline export const HOLDING_EMPTY: u32 = 0x20;
  /** The shift register is empty, too. */
  @inline export const ALL_SENT: u32 = 0x40;
  @inline export const ERRORS: u32 = OVERRUN | PARITY | FRAMING | BREAK;
}

export namespace ModemControl {
  @inline export const DTR: u32 = 1;
  @inline export const RTS: u32 = 2;
  @inline export const OUT1: u32 = 4;
  /** Lets the port's interrupts onto the bus of a PC. */
  @inline export const OUT2: u32 = 8;
  @inline export const LOOP: u32 = 16;
}

export namespace ModemStatus {
  @inline export const CTS: u32 = 0x10;
  @inline export const DSR: u32 = 0x20;
  @inline export const RING: u32 = 0x40;
  @inline export const CARRIER: u32 = 0x80;
}

const DIVISOR_LATCH: u32 = 0x80;
const SEND_BREAK: u32 = 0x40;
const FIFO_ENABLE: u32 = 0x01;
const FIFO_CLEAR_BOTH: u32 = 0x06;
/** Interrupt at eight bytes received. */
const FIFO_TRIGGER_8: u32 = 0x80;
const MAXIMUM_RATE: u32 = 115200;
/** Polls of the line status before a byte is given up: some 100 ms on the slow I/O bus, so no port can hang the system. */
const POLL_LIMIT: u32 = 100_000;

@final
export class Uart {
  readonly ports: PortRange;
  /** Bytes the transmit FIFO takes; 1 without FIFO. */
  fifoDepth: i32 = 1;
  /** Copy of the registers that are written only. */
  private enabled: u32 = 0;
  private lineControl: u32 = 0x03;
  private modemControl: u32 = 0;

  constructor(base: u32) {
    this.ports = requestPorts(base, 8)!;
  }

  /** True if a port answers here. Leaves it with interrupts off, FIFOs on and empty, 8 bits without parity at 115200. */
  probe(): bool {
    const ports = this.ports;
    // An absent port floats; the upper half of the interrupt enable register of a present one reads as zero.
    ports.write8(INTERRUPT_ENABLE, 0);
    if ((ports.read8(INTERRUPT_ENABLE) & 0x0f) != 0) return false;
    ports.write8(INTERRUPT_ENABLE, 0x0f);
    const isStored = (ports.read8(INTERRUPT_ENABLE) & 0xff) == 0x0f;
    ports.write8(INTERRUPT_ENABLE, 0);
    if (!isStored) return false;
    const before = ports.read8(MODEM_CONTROL);
    ports.write8(MODEM_CONTROL, ModemControl.LOOP | ModemControl.OUT2 | ModemControl.RTS);
    // In loop-back the modem control bits appear as status: OUT2 as carrier, RTS as CTS.
    const looped = ports.read8(MODEM_STATUS) & 0xf0;
    ports.write8(MODEM_CONTROL, before);
    if (looped != (ModemStatus.CARRIER | ModemStatus.CTS)) return false;
    this.detectFifo();
    this.setRate(MAXIMUM_RATE);
    this.setModemControl(ModemControl.DTR | ModemControl.RTS | ModemControl.OUT2);
    return true;
  }

  private detectFifo(): void {
    // Clear only when the transmitter is idle: the firmware may still be printing.
    this.waitUntilSent();
    this.ports.write8(FIFO_CONTROL, FIFO_ENABLE | FIFO_CLEAR_BOTH | FIFO_TRIGGER_8);
    const hasFifo = (this.ports.read8(INTERRUPT_ID) & 0xc0) == 0xc0;
    this.fifoDepth = hasFifo ? 16 : 1;
    if (!hasFifo) this.ports.write8(FIFO_CONTROL, 0);
  }

  get lineStatus(): u32 {
    return this.ports.read8(LINE_STATUS);
  }

  get modemStatus(): u32 {
    return this.ports.read8(MODEM_STATUS);
  }

  /** Why the port interrupts: 0 nothing, or the identification bits with bit 0 set. */
  get interruptCause(): u32 {
    const id = this.ports.read8(INTERRUPT_ID);
    return id & 1 ? 0 : (id & 0x0e) | 1;
  }

  readByte(): u32 {
    return this.ports.read8(DATA);
  }

  writeByte(byte: u32): void {
    this.ports.write8(DATA, byte);
  }

  /** Interrupts the port may raise: UartInterrupt.* */
  get interrupts(): u32 {
    return this.enabled;
  }

  setInterrupts(mask: u32): void {
    if (mask == this.enabled) return;
    this.enabled = mask;
    this.ports.write8(INTERRUPT_ENABLE, mask);
  }

  get modemLines(): u32 {
    return this.modemControl;
  }

  setModemControl(lines: u32): void {
    this.modemControl = lines;
    this.ports.write8(MODEM_CONTROL, lines);
  }

  setBreak(isOn: bool): void {
    this.lineControl = isOn ? this.lineControl | SEND_BREAK : this.lineControl & ~SEND_BREAK;
    this.ports.write8(LINE_CONTROL, this.lineControl);
  }

  setRate(rate: u32): void {
    const divisor = rate == 0 ? 1 : max<u32>(1, (MAXIMUM_RATE + rate / 2) / rate);
    this.ports.write8(LINE_CONTROL, this.lineControl | DIVISOR_LATCH);
    this.ports.write8(DATA, divisor & 0xff);
    this.ports.write8(INTERRUPT_ENABLE, (divisor >> 8) & 0xff);
    this.ports.write8(LINE_CONTROL, this.lineControl);
  }

  /** Sets character size, parity, stop bits and rate. */
  setLine(settings: Termios): void {
    const cflag = settings.cflag;
    let control = (cflag & ControlFlag.CSIZE) >> 4;
    if (cflag & ControlFlag.CSTOPB) control |= 0x04;
    if (cflag & ControlFlag.PARENB) {
      control |= 0x08;
      if (!(cflag & ControlFlag.PARODD)) control |= 0x10;
      if (cflag & ControlFlag.CMSPAR) control |= 0x20;
    }
    this.lineControl = control | (this.lineControl & SEND_BREAK);
    this.setRate(settings.ospeed);
  }

  /** Sends a byte without interrupts, waiting for room. A port that never gets ready loses the byte. */
  putPolled(byte: u32): void {
    for (let i: u32 = 0; i < POLL_LIMIT; i++) {
      if (this.lineStatus & LineStatus.HOLDING_EMPTY) break;
    }
    this.writeByte(byte);
  }

  /** Waits, with a limit, until the shift register is empty. */
  waitUntilSent(): void {
    for (let i: u32 = 0; i < POLL_LIMIT; i++) {
      if (this.lineStatus & LineStatus.ALL_SENT) return;
    }
  }
}

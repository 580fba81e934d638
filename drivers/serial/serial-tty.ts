// Serial terminals: /dev/ttyS0 to ttyS3. Joins a SerialPort and a Tty.

import { bytesOf } from "../../kernel/runtime/text/bytes";
import { Tty } from "../../kernel/tty/tty";
import { TtyKind } from "../../kernel/tty/tty-driver";
import { ControlFlag, Termios } from "../../kernel/tty/termios";
import { makeDevice } from "../../kernel/vfs/inode/device-number";
import { SerialConsumer, SerialPort } from "./serial-port";

/** Device numbers of ttyS0 (Linux Documentation/admin-guide/devices.txt). */
export const TTYS_MAJOR: u32 = 4;
export const TTYS_FIRST_MINOR: u32 = 64;

/** Hands what a port receives to a tty. */
@final
class TtyConsumer extends SerialConsumer {
  constructor(readonly tty: Tty) {
    super();
  }

  get canTake(): bool {
    return this.tty.canReceive;
  }

  take(byte: u32): void {
    this.tty.receive(byte);
  }

  takeBreak(): void {
    this.tty.receiveBreak();
  }

  takeDamaged(byte: u32): void {
    this.tty.receiveDamaged(byte);
  }

  endBatch(): void {
    this.tty.endBatch();
  }

  outputDrained(): void {
    this.tty.outputDrained();
  }
}

/** Makes the terminal of a port; `rate` is its first baud rate (9600 unless console= says otherwise). */
export function createSerialTty(port: SerialPort, rate: u32): Tty {
  const device = makeDevice(TTYS_MAJOR, TTYS_FIRST_MINOR + port.index);
  const tty = new Tty(bytesOf("ttyS" + port.index.toString()), device, TtyKind.SERIAL, port);
  tty.termios.cflag = ControlFlag.CS8 | ControlFlag.CREAD | ControlFlag.HUPCL | ControlFlag.CLOCAL;
  tty.termios.setBaud(rate);
  port.settingsChanged(tty.termios, tty.termios);
  port.consumer = new TtyConsumer(tty);
  return tty;
}

/** As TtyConsumer, for `typix exec` with a terminal: 0xff is an escape, and 0xff 0xff one byte 0xff. */
@final
class EscapedConsumer extends SerialConsumer {
  private isEscaped: bool = false;

  constructor(readonly tty: Tty) {
    super();
  }

  get canTake(): bool {
    return this.tty.canReceive;
  }

  take(byte: u32): void {
    if (byte == 0xff && !this.isEscaped) {
      this.isEscaped = true;
      return;
    }
    // ff 00, the end of a stream, does not occur on a terminal.
    if (!this.isEscaped || byte == 0xff) this.tty.receive(byte);
    this.isEscaped = false;
  }

  endBatch(): void {
    this.tty.endBatch();
  }

  outputDrained(): void {
    this.tty.outputDrained();
  }
}

/** Makes the terminal what `typix exec` wants: raw, with escaped input (docs/inside/exec-protocol.md). */
export function makeExecTerminal(tty: Tty, port: SerialPort): void {
  const raw = new Termios();
  raw.copyFrom(tty.termios);
  raw.makeRaw();
  tty.changeSettings(raw);
  port.consumer = new EscapedConsumer(tty);
}

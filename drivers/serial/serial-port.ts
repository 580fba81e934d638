// SerialPort: a 16550 port with buffered, interrupt-driven transfer. What it receives goes to its consumer (a tty or a
// stream of `typix exec`); what it sends comes through the TtyDriver interface.
//
// Transmission: bytes go into a ring, and from there into the FIFO whenever it is empty; the transmitter interrupt is on
// only while bytes are left over. Reception: when the consumer cannot take more, the receive interrupt is switched off and
// the bytes stay in the FIFO (an emulated port then holds the sender back); `inputRoom` resumes.
// Ports 0x3f8 and 0x3e8 share an interrupt line, and so do 0x2f8 and 0x2e8. Nothing here sleeps or allocates after `probe`.

import { copyBytes } from "../../kernel/runtime/text/byte-access";
import { ControlFlag, InputFlag, Termios, ControlCharacter } from "../../kernel/tty/termios";
import { ModemLine, TtyDriver } from "../../kernel/tty/tty-driver";
import { InterruptHandler, registerInterrupt } from "../interrupts";
import { LineStatus, ModemControl, ModemStatus, Uart, UartInterrupt } from "./uart";

@inline const RING_SIZE: u32 = 4096;

/** Where received bytes go. No method may sleep or allocate. */
export abstract class SerialConsumer {
  /** False while nothing more can be taken; the port then waits for `SerialPort.inputRoom`. */
  abstract get canTake(): bool;
  abstract take(byte: u32): void;
  takeBreak(): void {}
  /** A byte with a parity or framing error. */
  takeDamaged(byte: u32): void { this.take(byte); }
  /** Ends a batch. */
  abstract endBatch(): void;
  /** The output ring has room again. */
  abstract outputDrained(): void;
}

@final
export class SerialPort extends TtyDriver {
  readonly uart: Uart;
  consumer: SerialConsumer | null = null;
  private readonly ring: StaticArray<u8> = new StaticArray<u8>(<i32>RING_SIZE);
  private head: u32 = 0;
  private tail: u32 = 0;
  private isStopped: bool = false;
  /** The other side asked for a pause by its CTS line. */
  private isHeldByPeer: bool = false;
  private usesHardwareFlow: bool = false;
  private sendsFlowCharacters: bool = false;
  private startCharacter: u32 = 17;
  private stopCharacter: u32 = 19;
  /** Byte to be sent before the ring, or -1. */
  private urgent: i32 = -1;
  private isReceiving: bool = false;
  /** The sender was asked to pause. */
  private isThrottled: bool = false;
  private openCount: i32 = 0;
  /** Totals, as /proc/tty/driver/serial shows them. */
  sent: u64 = 0;
  received: u64 = 0;
  overruns: u64 = 0;

  constructor(readonly index: u32, base: u32, readonly irq: u32) {
    super();
    this.uart = new Uart(base);
  }

  // ---- output --------------------------------------------------------------------------------------------------

  write(bytes: StaticArray<u8>, at: i32, length: i32): i32 {
    const taken = min<i32>(length, this.room);
    const start = <i32>(this.head & (RING_SIZE - 1));
    const first = min<i32>(taken, <i32>RING_SIZE - start);
    copyBytes(this.ring, start, bytes, at, first);
    copyBytes(this.ring, 0, bytes, at + first, taken - first);
    this.head += <u32>taken;
    this.transmit();
    return taken;
  }

  get room(): i32 {
    return <i32>(RING_SIZE - (this.head - this.tail));
  }

  get pending(): i32 {
    return <i32>(this.head - this.tail);
  }

  get isIdle(): bool {
    return this.head == this.tail && this.urgent < 0 && (this.uart.lineStatus & LineStatus.ALL_SENT) != 0;
  }

  flushOutput(): void {
    this.tail = this.head;
    this.updateInterrupts();
  }

  stop(): void {
    this.isStopped = true;
    this.updateInterrupts();
  }

  start(): void {
    this.isStopped = false;
    this.transmit();
  }

  sendUrgent(byte: u32): void {
    this.urgent = <i32>byte;
    this.transmit();
  }

  /** Fills the FIFO as often as it is empty. */
  private transmit(): void {
    const uart = this.uart;
    while (this.hasOutput && (uart.lineStatus & LineStatus.HOLDING_EMPTY)) {
      let room = uart.fifoDepth;
      if (this.urgent >= 0) {
        uart.writeByte(<u32>this.urgent);
        this.urgent = -1;
        room--;
        this.sent++;
      }
      if (this.isStopped || this.isHeldByPeer) break;
      for (; room > 0 && this.tail != this.head; room--) {
        uart.writeByte(<u32>this.ring[<i32>(this.tail & (RING_SIZE - 1))]);
        this.tail++;
        this.sent++;
      }
    }
    this.updateInterrupts();
  }

  private get hasOutput(): bool {
    return this.urgent >= 0 || (this.tail != this.head && !this.isStopped && !this.isHeldByPeer);
  }

  private updateInterrupts(): void {
    let mask: u32 = 0;
    if (this.isReceiving) mask |= UartInterrupt.RECEIVED | UartInterrupt.LINE_STATUS;
    if (this.hasOutput) mask |= UartInterrupt.TRANSMITTER_EMPTY;
    if (this.usesHardwareFlow) mask |= UartInterrupt.MODEM_STATUS;
    this.uart.setInterrupts(mask);
  }

  // ---- input ---------------------------------------------------------------------------------------------------

  open(): i32 {
    this.openCount++;
    this.uart.setModemControl(this.uart.modemLines | ModemControl.DTR | ModemControl.RTS | ModemControl.OUT2);
    this.inputRoom();
    return 0;
  }

  close(): void {
    if (--this.openCount > 0) return;
    this.isReceiving = false;
    this.updateInterrupts();
  }

  throttle(): void {
    this.isThrottled = true;
    if (this.sendsFlowCharacters) this.sendUrgent(this.stopCharacter);
    if (this.usesHardwareFlow) this.uart.setModemControl(this.uart.modemLines & ~ModemControl.RTS);
  }

  unthrottle(): void {
    if (this.isThrottled) {
      this.isThrottled = false;
      if (this.sendsFlowCharacters) this.sendUrgent(this.startCharacter);
      if (this.usesHardwareFlow) this.uart.setModemControl(this.uart.modemLines | ModemControl.RTS);
    }
  }

  inputRoom(): void {
    if (this.isReceiving || this.openCount == 0) return;
    this.isReceiving = true;
    this.receive();
    this.updateInterrupts();
  }

  /** Takes what the FIFO holds. */
  private receive(): void {
    const consumer = this.consumer;
    if (consumer === null || !this.isReceiving) return;
    const uart = this.uart;
    let status = uart.lineStatus;
    if (!(status & LineStatus.DATA_READY)) return;
    while (status & LineStatus.DATA_READY) {
      if (!consumer.canTake) {
        this.isReceiving = false;
        break;
      }
      const byte = uart.readByte();
      this.received++;
      if (status & LineStatus.ERRORS) this.receiveError(consumer, status, byte);
      else consumer.take(byte);
      status = uart.lineStatus;
    }
    consumer.endBatch();
  }

  private receiveError(consumer: SerialConsumer, status: u32, byte: u32): void {
    if (status & LineStatus.OVERRUN) this.overruns++;
    if (status & LineStatus.BREAK) consumer.takeBreak();
    else if (status & (LineStatus.PARITY | LineStatus.FRAMING)) consumer.takeDamaged(byte);
    else consumer.take(byte);
  }

  // ---- interrupt -------------------------------------------------------------------------------------------------

  /** Serves the port; true if it had something. Interrupt context. */
  service(): bool {
    const cause = this.uart.interruptCause;
    if (cause == 0) return false;
    if (this.isReceiving) this.receive();
    this.updateModemStatus();
    const before = this.room;
    if (this.hasOutput) this.transmit();
    else this.updateInterrupts();
    const consumer = this.consumer;
    if (consumer !== null && (before < this.room || this.tail == this.head)) consumer.outputDrained();
    return true;
  }

  private updateModemStatus(): void {
    // Reading also ends the interrupt.
    const status = this.uart.modemStatus;
    this.isHeldByPeer = this.usesHardwareFlow && (status & ModemStatus.CTS) == 0;
  }

  // ---- settings --------------------------------------------------------------------------------------------------

  settingsChanged(now: Termios, before: Termios): void {
    if (now.ospeed > 115200) now.setBaud(before.ospeed);
    if (now.ospeed != 0) now.ispeed = now.ospeed;
    this.uart.setLine(now);
    this.usesHardwareFlow = (now.cflag & ControlFlag.CRTSCTS) != 0;
    this.sendsFlowCharacters = (now.iflag & InputFlag.IXOFF) != 0;
    this.startCharacter = now.character(ControlCharacter.VSTART);
    this.stopCharacter = now.character(ControlCharacter.VSTOP);
    const lines = ModemControl.DTR | ModemControl.RTS;
    // B0 hangs up by dropping the lines.
    if (now.ospeed == 0) this.uart.setModemControl(this.uart.modemLines & ~lines);
    else if (before.ospeed == 0) this.uart.setModemControl(this.uart.modemLines | lines);
    this.updateModemStatus();
    this.transmit();
  }

  setBreak(isOn: bool): i32 {
    this.uart.setBreak(isOn);
    return 0;
  }

  get hasModemLines(): bool {
    return true;
  }

  get modemLines(): u32 {
    const control = this.uart.modemLines;
    const status = this.uart.modemStatus;
    let lines: u32 = 0;
    if (control & ModemControl.DTR) lines |= ModemLine.DTR;
    if (control & ModemControl.RTS) lines |= ModemLine.RTS;
    if (control & ModemControl.OUT1) lines |= ModemLine.OUT1;
    if (control & ModemControl.OUT2) lines |= ModemLine.OUT2;
    if (control & ModemControl.LOOP) lines |= ModemLine.LOOP;
    if (status & ModemStatus.CTS) lines |= ModemLine.CTS;
    if (status & ModemStatus.DSR) lines |= ModemLine.DSR;
    if (status & ModemStatus.CARRIER) lines |= ModemLine.CAR;
    if (status & ModemStatus.RING) lines |= ModemLine.RNG;
    return lines;
  }

  setModemLines(lines: u32): void {
    let control: u32 = 0;
    if (lines & ModemLine.DTR) control |= ModemControl.DTR;
    if (lines & ModemLine.RTS) control |= ModemControl.RTS;
    if (lines & ModemLine.OUT1) control |= ModemControl.OUT1;
    if (lines & ModemLine.LOOP) control |= ModemControl.LOOP;
    // Without OUT2 the port could not interrupt any more.
    this.uart.setModemControl(control | ModemControl.OUT2);
  }

  hangUp(): void {
    this.flushOutput();
  }
}

/** Serves all ports of one interrupt line until none asks any more: the line is edge-triggered. */
@final
export class SerialInterrupt extends InterruptHandler {
  private readonly ports: Array<SerialPort> = new Array<SerialPort>();

  get name(): string {
    return "ttyS";
  }

  /** Adds a port; the first one registers the handler. False if its line cannot interrupt. */
  add(port: SerialPort): bool {
    this.ports.push(port);
    return this.ports.length > 1 || registerInterrupt(port.irq, this);
  }

  handle(): void {
    // A limit, so that a broken port cannot hold the system: its interrupt stays pending then.
    for (let round = 0; round < 256; round++) {
      let wasBusy = false;
      for (let i = 0; i < this.ports.length; i++) {
        if (this.ports[i].service()) wasBusy = true;
      }
      if (!wasBusy) return;
    }
  }
}

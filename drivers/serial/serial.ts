// The serial ports of a PC: probing COM1 to COM4, and the log on one of them.
//
// `probeSerialPorts` may run as soon as memory is there, before interrupts; the log sink works polled from then on.
// `enableSerialInterrupts` follows once the interrupt controller runs.

import { LogSink, logWarn } from "../../kernel/runtime/log/log";
import { SerialInterrupt, SerialPort } from "./serial-port";

const BASES: StaticArray<u32> = [0x3f8, 0x2f8, 0x3e8, 0x2e8];
const LINES: StaticArray<u32> = [4, 3, 4, 3];

@bootOnly const ports = new StaticArray<SerialPort | null>(4);

/** Looks for the four standard ports; returns how many answer. */
export function probeSerialPorts(): i32 {
  let found = 0;
  for (let i = 0; i < 4; i++) {
    const port = new SerialPort(<u32>i, BASES[i], LINES[i]);
    if (!port.uart.probe()) continue;
    ports[i] = port;
    found++;
  }
  return found;
}

/** Port COM(index + 1), or null if it is absent. */
export function serialPort(index: i32): SerialPort | null {
  return index >= 0 && index < 4 ? ports[index] : null;
}

/** Turns interrupts on for the ports found. */
export function enableSerialInterrupts(): void {
  const first = new SerialInterrupt();
  const second = new SerialInterrupt();
  for (let i = 0; i < 4; i++) {
    const port = ports[i];
    if (port === null) continue;
    const group = port.irq == 4 ? first : second;
    if (!group.add(port)) logWarn("serial: no interrupt for COM" + (i + 1).toString());
  }
}

/** The kernel log on a serial port: polled, so that it works at any time, a panic included. */
@final
export class SerialLogSink extends LogSink {
  constructor(readonly port: SerialPort) {
    super();
  }

  writeRecord(level: u32, line: StaticArray<u8>, length: i32, stamp: i32): void {
    const uart = this.port.uart;
    for (let i = 0; i < length; i++) uart.putPolled(<u32>line[i]);
    uart.putPolled(0x0d);
    uart.putPolled(0x0a);
  }
}

// `typix exec` inside the kernel: runs the program that /typix-exec names as the first process, with the serial ports as
// its standard files, and reports its wait status on COM2 (docs/inside/exec-protocol.md).

import { ignore } from "../kernel/runtime/ignore";
import { powerOff } from "../arch/x86_64/platform/power";
import { SerialPort } from "../drivers/serial/serial-port";
import { serialPort } from "../drivers/serial/serial";
import { SerialStream, SerialStreamFile } from "../drivers/serial/serial-stream";
import { O_RDONLY, O_WRONLY } from "../kernel/abi/fcntl";
import { registerCharacterDevice } from "../kernel/devfs/character-devices";
import { bytesOf, bytesSlice, indexOfByte, parseDecimal, textOf } from "../kernel/runtime/text/bytes";
import { stopCpu } from "../kernel/runtime/log/machine-view";
import { panic } from "../kernel/runtime/log/panic";
import { FirstProgram } from "../kernel/task/life/first-program";
import { Task } from "../kernel/task/task";
import { Inode } from "../kernel/vfs/inode/inode";
import { OpenFile } from "../kernel/vfs/file/open-file";
import { OpenRequest } from "../kernel/vfs/inode/open-request";
import { SpecialFileOpener } from "../kernel/vfs/file/special-files";
import { FsContext } from "../kernel/vfs/path/fs-context";
import { recordingLines, stopRecording } from "./recording";
import { changeDirectory, openAt, readFile, removeFile } from "./kernel-files";

const REQUEST_PATH: string = "/typix-exec";
/** Arguments and environment together, as Linux limits them by default. */
const REQUEST_LIMIT: i32 = 2 * 1024 * 1024;
/** Device numbers of the streams: the range for local use (Linux Documentation/admin-guide/devices.txt). */
const STREAM_MAJOR: u32 = 240;
const STREAM_PORTS: StaticArray<i32> = [0, 2];

/** Opens the stream on one port. */
@final
class StreamOpener extends SpecialFileOpener {
  constructor(private readonly stream: SerialStream) {
    super();
  }

  open(inode: Inode, request: OpenRequest): i32 {
    request.file = new SerialStreamFile(this.stream, request.flags);
    return 0;
  }
}

/** The strings of /typix-exec, one after the other. */
@final
class RequestReader {
  private at: i32 = 0;

  constructor(private readonly bytes: StaticArray<u8>) {}

  next(): StaticArray<u8> {
    const end = indexOfByte(this.bytes, 0, this.at);
    if (end < 0) panic("typix.exec: " + REQUEST_PATH + " is cut short");
    const text = bytesSlice(this.bytes, this.at, end);
    this.at = end + 1;
    return text;
  }

  /** A count, then that many strings. */
  list(): StaticArray<StaticArray<u8>> {
    const count = <i32>parseDecimal(this.next());
    if (count < 0 || count > this.bytes.length) panic("typix.exec: wrong count in " + REQUEST_PATH);
    const texts = new StaticArray<StaticArray<u8>>(count);
    for (let i = 0; i < count; i++) texts[i] = this.next();
    return texts;
  }
}

@final
export class ExecProgram extends FirstProgram {
  private readonly programPath: StaticArray<u8>;
  private readonly directory: string;
  private readonly isTerminal: bool;

  @sleeps constructor(fs: FsContext, isTerminal: bool) {
    super();
    this.isTerminal = isTerminal;
    const bytes = readFile(fs, REQUEST_PATH, REQUEST_LIMIT);
    if (bytes === null) panic("typix.exec: there is no " + REQUEST_PATH);
    const request = new RequestReader(bytes!);
    this.programPath = request.next();
    this.directory = textOf(request.next());
    this.argv = request.list();
    this.envp = request.list();
    removeFile(fs, REQUEST_PATH);
  }

  get isProtected(): bool {
    return false;
  }

  @sleeps prepare(task: Task): void {
    changeDirectory(task.fs, this.directory);
    // The ports are set up: input that is sent from now on is not lost.
    const logPort = serialPort(1);
    if (logPort !== null) writeLine(logPort, "\ntypix-exec: ready");
    const hasErrorPort = serialPort(2) !== null;
    if (this.isTerminal) {
      const terminal = this.openStandard(task, "/dev/ttyS0", O_RDONLY | 2);
      for (let fd = 0; fd < 3; fd++) {
        if (fd > 0) terminal.retain();
        ignore(task.files.add(terminal));
      }
      return;
    }
    ignore(task.files.add(this.openStandard(task, "/dev/typix-stream0", O_RDONLY)));
    ignore(task.files.add(this.openStandard(task, "/dev/typix-stream0", O_WRONLY)));
    ignore(task.files.add(this.openStandard(task, hasErrorPort ? "/dev/typix-stream2" : "/dev/typix-stream0", O_WRONLY)));
  }

  @sleeps private openStandard(task: Task, path: string, flags: u32): OpenFile {
    const file = openAt(task.fs, path, flags);
    if (file === null) panic("typix.exec: cannot open " + path);
    return file!;
  }

  path(attempt: i32): StaticArray<u8> | null {
    return attempt == 0 ? this.programPath : null;
  }

  failed(errno: i32): void {
    reportAndPowerOff("typix-exit: error " + errno.toString());
  }

  ended(status: i32): void {
    reportAndPowerOff("typix-exit: " + (<u32>status & 0xffff).toString());
  }
}

/** Makes the streams of COM1 and COM3 devices. Boot, before /dev is mounted. */
export function registerStreams(): void {
  for (let i = 0; i < STREAM_PORTS.length; i++) {
    const index = STREAM_PORTS[i];
    const port = serialPort(index);
    if (port === null) continue;
    registerCharacterDevice(STREAM_MAJOR, <u32>index, "typix-stream" + index.toString(), 0o666, new StreamOpener(new SerialStream(port)));
  }
}

/** The last line of COM2, once everything the program wrote has left; ends the machine. */
export function reportAndPowerOff(line: string): void {
  stopRecording();
  drain(0);
  drain(2);
  const port = serialPort(1);
  const recordings = recordingLines();
  if (port !== null) writeLine(port, recordings + line);
  // The command reads recordings from the memory of a machine that runs.
  if (recordings.length == 0) powerOff();
  stopCpu();
}

/** Interrupts are off: the FIFO is fed by hand until it is empty. */
function drain(index: i32): void {
  const port = serialPort(index);
  if (port === null) return;
  while (!port.isIdle) port.service();
}

function writeLine(port: SerialPort, line: string): void {
  const bytes = bytesOf(line + "\n");
  for (let i = 0; i < bytes.length; i++) port.uart.putPolled(<u32>bytes[i]);
}

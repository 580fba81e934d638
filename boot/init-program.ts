// The ordinary first process: init= of the command line, else /init, else the usual places (Linux tries the same).

import { ignore } from "../kernel/runtime/ignore";
import { O_RDWR } from "../kernel/abi/fcntl";
import { bytesOf, textOf } from "../kernel/runtime/text/bytes";
import { logWarn } from "../kernel/runtime/log/log";
import { panic } from "../kernel/runtime/log/panic";
import { FirstProgram } from "../kernel/task/life/first-program";
import { Task } from "../kernel/task/task";
import { CommandLine } from "./command-line";
import { openAt } from "./kernel-files";

const PLACES: StaticArray<string> = ["/init", "/sbin/init", "/etc/init", "/bin/init", "/bin/sh"];

@final
export class InitProgram extends FirstProgram {
  /** What init= or rdinit= says: then nothing else is tried. */
  private readonly chosen: string | null;

  constructor(commandLine: CommandLine) {
    super();
    const init = commandLine.value("init");
    this.chosen = init !== null ? init : commandLine.value("rdinit");
    const extra = commandLine.initArguments;
    this.argv = new StaticArray<StaticArray<u8>>(1 + extra.length);
    this.argv[0] = this.path(0)!;
    for (let i = 0; i < extra.length; i++) this.argv[1 + i] = bytesOf(extra[i]);
    this.envp = new StaticArray<StaticArray<u8>>(2);
    this.envp[0] = bytesOf("HOME=/");
    this.envp[1] = bytesOf("TERM=linux");
  }

  @sleeps prepare(task: Task): void {
    const file = openAt(task.fs, "/dev/console", O_RDWR);
    if (file === null) {
      logWarn("unable to open an initial console");
      return;
    }
    for (let fd = 0; fd < 3; fd++) {
      if (fd > 0) file.retain();
      ignore(task.files.add(file));
    }
  }

  path(attempt: i32): StaticArray<u8> | null {
    const chosen = this.chosen;
    if (chosen !== null) return attempt == 0 ? bytesOf(chosen) : null;
    return attempt < PLACES.length ? bytesOf(PLACES[attempt]) : null;
  }

  failed(errno: i32): void {
    panic(this.chosen !== null ? "cannot execute " + textOf(this.argv[0]) + " (error " + errno.toString() + ")" : "no working init found; try init= on the command line");
  }

  ended(status: i32): void {
    const digits = (<u32>status).toString(16);
    panic("Attempted to kill init! exitcode=0x" + "00000000".substring(0, 8 - digits.length) + digits);
  }
}

// The way to the first process: the root file system, what the boot loader's modules fill it with, and who runs first.

import { BootInfo } from "../arch/x86_64/platform/boot-info";
import { returnReserved } from "../kernel/mm/frames/frame";
import { bytesOf } from "../kernel/runtime/text/bytes";
import { logWarn } from "../kernel/runtime/log/log";
import { panic } from "../kernel/runtime/log/panic";
import { startJitter } from "../kernel/random/jitter";
import { startInit } from "../kernel/task/life/init";
import { INTERRUPT_PRIORITY, QueueWorker, startKernelThread, startKernelThreads } from "../kernel/task/life/kernel-thread";
import { unpackInitramfs } from "../kernel/tmpfs/initramfs";
import { TmpfsType } from "../kernel/tmpfs/tmpfs";
import { terminalInput } from "../kernel/tty/terminal-input";
import { FileSystemHolder } from "../kernel/vfs/inode/file-system";
import { FsContext } from "../kernel/vfs/path/fs-context";
import { initialNamespaces } from "../kernel/task/initial-namespaces";
import { CommandLine } from "./command-line";
import { isExecMode, execMode } from "./consoles";
import { ExecProgram, registerStreams } from "./exec-mode";
import { InitProgram } from "./init-program";
import { mountOn } from "./kernel-files";

/** There are no disks yet: options that name a root device cannot be followed, and nobody should believe they were. */
function warnAboutRoot(commandLine: CommandLine): void {
  const names: StaticArray<string> = ["root", "rootfstype", "rootflags", "rootwait", "rootdelay"];
  for (let i = 0; i < names.length; i++) {
    if (commandLine.has(names[i])) logWarn(names[i] + " has no effect: the root is the initramfs, block devices are not supported");
  }
}

/** Mounts the root, unpacks the modules into it and makes process 1. */
@sleeps export function startUserland(info: BootInfo, commandLine: CommandLine): void {
  warnAboutRoot(commandLine);
  const fs = makeRoot();
  for (let i = 0; i < info.modules.length; i++) {
    const module = info.modules[i];
    const problem = unpackInitramfs(fs, module.start, module.end);
    if (problem !== null) panic("initramfs: " + problem);
    returnReserved(module.start, module.end);
  }
  if (!isExecMode(commandLine)) {
    startInit(new InitProgram(commandLine), fs);
    startThreads(fs);
    return;
  }
  registerStreams();
  mountOn(fs, "devtmpfs", "/dev");
  mountOn(fs, "devpts", "/dev/pts");
  mountOn(fs, "tmpfs", "/dev/shm");
  mountOn(fs, "proc", "/proc");
  mountOn(fs, "sysfs", "/sys");
  startInit(new ExecProgram(fs, execMode(commandLine) == "tty"), fs);
  startThreads(fs);
}

/** Process 2 and the threads that finish what interrupts begin. After process 1, whose number they must not take. */
function startThreads(fs: FsContext): void {
  startKernelThreads(fs);
  if (startKernelThread("kworker/tty", new QueueWorker(terminalInput), INTERRUPT_PRIORITY) === null) panic("no memory for kernel threads");
  startJitter();
}

@counted function makeRoot(): FsContext {
  const holder = new FileSystemHolder();
  const created = new TmpfsType("rootfs").create(bytesOf("rootfs"), new StaticArray<u8>(0), holder);
  if (created < 0) panic("cannot make the root file system");
  const mount = initialNamespaces.mounts.mountRoot(holder.value!, 0);
  return new FsContext(mount, mount.root);
}

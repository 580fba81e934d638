// sysfs: the few attributes of /sys that programs look at and that are true here (sysfs(5)). Read-only; fixed at boot.

import { bytesOf } from "../runtime/bytes";
import { ByteBuilder } from "../runtime/byte-builder";
import { FunctionText, TextFunction, directoryOf } from "../procfs/proc-text";
import { FixedDirectory } from "../procfs/synthetic";
import { FileSystemStatistics } from "../vfs/attributes";
import { makeRootDentry } from "../vfs/dentry-cache";
import { FileSystem, FileSystemHolder, FileSystemType, registerFileSystem } from "../vfs/file-system";

const SYSFS_MAGIC: u64 = 0x62656572;

function showFirstCpu(out: ByteBuilder): void { out.append("0\n"); }
function showNever(out: ByteBuilder): void { out.append("always madvise [never]\n"); }
function showZero(out: ByteBuilder): void { out.append("0\n"); }
function showKernelMax(out: ByteBuilder): void { out.append("0\n"); }
function showNothingOffline(out: ByteBuilder): void { out.append("\n"); }

@final
class SysFileSystem extends FileSystem {
  constructor(type: FileSystemType) {
    super(type, bytesOf("sysfs"));
    const top = new FixedDirectory(this, 0o555);
    top.number = 1;
    this.fill(top);
    const dentry = makeRootDentry();
    dentry.attach(top);
    dentry.retain();
    this.root = dentry;
    this.mountCount++;
  }

  getStatistics(statistics: FileSystemStatistics): void {
    statistics.magic = SYSFS_MAGIC;
  }

  private fill(top: FixedDirectory): void {
    const cpus = directoryOf(top, "devices/system/cpu");
    this.text(cpus, "online", showFirstCpu);
    this.text(cpus, "possible", showFirstCpu);
    this.text(cpus, "present", showFirstCpu);
    this.text(cpus, "offline", showNothingOffline);
    this.text(cpus, "kernel_max", showKernelMax);
    const topology = directoryOf(cpus, "cpu0/topology");
    this.text(topology, "physical_package_id", showFirstCpu);
    this.text(topology, "core_id", showFirstCpu);
    this.text(topology, "thread_siblings_list", showFirstCpu);
    this.text(topology, "core_siblings_list", showFirstCpu);
    const hugePages = directoryOf(top, "kernel/mm/transparent_hugepage");
    this.text(hugePages, "enabled", showNever);
    this.text(hugePages, "use_zero_page", showZero);
    directoryOf(top, "class").addDirectory("net");
    top.addDirectory("block");
  }

  private text(directory: FixedDirectory, name: string, show: TextFunction): void {
    directory.add(name, new FunctionText(this, 0o444, show));
  }
}

@final
class SysType extends FileSystemType {
  private instance: SysFileSystem | null = null;

  constructor() {
    super("sysfs");
  }

  create(source: StaticArray<u8>, options: StaticArray<u8>, holder: FileSystemHolder): i32 {
    let instance = this.instance;
    if (instance === null) {
      instance = new SysFileSystem(this);
      this.instance = instance;
    }
    holder.value = instance;
    return 0;
  }
}

/** Makes "sysfs" known to mount(2). */
export function registerSysfs(): void {
  registerFileSystem(new SysType());
}

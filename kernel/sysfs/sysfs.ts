// sysfs: the few attributes of /sys that programs look at and that are true here (sysfs(5)). Read-only; fixed at boot.

import { ByteBuilder } from "../runtime/text/byte-builder";
import { directoryOf } from "../procfs/proc-text";
import { FixedDirectory } from "../procfs/synthetic";
import { SingleType, SyntheticFileSystem } from "../procfs/synthetic-file-system";
import { FileSystem, FileSystemType, registerFileSystem } from "../vfs/inode/file-system";

const SYSFS_MAGIC: u64 = 0x62656572;

function showFirstCpu(out: ByteBuilder): void { out.append("0\n"); }
function showNever(out: ByteBuilder): void { out.append("always madvise [never]\n"); }
function showZero(out: ByteBuilder): void { out.append("0\n"); }
function showKernelMax(out: ByteBuilder): void { out.append("0\n"); }
function showNothingOffline(out: ByteBuilder): void { out.append("\n"); }

@final
class SysFileSystem extends SyntheticFileSystem {
  constructor(type: FileSystemType) {
    super(type, SYSFS_MAGIC);
    const top = new FixedDirectory(this, 0o555);
    this.fill(top);
    this.start(top);
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
}

@final
class SysType extends SingleType {
  constructor() {
    super("sysfs");
  }

  protected make(): FileSystem {
    return new SysFileSystem(this);
  }
}

/** Makes "sysfs" known to mount(2). */
export function registerSysfs(): void {
  registerFileSystem(new SysType());
}

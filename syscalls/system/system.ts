// uname(2), sysinfo(2), sethostname(2), setdomainname(2).

import { Sysinfo, Utsname } from "../../kernel/abi/generated/structs";
import { Errno } from "../../kernel/abi/errno";
import { freeFrameCount, totalFrameCount } from "../../kernel/mm/frames/frame";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { loadAverage } from "../../kernel/procfs/system/load-average";
import { copyBytes, fillBytes, storeText, writeU32, writeU64 } from "../../kernel/runtime/text/byte-access";
import { MACHINE, NAME_LIMIT, RELEASE, SYSTEM_NAME, VERSION } from "../../kernel/runtime/identity";
import { ignore } from "../../kernel/runtime/ignore";
import { taskCount } from "../../kernel/task/life/exit";
import { Task } from "../../kernel/task/task";
import { bootNs } from "../../kernel/time/clock";
import { Capability } from "../../kernel/vfs/credentials";
import { NS_PER_SECOND } from "../../kernel/abi/time";
import { PAGE } from "../../kernel/abi/page";


/** uname(2) */
@sleeps export function sysUname(task: Task, to: UserOut): i64 {
  const bytes = new StaticArray<u8>(<i32>Utsname.SIZE);
  ignore(storeText(bytes, <i32>Utsname.sysname, SYSTEM_NAME));
  storeBytes(bytes, Utsname.nodename, task.namespaces.uts.hostName);
  ignore(storeText(bytes, <i32>Utsname.release, RELEASE));
  ignore(storeText(bytes, <i32>Utsname.version, VERSION));
  ignore(storeText(bytes, <i32>Utsname.machine, MACHINE));
  storeBytes(bytes, Utsname.domainname, task.namespaces.uts.domainName);
  return <i64>to.writeBytes(0, bytes, 0, bytes.length);
}

function storeBytes(bytes: StaticArray<u8>, at: u32, text: StaticArray<u8>): void {
  copyBytes(bytes, <i32>at, text, 0, min(text.length, NAME_LIMIT));
}

/** sysinfo(2): memory in pages, as Linux gives it when bytes would not fit; here bytes always do. */
@sleeps export function sysSysinfo(task: Task, to: UserOut): i64 {
  const bytes = new StaticArray<u8>(<i32>Sysinfo.SIZE);
  fillBytes(bytes, 0, 0, bytes.length);
  writeU64(bytes, <i32>Sysinfo.uptime, (bootNs() + NS_PER_SECOND - 1) / NS_PER_SECOND);
  for (let i = 0; i < 3; i++) writeU64(bytes, <i32>Sysinfo.loads + 8 * i, loadAverage(i));
  writeU64(bytes, <i32>Sysinfo.totalram, <u64>totalFrameCount() * PAGE);
  writeU64(bytes, <i32>Sysinfo.freeram, <u64>freeFrameCount() * PAGE);
  writeU32(bytes, <i32>Sysinfo.procs, <u32>taskCount & 0xffff);
  writeU32(bytes, <i32>Sysinfo.mem_unit, 1);
  return <i64>to.writeBytes(0, bytes, 0, bytes.length);
}

/** Copies a name into `bytes`. 0, -EPERM, -EINVAL or -EFAULT. */
@sleeps function fetchName(task: Task, from: UserIn, length: u64, bytes: StaticArray<u8>): i32 {
  if (!task.credentials.has(Capability.SYS_ADMIN)) return -Errno.EPERM;
  if (length > <u64>NAME_LIMIT) return -Errno.EINVAL;
  return from.readBytes(0, bytes, 0, <i32>length);
}

/** sethostname(2) */
@sleeps export function sysSethostname(task: Task, from: UserIn, length: u64): i64 {
  const bytes = new StaticArray<u8>(NAME_LIMIT);
  const status = fetchName(task, from, length, bytes);
  if (status == 0) task.namespaces.uts.setHostName(bytes, <i32>length);
  return <i64>status;
}

/** setdomainname(2) */
@sleeps export function sysSetdomainname(task: Task, from: UserIn, length: u64): i64 {
  const bytes = new StaticArray<u8>(NAME_LIMIT);
  const status = fetchName(task, from, length, bytes);
  if (status == 0) task.namespaces.uts.setDomainName(bytes, <i32>length);
  return <i64>status;
}

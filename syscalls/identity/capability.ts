// capget(2) and capset(2). Version 3 (two 32-bit words a set) is preferred; 1 has one word; 2 is as 3.

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserInOut, UserOut } from "../../kernel/mm/user/user-memory";
import { Task } from "../../kernel/task/task";
import { Capability, Credentials } from "../../kernel/vfs/credentials";

const VERSION_1: u32 = 0x19980330;
const VERSION_2: u32 = 0x20071026;
const VERSION_3: u32 = 0x20080522;

/** 32-bit words of a set in the header's version; 0: unknown (the version there is, is stored), or -EFAULT. */
@sleeps function wordsOf(header: UserInOut): i32 {
  if (header.readU32(0) < 0) return -Errno.EFAULT;
  const version = <u32>header.value;
  if (version == VERSION_1) return 1;
  if (version == VERSION_2 || version == VERSION_3) return 2;
  return header.writeU32(0, VERSION_3) < 0 ? -Errno.EFAULT : 0;
}

/** capget(2) */
@sleeps export function sysCapget(task: Task, header: UserInOut, data: UserOut): i64 {
  const words = wordsOf(header);
  if (words < 0) return <i64>words;
  // A null `data` asks for the version only.
  if (words == 0) return data.isNull ? 0 : -Errno.EINVAL;
  if (header.readU32(4) < 0) return -Errno.EFAULT;
  const pid = <i32>header.value;
  if (pid < 0) return -Errno.EINVAL;
  const target = pid == 0 ? task : task.namespaces.pids.findTask(pid);
  if (target === null) return -Errno.ESRCH;
  if (data.isNull) return 0;
  const own = target.credentials;
  for (let word = 0; word < words; word++) {
    const shift = <u64>word * 32;
    const at = <u64>word * 12;
    const isStored = data.writeU32(at, <u32>(own.effective >> shift)) == 0
      && data.writeU32(at + 4, <u32>(own.permitted >> shift)) == 0
      && data.writeU32(at + 8, <u32>(own.inheritable >> shift)) == 0;
    if (!isStored) return -Errno.EFAULT;
  }
  return 0;
}

/** capset(2) */
@sleeps export function sysCapset(task: Task, header: UserInOut, data: UserIn): i64 {
  const words = wordsOf(header);
  if (words < 0) return <i64>words;
  if (words == 0) return -Errno.EINVAL;
  if (header.readU32(4) < 0) return -Errno.EFAULT;
  const pid = <i32>header.value;
  if (pid != 0 && pid != task.tid) return -Errno.EPERM;
  if (data.fetch(<u32>words * 12) < 0) return -Errno.EFAULT;
  let effective: u64 = 0;
  let permitted: u64 = 0;
  let inheritable: u64 = 0;
  for (let word = 0; word < words; word++) {
    const shift = <u64>word * 32;
    const at = <u32>word * 12;
    effective |= <u64>data.u32(at) << shift;
    permitted |= <u64>data.u32(at + 4) << shift;
    inheritable |= <u64>data.u32(at + 8) << shift;
  }
  return <i64>install(task, effective & Capability.ALL, permitted & Capability.ALL, inheritable & Capability.ALL);
}

/** The rules of capabilities(7), "Programmatically adjusting capability sets". */
function install(task: Task, effective: u64, permitted: u64, inheritable: u64): i32 {
  const old: Credentials = task.credentials;
  if (!old.has(Capability.SETPCAP) && (inheritable & ~(old.inheritable | old.permitted)) != 0) return -Errno.EPERM;
  if ((inheritable & ~(old.inheritable | old.bounding)) != 0) return -Errno.EPERM;
  if ((permitted & ~old.permitted) != 0) return -Errno.EPERM;
  if ((effective & ~permitted) != 0) return -Errno.EPERM;
  const changed = old.copy();
  changed.effective = effective;
  changed.permitted = permitted;
  changed.inheritable = inheritable;
  changed.ambient = old.ambient & permitted & inheritable;
  task.setCredentials(changed);
  return 0;
}

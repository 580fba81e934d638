// User and group ids (credentials(7), setuid(2), setreuid(2), setresuid(2), setfsuid(2), setgroups(2)).
//
// Each change makes new credentials; what the change does to capabilities is `adjustCapabilities` (capabilities(7),
// "Effect of user ID changes on capabilities").

import { Errno } from "../../kernel/abi/errno";
import { UserIn, UserOut } from "../../kernel/mm/user/user-memory";
import { ignore } from "../../kernel/runtime/ignore";
import { SecureBit } from "../../kernel/task/exec/exec-credentials";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { Task } from "../../kernel/task/task";
import { Capability, Credentials } from "../../kernel/vfs/credentials";

const KEEP: u32 = 0xffff_ffff;
const GROUPS_MAX: i32 = 65536;
/** Capabilities that follow the file-system user id: CHOWN, DAC_*, FOWNER, FSETID, LINUX_IMMUTABLE, MKNOD, MAC_OVERRIDE. */
const FILE_CAPABILITIES: u64 = 0x1_0800_021f;

export function sysGetuid(task: Task): i64 { return <i64>task.credentials.uid; }
export function sysGeteuid(task: Task): i64 { return <i64>task.credentials.euid; }
export function sysGetgid(task: Task): i64 { return <i64>task.credentials.gid; }
export function sysGetegid(task: Task): i64 { return <i64>task.credentials.egid; }

/** Installs credentials with changed user ids. */
function installUser(task: Task, changed: Credentials): i64 {
  const old = task.credentials;
  adjustCapabilities(old, changed);
  noteChange(task, old, changed);
  task.setCredentials(changed);
  // As on Linux, without this task itself.
  if (old.uid != changed.uid) task.exceedsProcessLimit = task.namespaces.users.exceeds(changed.uid, task.process.limits.soft[Limit.NPROC]);
  task.namespaces.users.moveTask(old.uid, changed.uid);
  return 0;
}

function installGroup(task: Task, changed: Credentials): i64 {
  noteChange(task, task.credentials, changed);
  task.setCredentials(changed);
  return 0;
}

/** A process that changed its effective ids must not be dumped or traced by its old user, nor be told of its parent's death. */
function noteChange(task: Task, old: Credentials, changed: Credentials): void {
  if (old.euid == changed.euid && old.egid == changed.egid && old.fsuid == changed.fsuid && old.fsgid == changed.fsgid) return;
  task.process.dumpable = 0;
  task.parentDeathSignal = 0;
}

function adjustCapabilities(old: Credentials, changed: Credentials): void {
  if ((old.secureBits & SecureBit.NO_SETUID_FIXUP) != 0) return;
  const hadRoot = old.uid == 0 || old.euid == 0 || old.suid == 0;
  const hasRoot = changed.uid == 0 || changed.euid == 0 || changed.suid == 0;
  if (hadRoot && !hasRoot) {
    if ((old.secureBits & SecureBit.KEEP_CAPS) == 0) {
      changed.permitted = 0;
      changed.effective = 0;
    }
    changed.ambient = 0;
  }
  if (old.euid == 0 && changed.euid != 0) changed.effective = 0;
  else if (old.euid != 0 && changed.euid == 0) changed.effective = changed.permitted;
}

/** setuid(2) */
export function sysSetuid(task: Task, uid: u32): i64 {
  if (uid == KEEP) return -Errno.EINVAL;
  const old = task.credentials;
  const changed = old.copy();
  if (old.has(Capability.SETUID)) {
    changed.uid = uid;
    changed.suid = uid;
  } else if (uid != old.uid && uid != old.suid) {
    return -Errno.EPERM;
  }
  changed.euid = uid;
  changed.fsuid = uid;
  return installUser(task, changed);
}

/** setreuid(2) */
export function sysSetreuid(task: Task, uid: u32, euid: u32): i64 {
  const old = task.credentials;
  const changed = old.copy();
  const mayAll = old.has(Capability.SETUID);
  if (uid != KEEP) {
    changed.uid = uid;
    if (uid != old.uid && uid != old.euid && !mayAll) return -Errno.EPERM;
  }
  if (euid != KEEP) {
    changed.euid = euid;
    if (euid != old.uid && euid != old.euid && euid != old.suid && !mayAll) return -Errno.EPERM;
  }
  if (uid != KEEP || (euid != KEEP && euid != old.uid)) changed.suid = changed.euid;
  changed.fsuid = changed.euid;
  return installUser(task, changed);
}

/** True if asking for `id` changes nothing of `current`. */
function keeps(id: u32, current: u32): bool {
  return id == KEEP || id == current;
}

/** setresuid(2). A change of nothing leaves the file-system id, too. */
export function sysSetresuid(task: Task, uid: u32, euid: u32, suid: u32): i64 {
  const old = task.credentials;
  if (keeps(uid, old.uid) && (euid == KEEP || (euid == old.euid && euid == old.fsuid)) && keeps(suid, old.suid)) return 0;
  if (!old.has(Capability.SETUID) && !(hasUid(old, uid) && hasUid(old, euid) && hasUid(old, suid))) return -Errno.EPERM;
  const changed = old.copy();
  if (uid != KEEP) changed.uid = uid;
  if (euid != KEEP) changed.euid = euid;
  if (suid != KEEP) changed.suid = suid;
  changed.fsuid = changed.euid;
  return installUser(task, changed);
}

function hasUid(credentials: Credentials, uid: u32): bool {
  return uid == KEEP || uid == credentials.uid || uid == credentials.euid || uid == credentials.suid;
}

function hasGid(credentials: Credentials, gid: u32): bool {
  return gid == KEEP || gid == credentials.gid || gid == credentials.egid || gid == credentials.sgid;
}

/** setfsuid(2): always the old id; a refused change changes nothing. */
export function sysSetfsuid(task: Task, uid: u32): i64 {
  const old = task.credentials;
  const before = <i64>old.fsuid;
  if (uid == KEEP || uid == old.fsuid) return before;
  if (!hasUid(old, uid) && !old.has(Capability.SETUID)) return before;
  const changed = old.copy();
  changed.fsuid = uid;
  if ((old.secureBits & SecureBit.NO_SETUID_FIXUP) == 0) {
    if (old.fsuid == 0) changed.effective &= ~FILE_CAPABILITIES;
    else if (uid == 0) changed.effective |= changed.permitted & FILE_CAPABILITIES;
  }
  noteChange(task, old, changed);
  task.setCredentials(changed);
  return before;
}

/** setgid(2) */
export function sysSetgid(task: Task, gid: u32): i64 {
  if (gid == KEEP) return -Errno.EINVAL;
  const old = task.credentials;
  const changed = old.copy();
  if (old.has(Capability.SETGID)) {
    changed.gid = gid;
    changed.sgid = gid;
  } else if (gid != old.gid && gid != old.sgid) {
    return -Errno.EPERM;
  }
  changed.egid = gid;
  changed.fsgid = gid;
  return installGroup(task, changed);
}

/** setregid(2) */
export function sysSetregid(task: Task, gid: u32, egid: u32): i64 {
  const old = task.credentials;
  const changed = old.copy();
  const mayAll = old.has(Capability.SETGID);
  if (gid != KEEP) {
    if (gid != old.gid && gid != old.egid && !mayAll) return -Errno.EPERM;
    changed.gid = gid;
  }
  if (egid != KEEP) {
    if (egid != old.gid && egid != old.egid && egid != old.sgid && !mayAll) return -Errno.EPERM;
    changed.egid = egid;
  }
  if (gid != KEEP || (egid != KEEP && egid != old.gid)) changed.sgid = changed.egid;
  changed.fsgid = changed.egid;
  return installGroup(task, changed);
}

/** setresgid(2), like setresuid. */
export function sysSetresgid(task: Task, gid: u32, egid: u32, sgid: u32): i64 {
  const old = task.credentials;
  if (keeps(gid, old.gid) && (egid == KEEP || (egid == old.egid && egid == old.fsgid)) && keeps(sgid, old.sgid)) return 0;
  if (!old.has(Capability.SETGID) && !(hasGid(old, gid) && hasGid(old, egid) && hasGid(old, sgid))) return -Errno.EPERM;
  const changed = old.copy();
  if (gid != KEEP) changed.gid = gid;
  if (egid != KEEP) changed.egid = egid;
  if (sgid != KEEP) changed.sgid = sgid;
  changed.fsgid = changed.egid;
  return installGroup(task, changed);
}

/** setfsgid(2) */
export function sysSetfsgid(task: Task, gid: u32): i64 {
  const old = task.credentials;
  const before = <i64>old.fsgid;
  if (gid == KEEP || gid == old.fsgid) return before;
  if (!hasGid(old, gid) && !old.has(Capability.SETGID)) return before;
  const changed = old.copy();
  changed.fsgid = gid;
  ignore(installGroup(task, changed));
  return before;
}

@sleeps function writeThree(a: UserOut, b: UserOut, c: UserOut, x: u32, y: u32, z: u32): i64 {
  return a.writeU32(0, x) == 0 && b.writeU32(0, y) == 0 && c.writeU32(0, z) == 0 ? 0 : -Errno.EFAULT;
}

/** getresuid(2) */
@sleeps export function sysGetresuid(task: Task, uid: UserOut, euid: UserOut, suid: UserOut): i64 {
  const own = task.credentials;
  return writeThree(uid, euid, suid, own.uid, own.euid, own.suid);
}

/** getresgid(2) */
@sleeps export function sysGetresgid(task: Task, gid: UserOut, egid: UserOut, sgid: UserOut): i64 {
  const own = task.credentials;
  return writeThree(gid, egid, sgid, own.gid, own.egid, own.sgid);
}

/** getgroups(2) */
@sleeps export function sysGetgroups(task: Task, size: i32, list: UserOut): i64 {
  if (size < 0) return -Errno.EINVAL;
  const groups = task.credentials.groups;
  const count = groups.length;
  if (size == 0) return <i64>count;
  if (count > size) return -Errno.EINVAL;
  for (let i = 0; i < count; i++) {
    if (list.writeU32(<u64>i * 4, groups[i]) < 0) return -Errno.EFAULT;
  }
  return <i64>count;
}

/** setgroups(2) */
@sleeps export function sysSetgroups(task: Task, size: i32, list: UserIn): i64 {
  const old = task.credentials;
  if (!old.has(Capability.SETGID)) return -Errno.EPERM;
  if (<u32>size > <u32>GROUPS_MAX) return -Errno.EINVAL;
  const groups = new StaticArray<u32>(size);
  for (let i = 0; i < size; i++) {
    if (list.readU32(<u64>i * 4) < 0) return -Errno.EFAULT;
    const gid = <u32>list.value;
    if (gid == KEEP) return -Errno.EINVAL;
    insertSorted(groups, i, gid);
  }
  const changed = old.copy();
  changed.groups = groups;
  task.setCredentials(changed);
  return 0;
}

/** Keeps the first `count` + 1 entries ascending. Lists come sorted as a rule, so this is short. */
function insertSorted(groups: StaticArray<u32>, count: i32, gid: u32): void {
  let at = count;
  while (at > 0 && groups[at - 1] > gid) {
    groups[at] = groups[at - 1];
    at--;
  }
  groups[at] = gid;
}

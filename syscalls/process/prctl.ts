// prctl(2) and arch_prctl(2). Options that Typix does not have give EINVAL, as kernels without them do.

import { Errno } from "../../kernel/abi/errno";
import { SecureBit } from "../../kernel/task/exec/exec-credentials";
import { TASK_NAME_SIZE, Task } from "../../kernel/task/task";
import { archPrctl } from "../../kernel/task/user-context";
import { Capability } from "../../kernel/vfs/credentials";
import { Signal } from "../../kernel/abi/signal";

const PR_SET_PDEATHSIG: i32 = 1;
const PR_GET_PDEATHSIG: i32 = 2;
const PR_GET_DUMPABLE: i32 = 3;
const PR_SET_DUMPABLE: i32 = 4;
const PR_GET_KEEPCAPS: i32 = 7;
const PR_SET_KEEPCAPS: i32 = 8;
const PR_GET_TIMING: i32 = 13;
const PR_SET_TIMING: i32 = 14;
const PR_SET_NAME: i32 = 15;
const PR_GET_NAME: i32 = 16;
const PR_GET_SECCOMP: i32 = 21;
const PR_CAPBSET_READ: i32 = 23;
const PR_CAPBSET_DROP: i32 = 24;
const PR_GET_SECUREBITS: i32 = 27;
const PR_SET_SECUREBITS: i32 = 28;
const PR_SET_TIMERSLACK: i32 = 29;
const PR_GET_TIMERSLACK: i32 = 30;
const PR_SET_CHILD_SUBREAPER: i32 = 36;
const PR_GET_CHILD_SUBREAPER: i32 = 37;
const PR_SET_NO_NEW_PRIVS: i32 = 38;
const PR_GET_NO_NEW_PRIVS: i32 = 39;
const PR_GET_TID_ADDRESS: i32 = 40;
const PR_CAP_AMBIENT: i32 = 47;

/** Secure bits that may be set: all eight defined ones. */
const SECURE_BITS: u64 = 0xff;
const LOCK_BITS: u32 = 0xaa;
const DEFAULT_SLACK_NS: u64 = 50_000;

/** prctl(2) */
@sleeps export function sysPrctl(task: Task, option: i32, a: u64, b: u64, c: u64, d: u64): i64 {
  const process = task.process;
  const out = task.arguments.out0;
  switch (option) {
    case PR_SET_PDEATHSIG:
      if (a > <u64>Signal.MAX) return -Errno.EINVAL;
      task.parentDeathSignal = <i32>a;
      return 0;
    case PR_GET_PDEATHSIG: return <i64>out.claim(a).writeI32(0, task.parentDeathSignal);
    case PR_GET_DUMPABLE: return <i64>process.dumpable;
    case PR_SET_DUMPABLE:
      if (a > 1) return -Errno.EINVAL;
      process.dumpable = <i32>a;
      return 0;
    case PR_GET_KEEPCAPS: return task.credentials.secureBits & SecureBit.KEEP_CAPS ? 1 : 0;
    case PR_SET_KEEPCAPS: return <i64>setKeepCapabilities(task, a);
    case PR_GET_TIMING: return 0;
    case PR_SET_TIMING: return a == 0 ? 0 : -Errno.EINVAL;
    case PR_SET_NAME: return <i64>setName(task, a);
    case PR_GET_NAME: return <i64>out.claim(a).writeBytes(0, task.name, 0, TASK_NAME_SIZE);
    case PR_GET_SECCOMP: return 0;
    case PR_CAPBSET_READ:
      if (a > <u64>Capability.LAST) return -Errno.EINVAL;
      return <i64>((task.credentials.bounding >> a) & 1);
    case PR_CAPBSET_DROP: return <i64>dropBounding(task, a);
    case PR_GET_SECUREBITS: return <i64>task.credentials.secureBits;
    case PR_SET_SECUREBITS: return <i64>setSecureBits(task, a);
    case PR_SET_TIMERSLACK:
      task.timerSlackNs = <i64>a <= 0 ? DEFAULT_SLACK_NS : a;
      return 0;
    case PR_GET_TIMERSLACK: return <i64>task.timerSlackNs;
    case PR_SET_CHILD_SUBREAPER:
      process.isSubreaper = a != 0;
      return 0;
    case PR_GET_CHILD_SUBREAPER: return <i64>out.claim(a).writeI32(0, process.isSubreaper ? 1 : 0);
    case PR_SET_NO_NEW_PRIVS:
      if (a != 1 || b != 0 || c != 0 || d != 0) return -Errno.EINVAL;
      task.noNewPrivileges = true;
      return 0;
    case PR_GET_NO_NEW_PRIVS:
      if (a != 0 || b != 0 || c != 0 || d != 0) return -Errno.EINVAL;
      return task.noNewPrivileges ? 1 : 0;
    case PR_GET_TID_ADDRESS: return <i64>out.claim(a).writeU64(0, task.clearChildTid);
    case PR_CAP_AMBIENT:
      if (c != 0 || d != 0) return -Errno.EINVAL;
      return <i64>changeAmbient(task, a, b);
    default: return -Errno.EINVAL;
  }
}

@sleeps function setName(task: Task, address: u64): i32 {
  // Reading may sleep, so the bytes are this call's own.
  const nameBytes = new StaticArray<u8>(TASK_NAME_SIZE);
  const length = task.arguments.path0.claim(address).fetchString(nameBytes, 0, TASK_NAME_SIZE - 1);
  if (length == -Errno.EFAULT) return length;
  task.setName(nameBytes, 0, length < 0 ? TASK_NAME_SIZE - 1 : length);
  return 0;
}

function setKeepCapabilities(task: Task, value: u64): i32 {
  if (value > 1) return -Errno.EINVAL;
  const old = task.credentials;
  if ((old.secureBits & (SecureBit.KEEP_CAPS << 1)) != 0) return -Errno.EPERM;
  const changed = old.copy();
  changed.secureBits = value != 0 ? old.secureBits | SecureBit.KEEP_CAPS : old.secureBits & ~SecureBit.KEEP_CAPS;
  task.setCredentials(changed);
  return 0;
}

function dropBounding(task: Task, capability: u64): i32 {
  if (!task.credentials.has(Capability.SETPCAP)) return -Errno.EPERM;
  if (capability > <u64>Capability.LAST) return -Errno.EINVAL;
  const changed = task.credentials.copy();
  changed.bounding &= ~((<u64>1) << capability);
  task.setCredentials(changed);
  return 0;
}

function setSecureBits(task: Task, value: u64): i32 {
  const old = task.credentials;
  // A locked bit and the lock itself stay; nobody without CAP_SETPCAP changes any.
  const locked = old.secureBits & LOCK_BITS;
  const fixed = locked | (locked >> 1);
  if ((value & ~SECURE_BITS) != 0) return -Errno.EPERM;
  if ((((<u32>value) ^ old.secureBits) & fixed) != 0) return -Errno.EPERM;
  if (!old.has(Capability.SETPCAP)) return -Errno.EPERM;
  const changed = old.copy();
  changed.secureBits = <u32>value;
  task.setCredentials(changed);
  return 0;
}

/** PR_CAP_AMBIENT: IS_SET 1, RAISE 2, LOWER 3, CLEAR_ALL 4. */
function changeAmbient(task: Task, operation: u64, capability: u64): i32 {
  const old = task.credentials;
  if (operation == 4) {
    if (capability != 0) return -Errno.EINVAL;
    const cleared = old.copy();
    cleared.ambient = 0;
    task.setCredentials(cleared);
    return 0;
  }
  if (operation < 1 || operation > 3 || capability > <u64>Capability.LAST) return -Errno.EINVAL;
  const bit = (<u64>1) << capability;
  if (operation == 1) return (old.ambient & bit) != 0 ? 1 : 0;
  if (operation == 2) {
    const isAllowed = (old.permitted & old.inheritable & bit) != 0
      && (old.secureBits & SecureBit.NO_CAP_AMBIENT_RAISE) == 0;
    if (!isAllowed) return -Errno.EPERM;
  }
  const changed = old.copy();
  changed.ambient = operation == 2 ? old.ambient | bit : old.ambient & ~bit;
  task.setCredentials(changed);
  return 0;
}

/** arch_prctl(2) */
@sleeps export function sysArchPrctl(task: Task, code: i32, address: u64): i64 {
  return <i64>archPrctl(task.user, code, address, task.arguments.out0);
}

// System calls of memory management: mmap(2) and relatives. Decode, check what the file allows, call kernel/mm.
//
// The process's limits are handed to the address space here, so that mm needs to know nothing of tasks.

import { Errno } from "../../kernel/abi/errno";
import { F_SEAL_FUTURE_WRITE, F_SEAL_WRITE } from "../../kernel/abi/fcntl";
import {
  MAP_ANONYMOUS, MAP_HUGETLB, MAP_PRIVATE, MAP_SHARED, MAP_SHARED_VALIDATE, MAP_TYPE, MAP_VALIDATED, PROT_EXEC, PROT_READ,
  PROT_WRITE,
} from "../../kernel/abi/mman";
import { AddressSpace } from "../../kernel/mm/space/address-space";
import { mapRegion } from "../../kernel/mm/space/map";
import { unmapRegion } from "../../kernel/mm/space/unmap";
import { adviseRegion, residency, syncRegion } from "../../kernel/mm/space/advise";
import { setBreak } from "../../kernel/mm/space/break";
import { lockAll, lockRegion, unlockAll, unlockRegion } from "../../kernel/mm/space/lock";
import { MapRequest } from "../../kernel/mm/cache/mapped-object";
import { protectRegion } from "../../kernel/mm/space/protect";
import { remapRegion } from "../../kernel/mm/space/remap";
import { UserOut } from "../../kernel/mm/user/user-memory";
import { Limit } from "../../kernel/task/accounting/resource-limits";
import { Task } from "../../kernel/task/task";
import { traceMapping } from "../../kernel/task/exec/trace-program";
import { traceMask } from "../../kernel/trace/trace";
import { Capability } from "../../kernel/vfs/credentials";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { MS_NOEXEC } from "../../kernel/abi/stat";
import { PAGE_MASK } from "../../kernel/abi/page";

/** The task's space, with the limits of its process. */
@kept function spaceOf(task: Task): AddressSpace {
  const space = task.space;
  const soft = task.process.limits.soft;
  const limits = space.limits;
  limits.addressSpace = soft[Limit.AS];
  limits.data = soft[Limit.DATA];
  limits.stack = soft[Limit.STACK];
  limits.lockedMemory = soft[Limit.MEMLOCK];
  return space;
}

function mayLock(task: Task): bool {
  return task.credentials.has(Capability.IPC_LOCK);
}

/** mmap(2). */
@sleeps @inline export function sysMmap(task: Task, address: u64, length: u64, protection: u32, flags: u32, file: OpenFile | null, offset: u64): i64 {
  if ((offset & PAGE_MASK) != 0) return -Errno.EINVAL;
  const space = spaceOf(task);
  const request = task.arguments.mapping.clear();
  request.address = address;
  request.length = length;
  request.protection = protection;
  request.flags = flags;
  request.offset = offset;
  request.mayLock = mayLock(task);
  request.mayMapLow = task.credentials.has(Capability.SYS_RAWIO);
  if ((flags & MAP_ANONYMOUS) != 0) {
    // No huge pages are set aside, so none can be had.
    if ((flags & MAP_HUGETLB) != 0) return -Errno.ENOMEM;
    return mapRegion(space, request);
  }
  if (file === null) return -Errno.EBADF;
  if ((flags & MAP_HUGETLB) != 0) return -Errno.EINVAL;
  request.refusal = completeForFile(request, file);
  const object = request.object;
  const result = mapRegion(space, request);
  if (traceMask != 0 && result > 0 && (protection & PROT_EXEC) != 0 && object !== null) {
    traceMapping(task, <u64>result, <u64>result + length, offset, object);
  }
  request.object = null;
  return result;
}

/** A memfd sealed against writing. */
function isSealed(file: OpenFile): bool {
  const inode = file.inode;
  if (inode === null) return false;
  const seals = inode.seals();
  return seals > 0 && (<u32>seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) != 0;
}

/** What the file allows: the object and rights of the request. 0, or the errno that the call gives in its turn. */
function completeForFile(request: MapRequest, file: OpenFile): i32 {
  const kind = request.flags & MAP_TYPE;
  if (kind != MAP_SHARED && kind != MAP_PRIVATE && kind != MAP_SHARED_VALIDATE) return -Errno.EINVAL;
  if (kind == MAP_SHARED_VALIDATE && (request.flags & ~MAP_VALIDATED) != 0) return -Errno.EOPNOTSUPP;
  const isShared = kind != MAP_PRIVATE;
  const wantsWrite = (request.protection & PROT_WRITE) != 0;
  if (isShared && wantsWrite && !file.canWrite) return -Errno.EACCES;
  if (!file.canRead) return -Errno.EACCES;
  let maximum = PROT_READ | PROT_WRITE | PROT_EXEC;
  if (isShared && !file.canWrite) maximum &= ~PROT_WRITE;
  if (isShared && isSealed(file)) {
    if (wantsWrite) return -Errno.EPERM;
    maximum &= ~PROT_WRITE;
  }
  const mount = file.mount;
  if (mount !== null && (mount.flags & MS_NOEXEC) != 0) {
    if ((request.protection & PROT_EXEC) != 0) return -Errno.EPERM;
    maximum &= ~PROT_EXEC;
  }
  request.maximum = maximum;
  if (file.mapsAnonymously()) {
    request.isZeroDevice = true;
    return 0;
  }
  const object = file.mappedObject();
  if (object === null) return -Errno.ENODEV;
  request.object = object;
  return 0;
}

/** munmap(2). */
export function sysMunmap(task: Task, address: u64, length: u64): i64 {
  return unmapRegion(task.space, address, length);
}

/** mprotect(2). */
export function sysMprotect(task: Task, address: u64, length: u64, protection: u32): i64 {
  return protectRegion(spaceOf(task), address, length, protection);
}

/** mremap(2). */
@sleeps export function sysMremap(task: Task, address: u64, oldLength: u64, newLength: u64, flags: u64, newAddress: u64): i64 {
  if (flags > <u64>u32.MAX_VALUE) return -Errno.EINVAL;
  return remapRegion(spaceOf(task), address, oldLength, newLength, <u32>flags, newAddress, mayLock(task));
}

/** brk(2): as the raw call, the break that is in force afterwards. */
@sleeps export function sysBrk(task: Task, address: u64): i64 {
  return <i64>setBreak(spaceOf(task), address);
}

/** madvise(2). */
@sleeps export function sysMadvise(task: Task, address: u64, length: u64, advice: i32): i64 {
  return adviseRegion(task.space, address, length, advice);
}

/** msync(2). */
export function sysMsync(task: Task, address: u64, length: u64, flags: u32): i64 {
  return syncRegion(task.space, address, length, flags);
}

/** mincore(2). */
@sleeps export function sysMincore(task: Task, address: u64, length: u64, vector: UserOut): i64 {
  return residency(task.space, address, length, vector);
}

/** mlock(2). */
@sleeps export function sysMlock(task: Task, address: u64, length: u64): i64 {
  return lockRegion(spaceOf(task), address, length, 0, mayLock(task));
}

/** mlock2(2). */
@sleeps export function sysMlock2(task: Task, address: u64, length: u64, flags: u32): i64 {
  return lockRegion(spaceOf(task), address, length, flags, mayLock(task));
}

/** munlock(2). */
export function sysMunlock(task: Task, address: u64, length: u64): i64 {
  return unlockRegion(task.space, address, length);
}

/** mlockall(2). */
@sleeps export function sysMlockall(task: Task, flags: u32): i64 {
  return lockAll(spaceOf(task), flags, mayLock(task));
}

/** munlockall(2). */
export function sysMunlockall(task: Task): i64 {
  return unlockAll(task.space);
}

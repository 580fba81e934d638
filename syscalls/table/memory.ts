// System calls of memory management. Runs on Node, at build time.

import type { Call } from "./format.js";

export const calls: Call[] = [
  {
    number: 9, call: "mmap(address addr, size_t length, uflags:PROT prot, uflags:MAP flags, file? fd, ulong offset)",
    handler: "sysMmap", from: "memory/mmap", support: "partial", note: "MAP_HUGETLB: ENOMEM, no huge pages are set aside",
    errors: "EACCES EAGAIN EBADF EEXIST EINVAL ENODEV ENOMEM EOPNOTSUPP EOVERFLOW EPERM", unprovoked: "ENFILE ETXTBSY",
  },
  {
    number: 10, call: "mprotect(address addr, size_t length, uflags:PROT prot)", handler: "sysMprotect", from: "memory/mmap", support: "full",
    errors: "EACCES EINVAL ENOMEM",
  },
  {
    number: 11, call: "munmap(address addr, size_t length)", handler: "sysMunmap", from: "memory/mmap", support: "full",
    errors: "EINVAL", unprovoked: "ENOMEM",
  },
  { number: 12, call: "brk(address addr)", handler: "sysBrk", from: "memory/mmap", support: "full", errors: "none" },
  {
    number: 25, call: "mremap(address old_address, size_t old_size, size_t new_size, lflags:MREMAP flags, address new_address)",
    handler: "sysMremap", from: "memory/mmap", support: "full",
    errors: "EAGAIN EFAULT EINVAL ENOMEM",
  },
  {
    number: 26, call: "msync(address addr, size_t length, uflags:MSYNC flags)", handler: "sysMsync", from: "memory/mmap", support: "full",
    errors: "EBUSY EINVAL ENOMEM",
  },
  {
    number: 27, call: "mincore(address addr, size_t length, out char *vec)", handler: "sysMincore", from: "memory/mmap", support: "full",
    errors: "EFAULT EINVAL ENOMEM", unprovoked: "EAGAIN",
  },
  {
    number: 28, call: "madvise(address addr, size_t length, int advice)", handler: "sysMadvise", from: "memory/mmap", support: "partial",
    note: "MADV_HUGEPAGE, MADV_MERGEABLE and relatives are kept and shown, but change nothing; MADV_HWPOISON: EINVAL",
    errors: "EACCES EFAULT EINVAL ENOMEM EPERM", unprovoked: "EAGAIN EBADF EBUSY EHWPOISON EIO",
  },
  {
    number: 149, call: "mlock(address addr, size_t length)", handler: "sysMlock", from: "memory/mmap", support: "full",
    errors: "EINVAL ENOMEM EPERM", unprovoked: "EAGAIN",
  },
  {
    number: 150, call: "munlock(address addr, size_t length)", handler: "sysMunlock", from: "memory/mmap", support: "full",
    errors: "EINVAL ENOMEM", unprovoked: "EAGAIN EPERM",
  },
  {
    number: 151, call: "mlockall(uflags:MLOCK flags)", handler: "sysMlockall", from: "memory/mmap", support: "full",
    errors: "EINVAL ENOMEM EPERM", unprovoked: "EAGAIN",
  },
  { number: 152, call: "munlockall(void)", handler: "sysMunlockall", from: "memory/mmap", support: "full", errors: "none", unprovoked: "EAGAIN ENOMEM EPERM" },
  {
    number: 325, call: "mlock2(address addr, size_t length, uint flags)", handler: "sysMlock2", from: "memory/mmap", support: "full",
    errors: "EINVAL ENOMEM EPERM", unprovoked: "EAGAIN",
  },
];

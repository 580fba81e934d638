// System calls of memory management. Runs on Node, at build time.

import type { Call } from "./format.js";

export const calls: Call[] = [
  {
    number: 9, call: "mmap(address addr, size_t length, uflags:PROT prot, uflags:MAP flags, fd fd, ulong offset)",
    handler: "sysMmap", from: "mmap", support: "partial", note: "MAP_HUGETLB: ENOMEM, no huge pages are set aside",
  },
  { number: 10, call: "mprotect(address addr, size_t length, uflags:PROT prot)", handler: "sysMprotect", from: "mmap", support: "full" },
  { number: 11, call: "munmap(address addr, size_t length)", handler: "sysMunmap", from: "mmap", support: "full" },
  { number: 12, call: "brk(address addr)", handler: "sysBrk", from: "mmap", support: "full" },
  {
    number: 25, call: "mremap(address old_address, size_t old_size, size_t new_size, lflags:MREMAP flags, address new_address)",
    handler: "sysMremap", from: "mmap", support: "full",
  },
  { number: 26, call: "msync(address addr, size_t length, uflags:MSYNC flags)", handler: "sysMsync", from: "mmap", support: "full" },
  { number: 27, call: "mincore(address addr, size_t length, out char *vec)", handler: "sysMincore", from: "mmap", support: "full" },
  {
    number: 28, call: "madvise(address addr, size_t length, int advice)", handler: "sysMadvise", from: "mmap", support: "partial",
    note: "MADV_HUGEPAGE, MADV_MERGEABLE and relatives are kept and shown, but change nothing; MADV_HWPOISON: EINVAL",
  },
  { number: 149, call: "mlock(address addr, size_t length)", handler: "sysMlock", from: "mmap", support: "full" },
  { number: 150, call: "munlock(address addr, size_t length)", handler: "sysMunlock", from: "mmap", support: "full" },
  { number: 151, call: "mlockall(uflags:MLOCK flags)", handler: "sysMlockall", from: "mmap", support: "full" },
  { number: 152, call: "munlockall(void)", handler: "sysMunlockall", from: "mmap", support: "full" },
  { number: 325, call: "mlock2(address addr, size_t length, uint flags)", handler: "sysMlock2", from: "mmap", support: "full" },
];

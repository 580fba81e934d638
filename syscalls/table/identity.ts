// System calls about user and group ids and capabilities.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  { number: 102, call: "getuid(void)", handler: "sysGetuid", from: "identity/identity", support: "full", errors: "none" },
  { number: 104, call: "getgid(void)", handler: "sysGetgid", from: "identity/identity", support: "full", errors: "none" },
  {
    number: 105, call: "setuid(uid_t uid)", handler: "sysSetuid", from: "identity/identity", support: "full",
    errors: "EINVAL EPERM", unprovoked: "EAGAIN",
  },
  {
    number: 106, call: "setgid(gid_t gid)", handler: "sysSetgid", from: "identity/identity", support: "full",
    errors: "EINVAL EPERM",
  },
  { number: 107, call: "geteuid(void)", handler: "sysGeteuid", from: "identity/identity", support: "full", errors: "none" },
  { number: 108, call: "getegid(void)", handler: "sysGetegid", from: "identity/identity", support: "full", errors: "none" },
  {
    number: 113, call: "setreuid(uid_t ruid, uid_t euid)", handler: "sysSetreuid", from: "identity/identity", support: "full",
    errors: "EPERM", unprovoked: "EAGAIN EINVAL",
  },
  {
    number: 114, call: "setregid(gid_t rgid, gid_t egid)", handler: "sysSetregid", from: "identity/identity", support: "full",
    errors: "EPERM", unprovoked: "EAGAIN EINVAL",
  },
  {
    number: 115, call: "getgroups(int size, out gid_t *list)", handler: "sysGetgroups", from: "identity/identity", support: "full",
    errors: "EFAULT EINVAL",
  },
  {
    number: 116, call: "setgroups(int size, in gid_t *list)", handler: "sysSetgroups", from: "identity/identity", support: "full",
    errors: "EFAULT EINVAL EPERM", unprovoked: "ENOMEM",
  },
  {
    number: 117, call: "setresuid(uid_t ruid, uid_t euid, uid_t suid)", handler: "sysSetresuid", from: "identity/identity", support: "full",
    errors: "EPERM", unprovoked: "EAGAIN EINVAL",
  },
  {
    number: 118, call: "getresuid(out uid_t *ruid, out uid_t *euid, out uid_t *suid)", handler: "sysGetresuid", from: "identity/identity", support: "full",
    errors: "EFAULT",
  },
  {
    number: 119, call: "setresgid(gid_t rgid, gid_t egid, gid_t sgid)", handler: "sysSetresgid", from: "identity/identity", support: "full",
    errors: "EPERM", unprovoked: "EAGAIN EINVAL",
  },
  {
    number: 120, call: "getresgid(out gid_t *rgid, out gid_t *egid, out gid_t *sgid)", handler: "sysGetresgid", from: "identity/identity", support: "full",
    errors: "EFAULT",
  },
  { number: 122, call: "setfsuid(uid_t fsuid)", handler: "sysSetfsuid", from: "identity/identity", support: "full", errors: "none" },
  { number: 123, call: "setfsgid(gid_t fsgid)", handler: "sysSetfsgid", from: "identity/identity", support: "full", errors: "none" },
  {
    number: 125, call: "capget(inout struct_cap_header *header, out struct_cap_data *data)", handler: "sysCapget", from: "identity/capability", support: "full",
    errors: "EFAULT EINVAL ESRCH", unprovoked: "EPERM",
  },
  {
    number: 126, call: "capset(inout struct_cap_header *header, in struct_cap_data *data)", handler: "sysCapset", from: "identity/capability", support: "full",
    errors: "EFAULT EINVAL EPERM", unprovoked: "ESRCH",
  },
];

// System calls about the system as a whole.

import type { Call } from "./format.ts";

export const calls: Call[] = [
  {
    number: 63, call: "uname(out struct_utsname *buf)", handler: "sysUname", from: "system/system", support: "full",
    errors: "EFAULT",
  },
  {
    number: 99, call: "sysinfo(out struct_sysinfo *info)", handler: "sysSysinfo", from: "system/system", support: "full",
    errors: "EFAULT",
  },
  {
    number: 103, call: "syslog(int type, out char *buf, int len)", handler: "sysSyslog", from: "system/syslog", support: "full",
    errors: "EFAULT EINVAL EPERM", unprovoked: "ENOSYS",
  },
  {
    number: 169, call: "reboot(uint magic, uint magic2, uint command, path argument)", handler: "sysReboot", from: "system/reboot", support: "partial", note: "no kexec, no suspend",
    errors: "EINVAL EPERM", unprovoked: "EFAULT",
  },
  {
    number: 170, call: "sethostname(in char *name, size_t len)", handler: "sysSethostname", from: "system/system", support: "full",
    errors: "EFAULT EINVAL EPERM",
  },
  {
    number: 171, call: "setdomainname(in char *name, size_t len)", handler: "sysSetdomainname", from: "system/system", support: "full",
    errors: "EFAULT EINVAL EPERM",
  },
  {
    number: 318, call: "getrandom(destination buf[buflen], size_t buflen, uflags:RANDOM flags)", handler: "sysGetrandom", from: "system/random", support: "full",
    errors: "EFAULT EINVAL", unprovoked: "EAGAIN EINTR ENOSYS",
  },
];

// The namespaces of the first process: the only ones so far, and what the kernel itself means by "all processes".

import { MountNamespace } from "../vfs/path/mount";
import { UserAccounts } from "./accounting/user-account";
import { PidNamespace } from "./pid";
import { Namespaces } from "./process";
import { UtsNamespace } from "./uts-namespace";

@kernelLock export const initialNamespaces: Namespaces =
  new Namespaces(new MountNamespace(), new PidNamespace(), new UtsNamespace(), new UserAccounts());

// arch_prctl(2): the base registers of the current thread. Sleeps (page faults).

import { Errno } from "../../../kernel/abi/errno";
import { UserOut } from "../../../kernel/mm/user/user-memory";
import { Register, getRegister, setAddress } from "./registers";
import { UserContext } from "./user-context";

@inline const ARCH_SET_GS: i32 = 0x1001;
@inline const ARCH_SET_FS: i32 = 0x1002;
@inline const ARCH_GET_FS: i32 = 0x1003;
@inline const ARCH_GET_GS: i32 = 0x1004;

/** `address` is the value to set, or where to write it (`out` is claimed over it). 0, -EINVAL, -EPERM, -EFAULT. */
@sleeps export function archPrctl(user: UserContext, code: i32, address: u64, out: UserOut): i32 {
  switch (code) {
    case ARCH_SET_FS: return setAddress(user.slot, Register.FS_BASE, address) ? 0 : -Errno.EPERM;
    case ARCH_SET_GS: return setAddress(user.slot, Register.GS_BASE, address) ? 0 : -Errno.EPERM;
    case ARCH_GET_FS: return out.claim(address).writeU64(0, getRegister(user.slot, Register.FS_BASE));
    case ARCH_GET_GS: return out.claim(address).writeU64(0, getRegister(user.slot, Register.GS_BASE));
    default: return -Errno.EINVAL;
  }
}

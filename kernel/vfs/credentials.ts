// Who a task is: user and group ids, supplementary groups and capability sets (credentials(7), capabilities(7)).
//
// A Credentials object is immutable once a task uses it and may be shared by any number of tasks; who changes
// something works on a `copy()` and then installs that. Nothing here sleeps.

/** Numbers of capabilities (capabilities(7)). */
export namespace Capability {
  @inline export const CHOWN: u32 = 0;
  @inline export const DAC_OVERRIDE: u32 = 1;
  @inline export const DAC_READ_SEARCH: u32 = 2;
  @inline export const FOWNER: u32 = 3;
  @inline export const FSETID: u32 = 4;
  @inline export const KILL: u32 = 5;
  @inline export const SETGID: u32 = 6;
  @inline export const SETUID: u32 = 7;
  @inline export const SETPCAP: u32 = 8;
  @inline export const LINUX_IMMUTABLE: u32 = 9;
  @inline export const NET_BIND_SERVICE: u32 = 10;
  @inline export const NET_ADMIN: u32 = 12;
  @inline export const NET_RAW: u32 = 13;
  @inline export const IPC_LOCK: u32 = 14;
  @inline export const IPC_OWNER: u32 = 15;
  @inline export const SYS_RAWIO: u32 = 17;
  @inline export const SYS_CHROOT: u32 = 18;
  @inline export const SYS_PTRACE: u32 = 19;
  @inline export const SYS_ADMIN: u32 = 21;
  @inline export const SYS_BOOT: u32 = 22;
  @inline export const SYS_NICE: u32 = 23;
  @inline export const SYS_RESOURCE: u32 = 24;
  @inline export const SYS_TIME: u32 = 25;
  @inline export const SYS_TTY_CONFIG: u32 = 26;
  @inline export const MKNOD: u32 = 27;
  @inline export const LEASE: u32 = 28;
  @inline export const SETFCAP: u32 = 31;
  @inline export const SYSLOG: u32 = 34;
  @inline export const WAKE_ALARM: u32 = 35;
  @inline export const BLOCK_SUSPEND: u32 = 36;
  /** The highest capability there is (/proc/sys/kernel/cap_last_cap). */
  @inline export const LAST: u32 = 40;
  /** All capabilities, as a set. */
  @inline export const ALL: u64 = (<u64>1 << (LAST + 1)) - 1;
}

const NO_GROUPS: StaticArray<u32> = new StaticArray<u32>(0);

@final
export class Credentials {
  uid: u32 = 0;
  euid: u32 = 0;
  suid: u32 = 0;
  /** The user id that file permission checks use. */
  fsuid: u32 = 0;
  gid: u32 = 0;
  egid: u32 = 0;
  sgid: u32 = 0;
  fsgid: u32 = 0;
  /** Supplementary groups, in ascending order. */
  groups: StaticArray<u32> = NO_GROUPS;
  effective: u64 = Capability.ALL;
  permitted: u64 = Capability.ALL;
  inheritable: u64 = 0;
  bounding: u64 = Capability.ALL;
  ambient: u64 = 0;
  /** SECBIT_* (prctl(2) PR_SET_SECUREBITS). */
  secureBits: u32 = 0;

  /** True if the effective set has the capability. */
  @inline
  has(capability: u32): bool {
    return ((this.effective >> <u64>capability) & 1) != 0;
  }

  /** True if `gid` is the file-system group or one of the supplementary groups. */
  inGroup(gid: u32): bool {
    return this.fsgid == gid || this.hasSupplementary(gid);
  }

  private hasSupplementary(gid: u32): bool {
    const groups = this.groups;
    let low = 0;
    let high = groups.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = groups[middle];
      if (found == gid) return true;
      if (found < gid) low = middle + 1;
      else high = middle;
    }
    return false;
  }

  /** A copy to be changed and then installed. */
  copy(): Credentials {
    const other = new Credentials();
    other.uid = this.uid;
    other.euid = this.euid;
    other.suid = this.suid;
    other.fsuid = this.fsuid;
    other.gid = this.gid;
    other.egid = this.egid;
    other.sgid = this.sgid;
    other.fsgid = this.fsgid;
    other.groups = this.groups;
    other.effective = this.effective;
    other.permitted = this.permitted;
    other.inheritable = this.inheritable;
    other.bounding = this.bounding;
    other.ambient = this.ambient;
    other.secureBits = this.secureBits;
    return other;
  }

  /**
   * Credentials with real ids as file-system ids, for access(2): capabilities are those the real user would have.
   * Returns this object itself when nothing would differ.
   */
  withRealIds(): Credentials {
    const capabilities = this.uid == 0 ? this.permitted : 0;
    if (this.fsuid == this.uid && this.fsgid == this.gid && this.effective == capabilities) return this;
    const real = this.copy();
    real.fsuid = this.uid;
    real.fsgid = this.gid;
    if ((this.secureBits & SECURE_NO_SETUID_FIXUP) == 0) real.effective = capabilities;
    return real;
  }
}

/** SECBIT_NO_SETUID_FIXUP */
const SECURE_NO_SETUID_FIXUP: u32 = 4;

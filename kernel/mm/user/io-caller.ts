// IoCaller: for whom bytes are written, as far as pipes and files need to know: it travels with the IoSource of the call.
// Credentials are added above (kernel/vfs/caller.ts); tasks are callers in kernel/task/task-caller.ts. Nothing here sleeps.

export abstract class IoCaller {
  /** RLIMIT_FSIZE, in bytes: no file grows beyond by this call. */
  abstract fileSizeLimit(): u64;
  /** The call reached that limit: SIGXFSZ. */
  abstract fileSizeExceeded(): void;
  /** Nobody reads what was written: SIGPIPE. */
  abstract brokenPipe(): void;
}

/** The kernel's own writing: no limits, nobody to tell. */
@final
class KernelCaller extends IoCaller {
  fileSizeLimit(): u64 {
    return u64.MAX_VALUE;
  }
  fileSizeExceeded(): void {}
  brokenPipe(): void {}
}

export const KERNEL_CALLER: IoCaller = new KernelCaller();

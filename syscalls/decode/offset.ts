// An optional position in user memory: `off_in` and `off_out` of splice(2), copy_file_range(2), and sendfile(2)'s offset.

import { Errno } from "../../kernel/abi/errno";
import { UserInOut } from "../../kernel/mm/user/user-memory";
import { TransferPosition } from "../../kernel/vfs/file/transfer";

@final
export class Offset extends TransferPosition {
  constructor(private readonly memory: UserInOut) {
    super();
    this.isGiven = !memory.isNull;
  }

  /** Reads it: 0, -EFAULT, -EINVAL. Sleeps. */
  @sleeps load(): i32 {
    if (!this.isGiven) return 0;
    const read = this.memory.readU64(0);
    if (read < 0) return read;
    this.value = <i64>this.memory.value;
    return this.value < 0 ? -Errno.EINVAL : 0;
  }

  /** Writes it back: 0 or -EFAULT. Sleeps. */
  @sleeps store(): i32 {
    return this.isGiven ? this.memory.writeI64(0, this.value) : 0;
  }
}

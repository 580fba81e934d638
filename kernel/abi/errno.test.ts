import { expectEqual } from "../runtime/expect";
import { Errno, errnoName } from "./errno";

export function testNumbersAndNames(): void {
  expectEqual<i32>(Errno.EHWPOISON, 133);
  expectEqual<i32>(Errno.EWOULDBLOCK, 11);
  expectEqual<string>(errnoName(2), "ENOENT");
  expectEqual<string>(errnoName(Errno.EOPNOTSUPP), "EOPNOTSUPP");
  expectEqual<string>(errnoName(512), "ERESTARTSYS");
  expectEqual<string>(errnoName(41), "E?");
}

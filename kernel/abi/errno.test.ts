import { expectEqual, expectFalse, expectTrue } from "../runtime/expect";
import { Errno, errnoName, errnoText, isError } from "./errno";

export function testNumbersNamesAndTexts(): void {
  expectEqual<i32>(Errno.EHWPOISON, 133);
  expectEqual<i32>(Errno.EWOULDBLOCK, 11);
  expectEqual<string>(errnoName(2), "ENOENT");
  expectEqual<string>(errnoName(Errno.EOPNOTSUPP), "EOPNOTSUPP");
  expectEqual<string>(errnoName(512), "ERESTARTSYS");
  expectEqual<string>(errnoName(41), "E?");
  expectEqual<string>(errnoText(Errno.EACCES), "Permission denied");
}

export function testIsError(): void {
  expectTrue(isError(-1));
  expectTrue(isError(-4095));
  expectFalse(isError(-4096));
  expectFalse(isError(0));
  expectFalse(isError(i64.MIN_VALUE));
  expectFalse(isError(0x7fff_ffff_f000));
}

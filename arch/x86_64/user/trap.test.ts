import { Signal, SignalCode } from "../../../kernel/abi/signal";
import { expectEqual, expectTrue } from "../../../kernel/runtime/expect";
import { Register, setAddress } from "./registers";
import { faultAccess, isPageFault, notePageFault, noteTrap, trapCode, trapName, trapPlace, trapSignal } from "./trap";
import { UserContext } from "./user-context";
import { threadPrepare } from "../machine";

/** What exception `vector` at 0x401000 gives. */
function expectTrap(vector: u32, number: i32, code: i32, place: u64): void {
  threadPrepare(1);
  const user = new UserContext(1);
  expectTrue(setAddress(1, Register.RIP, 0x40_1000));
  noteTrap(user, vector, 0);
  expectEqual<i32>(trapSignal(user), number);
  expectEqual<i32>(trapCode(user), code);
  expectEqual<u64>(trapPlace(user), place);
}

export function testExceptionsAsSignals(): void {
  expectTrap(0, Signal.FPE, SignalCode.FPE_INTDIV, 0x40_1000);
  expectTrap(1, Signal.TRAP, SignalCode.TRAP_TRACE, 0x40_1000);
  expectTrap(3, Signal.TRAP, SignalCode.KERNEL, 0);
  expectTrap(4, Signal.SEGV, SignalCode.KERNEL, 0);
  expectTrap(6, Signal.ILL, SignalCode.ILL_ILLOPN, 0x40_1000);
  expectTrap(12, Signal.BUS, SignalCode.KERNEL, 0);
  expectTrap(13, Signal.SEGV, SignalCode.KERNEL, 0);
  expectTrap(17, Signal.BUS, SignalCode.BUS_ADRALN, 0);
}

export function testAPageFaultKeepsItsAddress(): void {
  const user = new UserContext(1);
  notePageFault(user, 6, 0x1234);
  expectTrue(isPageFault(user) && user.trapError == 6 && user.trapAddress == 0x1234);
  noteTrap(user, 13, 0);
  expectTrue(!isPageFault(user) && user.trapAddress == 0x1234 && trapName(user) == "general protection fault");
}

export function testOnlyWhatWasTriedIsPassedOn(): void {
  expectEqual<u64>(faultAccess(7), 6, "whether the page was there is for the tables to say");
  expectEqual<u64>(faultAccess(0x8014), 0x14);
}

import { expectEqual, expectFalse, expectTrue } from "../../../kernel/runtime/expect";
import { Register, getRegister, setAddress, setRegister } from "./registers";
import { UserContext } from "./user-context";
import { threadPrepare } from "../machine";

const SLOT: u32 = 1;
const NANOSLEEP: u64 = 35;

/** A thread that has just made a system call. */
function inCall(): UserContext {
  threadPrepare(SLOT);
  setRegister(SLOT, Register.ORIG_RAX, NANOSLEEP);
  setRegister(SLOT, Register.RCX, 0x40_1002);
  expectTrue(setAddress(SLOT, Register.RIP, 0x40_1002));
  return new UserContext(SLOT);
}

export function testACallIsRepeatedOnce(): void {
  const user = inCall();
  expectTrue(user.isInCall && user.isAfterCall && user.callNumber == NANOSLEEP);
  user.callResult = -512;
  expectEqual<i64>(user.callResult, -512);
  user.repeatCall();
  expectEqual<u64>(user.programCounter, 0x40_1000);
  expectEqual<u64>(getRegister(SLOT, Register.RAX), NANOSLEEP);
  expectFalse(user.isInCall, "a later signal does not repeat it again");
  expectFalse(user.isAfterCall);
}

export function testACallIsResumedAsRestartSyscall(): void {
  const user = inCall();
  user.resumeCall();
  expectEqual<u64>(getRegister(SLOT, Register.RAX), 219);
}

export function testAddressesThatAreNotTheProgramsAreRefused(): void {
  const user = inCall();
  expectFalse(user.setProgramCounter(0x8000_0000_0000));
  expectFalse(user.setProgramCounter(u64.MAX_VALUE));
  expectFalse(user.setThreadPointer(0xffff_8000_0000_0000));
  expectEqual<u64>(user.programCounter, 0x40_1002, "nothing was done");
  expectTrue(user.setThreadPointer(0x7fff_ffff_ffff));
}

export function testAProgramStartsWithZeroes(): void {
  const user = inCall();
  setRegister(SLOT, Register.RBX, 7);
  expectTrue(user.start(0x40_2000, 0x7000));
  for (let register: u32 = 0; register < Register.ORIG_RAX; register++) expectEqual<u64>(getRegister(SLOT, register), 0);
  expectTrue(user.programCounter == 0x40_2000 && user.stackPointer == 0x7000 && user.threadPointer == 0 && !user.isInCall);
  expectFalse(user.start(0x8000_0000_0000, 0x7000));
}

// Memory of a space that need not be loaded: /proc/PID/cmdline and environ, process_vm_readv(2), and
// exec filling the new program's stack. Sleeps (page faults).

import { Pte } from "../../../arch/x86_64/memory/page-table";
import { Errno } from "../../abi/errno";
import { AddressSpace } from "../space/address-space";
import { FAULT_USER, FAULT_WRITE, FaultResult, handleFault } from "../space/fault";
import { FRAME_SIZE, Frame, NO_FRAME, bytesToFrame, frameToBytes } from "../frames/frame";
import { USER_END } from "../../abi/page";

/** Reads up to `length` bytes at `address` as the program could. Bytes read, or -EFAULT if there is none. */
@sleeps export function readRemote(space: AddressSpace, address: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
  return transfer(space, address, bytes, at, length, false);
}

/** Writes as the program could. Bytes written, or -EFAULT. For tests, until ptrace comes. */
@sleeps export function writeRemote(space: AddressSpace, address: u64, bytes: StaticArray<u8>, at: i32, length: i32): i32 {
  return transfer(space, address, bytes, at, length, true);
}

@sleeps function transfer(space: AddressSpace, address: u64, bytes: StaticArray<u8>, at: i32, length: i32, isWrite: bool): i32 {
  let done = 0;
  while (done < length) {
    const current = address + <u64>done;
    const offset = <u32>current & (FRAME_SIZE - 1);
    const part = min<u32>(FRAME_SIZE - offset, <u32>(length - done));
    const frame = pageFrame(space, current, isWrite);
    if (frame == NO_FRAME) return done != 0 ? done : -Errno.EFAULT;
    if (isWrite) bytesToFrame(frame, offset, bytes, at + done, part);
    else frameToBytes(frame, offset, bytes, at + done, part);
    done += <i32>part;
  }
  return done;
}

/** The frame behind an address, faulted in. NO_FRAME: no such access, or a page of a device or of the kernel. No reference is taken: use it before sleeping. */
@sleeps export function pageFrame(space: AddressSpace, address: u64, isWrite: bool): Frame {
  if (address >= USER_END) return NO_FRAME;
  const wanted = isWrite ? Pte.PRESENT | Pte.WRITABLE : Pte.PRESENT;
  while (true) {
    const entry = space.tables.entry(address);
    if ((entry & wanted) == wanted) return space.tables.frameAt(address);
    const result = handleFault(space, address, FAULT_USER | (isWrite ? FAULT_WRITE : 0));
    if (result != FaultResult.RESOLVED) return NO_FRAME;
  }
}

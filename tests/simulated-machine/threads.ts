// Slots of the simulated machine: their user registers exist, their stacks do not, so nothing can switch to them.

import { MachineStop } from './machine.js';

const SLOT_LIMIT = 32768;
const STACKS_BASE = 0xffffc90000000000n;
const REGISTER_COUNT = 23;
const USER_LIMIT = 0x7fff_ffff_f000n;
/** The registers of struct sigcontext, as numbers of the machine. */
const CONTEXT_ORDER = [9, 8, 7, 6, 3, 2, 1, 0, 14, 13, 4, 5, 12, 10, 11, 19, 16, 18];
const CONTEXT_RIP = 16;

/** The machine's slots and the current one (always 0, the boot thread). */
export class SimulatedThreads {
  private readonly slots = new Map<number, BigUint64Array>([[0, new BigUint64Array(REGISTER_COUNT)]]);

  constructor(private readonly linear: () => Uint8Array) {}

  /** The words of a context at an offset of linear memory. */
  private context(at: number): DataView {
    const { buffer } = this.linear();
    return new DataView(buffer, at >>> 0, CONTEXT_ORDER.length * 8);
  }

  private registers(slot: number): BigUint64Array {
    const registers = this.slots.get(slot);
    if (!registers) throw new MachineStop(`slot ${slot} was not prepared`);
    return registers;
  }

  imports(): object {
    return {
      slotLimit: () => SLOT_LIMIT,
      stackTop: (slot: number) => STACKS_BASE + BigInt(slot >>> 0) * 0x10000n + 0xc000n,
      threadPrepare: (slot: number) => { this.slots.set(slot, new BigUint64Array(REGISTER_COUNT)); },
      threadFork: (slot: number, from: number) => { this.slots.set(slot, this.registers(from).slice()); },
      threadRelease: (slot: number) => { this.slots.delete(slot); },
      threadSwitch: (slot: number) => { if (slot !== 0) throw new MachineStop('threadSwitch is not simulated'); },
      currentSlot: () => 0,
      nameSlot: () => {},
      userRegister: (slot: number, register: number) => this.registers(slot)[register] ?? 0n,
      setUserRegister: (slot: number, register: number, value: bigint) => { this.registers(slot)[register] = BigInt.asUintN(64, value); },
      storeUserContext: (slot: number, to: number) => {
        const words = this.context(to);
        CONTEXT_ORDER.forEach((register, word) => words.setBigUint64(word * 8, this.registers(slot)[register]!, true));
      },
      loadUserContext: (slot: number, from: number) => {
        const words = this.context(from);
        if (words.getBigUint64(CONTEXT_RIP * 8, true) >= USER_LIMIT) return 1;
        CONTEXT_ORDER.forEach((register, word) => { this.registers(slot)[register] = words.getBigUint64(word * 8, true); });
        return 0;
      },
      fpuSave: () => {},
      fpuReload: () => {},
      fpuReset: () => {},
      fpuStateSize: () => 832,
    };
  }
}

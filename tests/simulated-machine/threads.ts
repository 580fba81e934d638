// Slots of the simulated machine: their user registers exist, their stacks do not, so nothing can switch to them.

import { MachineStop } from './machine.js';

const SLOT_LIMIT = 32768;
const STACKS_BASE = 0xffffc90000000000n;
const REGISTER_COUNT = 23;

/** The machine's slots and the current one (always 0, the boot thread). */
export class SimulatedThreads {
  private readonly slots = new Map<number, BigUint64Array>([[0, new BigUint64Array(REGISTER_COUNT)]]);

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
      fpuSave: () => {},
      fpuReload: () => {},
      fpuReset: () => {},
      fpuStateSize: () => 832,
    };
  }
}

/** Which accelerator a guest gets: KVM where it was found to work (see `probe` in kvm-probe.ts), else TCG. */
import { UserError } from './errors.ts';
import type { Accelerator } from './qemu.ts';

export interface AcceleratorChoice {
  readonly kvm?: boolean;
  readonly tcg?: boolean;
}

/** The accelerator that was asked for, by option or by TYPIX_ACCEL; else the one this machine was found to run guests with. */
export async function chooseAccelerator(choice: AcceleratorChoice, log: (line: string) => void): Promise<Accelerator> {
  if (choice.kvm && choice.tcg) throw new UserError('--kvm and --tcg exclude each other', undefined, 2);
  if (choice.kvm) return 'kvm';
  if (choice.tcg) return 'tcg';
  const asked = process.env.TYPIX_ACCEL;
  if (asked === 'kvm' || asked === 'tcg') return asked;
  if (asked) throw new UserError(`wrong TYPIX_ACCEL '${asked}'`, 'write kvm or tcg');
  const { rememberedAccelerator } = await import('./kvm-probe.ts');
  return rememberedAccelerator(log);
}

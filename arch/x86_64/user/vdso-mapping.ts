// The vDSO and its data page in each address space (vdso(7)).
//
// The data page, which the clock keeps up to date, lies right before the ELF image (arch/x86_64/vdso). Nothing sleeps.

import { vdsoDataPage, vdsoEnd, vdsoStart } from "../vdso/vdso-page";
import { AddressSpace } from "../../../kernel/mm/space/address-space";
import { MappingName } from "../../../kernel/mm/space/mapping";
import { choosePlace } from "../../../kernel/mm/space/placement";
import { mapKernelPages } from "../../../kernel/mm/space/special-pages";
import { PAGE } from "../../../kernel/abi/page";

@inline const READ: u32 = 1;
@inline const READ_EXECUTE: u32 = 5;

/** Maps data page and vDSO: the address of the ELF header, 0 if there is no vDSO or no room. */
export function mapVdso(space: AddressSpace): u64 {
  const start = vdsoStart();
  const length = vdsoEnd() - start;
  if (start == 0 || length == 0) return 0;
  const place = choosePlace(space, 0, length + PAGE, 0);
  if ((place & (PAGE - 1)) != 0) return 0;
  // Both regions are page aligned, belong to the image for ever, and are meant for programs to see.
  if (mapKernelPages(space, place, vdsoDataPage(), PAGE, READ, MappingName.VVAR) < 0) return 0;
  if (mapKernelPages(space, place + PAGE, start, length, READ_EXECUTE, MappingName.VDSO) < 0) return 0;
  return place + PAGE;
}

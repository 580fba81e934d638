/* Root homes as the only roots of a collection, for tests (toolchain/native/wasm-homes.h); empty in the kernel that is shipped.
 *
 * Each slot has its own list. A switch exchanges the lists; interrupts and faults push and pop on the list of whom they
 * interrupt. A thread that is ended in the middle of its functions leaves its list behind with its slot. */
#include "native.h"
#include "wasm-homes.h"

#ifdef WASM_LINKED_HOMES
struct wasm_homes *wasm_innermost_homes;
static struct wasm_homes *sleeping_homes[SLOT_LIMIT];

void homes_prepare(u32 slot) { sleeping_homes[slot] = 0; }

void homes_switch(u32 from, u32 to) {
  sleeping_homes[from] = wasm_innermost_homes;
  wasm_innermost_homes = sleeping_homes[to];
}

void homes_mark(u32 current) {
  wasm_mark_homes(wasm_innermost_homes, w2c_kernel_gcMarkWord);
#ifndef ONLY_AWAKE_HOMES
  for (u32 word = 0; word < SLOT_LIMIT / 64; word++) {
    for (u64 live = live_slots[word]; live; live &= live - 1) {
      u32 slot = word * 64 + (u32)__builtin_ctzll(live);
      if (slot != current) wasm_mark_homes(sleeping_homes[slot], w2c_kernel_gcMarkWord);
    }
  }
#endif
}
#endif

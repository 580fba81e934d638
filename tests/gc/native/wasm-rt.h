/* Linear memory of a Linux process instead of the kernel's; everything else is the production header. */
#define LINEAR_BASE 0x40000000ull
#include "../../../toolchain/native/wasm-rt.h"

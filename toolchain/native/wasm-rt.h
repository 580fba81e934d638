/* What the C that wasm2c writes for the kernel core needs: types, memory access, arithmetic, traps.
 *
 * It takes the place of wasm2c's own run-time library. Linear memory is a fixed window of the kernel's address
 * space, so an access is one instruction with a constant displacement; addresses are not checked against its end,
 * because what is not mapped faults. There is one instance, so its state is in ordinary hidden variables. No libc. */
#ifndef TYPIX_WASM_RT_H
#define TYPIX_WASM_RT_H

#include "wasm-types.h"

#include "wasm-homes.h"

#define WASM_PAGE_SIZE 65536u

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define WASM_ALWAYS_INLINE static inline __attribute__((always_inline))

/* ---- traps: an undefined instruction with the reason in eax; the kernel's fault path reports it ---- */
enum {
  WASM_RT_TRAP_OOB = 1,
  WASM_RT_TRAP_INT_OVERFLOW = 2,
  WASM_RT_TRAP_DIV_BY_ZERO = 3,
  WASM_RT_TRAP_INVALID_CONVERSION = 4,
  WASM_RT_TRAP_UNREACHABLE = 5,
  WASM_RT_TRAP_CALL_INDIRECT = 6,
  WASM_RT_TRAP_ABORT = 7,
};
__attribute__((noreturn)) WASM_ALWAYS_INLINE void wasm_rt_trap(u32 reason) {
  __asm__ volatile("ud2" : : "a"(reason));
  __builtin_unreachable();
}
#define TRAP(x) (wasm_rt_trap(WASM_RT_TRAP_##x), 0)
#define UNREACHABLE wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE)
#define FUNC_PROLOGUE
#define FUNC_EPILOGUE

/* ---- linear memory ---- */
extern u32 wasm_rt_memory_pages __attribute__((visibility("hidden")));

#define MEM_ADDR(address) ((u8 *)(LINEAR_BASE + (address)))

/* Macros, not functions, so that debug information names the line of TypeScript and not one of this file. The types
 * may alias and need no alignment. */
typedef u8 __attribute__((may_alias)) wasm_u8;
typedef u16 __attribute__((may_alias, aligned(1))) wasm_u16;
typedef u32 __attribute__((may_alias, aligned(1))) wasm_u32;
typedef u64 __attribute__((may_alias, aligned(1))) wasm_u64;
#define WASM_AT(bits, address) (*(wasm_u##bits *)MEM_ADDR(address))
#define wasm_i32_load(address) (WASM_AT(32, address))
#define wasm_i64_load(address) (WASM_AT(64, address))
#define wasm_i32_load8_s(address) ((u32)(s32)(s8)WASM_AT(8, address))
#define wasm_i64_load8_s(address) ((u64)(s64)(s8)WASM_AT(8, address))
#define wasm_i32_load8_u(address) ((u32)WASM_AT(8, address))
#define wasm_i64_load8_u(address) ((u64)WASM_AT(8, address))
#define wasm_i32_load16_s(address) ((u32)(s32)(s16)WASM_AT(16, address))
#define wasm_i64_load16_s(address) ((u64)(s64)(s16)WASM_AT(16, address))
#define wasm_i32_load16_u(address) ((u32)WASM_AT(16, address))
#define wasm_i64_load16_u(address) ((u64)WASM_AT(16, address))
#define wasm_i64_load32_s(address) ((u64)(s64)(s32)WASM_AT(32, address))
#define wasm_i64_load32_u(address) ((u64)WASM_AT(32, address))
#define wasm_i32_store(address, value) ((void)(WASM_AT(32, address) = (u32)(value)))
#define wasm_i64_store(address, value) ((void)(WASM_AT(64, address) = (u64)(value)))
#define wasm_i32_store8(address, value) ((void)(WASM_AT(8, address) = (u8)(value)))
#define wasm_i32_store16(address, value) ((void)(WASM_AT(16, address) = (u16)(value)))
#define wasm_i64_store8(address, value) ((void)(WASM_AT(8, address) = (u8)(value)))
#define wasm_i64_store16(address, value) ((void)(WASM_AT(16, address) = (u16)(value)))
#define wasm_i64_store32(address, value) ((void)(WASM_AT(32, address) = (u32)(value)))

/* Bulk operations are checked once: a wrong length must not run through the window's end into the address zero. */
WASM_ALWAYS_INLINE void wasm_range_check(u64 start, u64 length) {
  if (UNLIKELY(start + length > (u64)wasm_rt_memory_pages * WASM_PAGE_SIZE)) wasm_rt_trap(WASM_RT_TRAP_OOB);
}
WASM_ALWAYS_INLINE void wasm_memory_fill(u32 to, u32 byte, u32 length) {
  wasm_range_check(to, length);
  memset(MEM_ADDR((u64)to), (int)byte, length);
}
WASM_ALWAYS_INLINE void wasm_memory_copy(u32 to, u32 from, u32 length) {
  wasm_range_check(to, length);
  wasm_range_check(from, length);
  memmove(MEM_ADDR((u64)to), MEM_ADDR((u64)from), length);
}
/* Grows linear memory through the core's export growLinearMemory; the old size in pages, or -1. */
u32 wasm_rt_grow_memory(u32 pages);

/* ---- arithmetic that C leaves undefined ---- */
#define I32_CLZ(x) ((x) ? (u32)__builtin_clz(x) : 32u)
#define I64_CLZ(x) ((x) ? (u64)__builtin_clzll(x) : 64u)
#define I32_CTZ(x) ((x) ? (u32)__builtin_ctz(x) : 32u)
#define I64_CTZ(x) ((x) ? (u64)__builtin_ctzll(x) : 64u)
WASM_ALWAYS_INLINE u32 I32_POPCNT(u32 x) {
  x -= (x >> 1) & 0x55555555u;
  x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
  return (((x + (x >> 4)) & 0x0f0f0f0fu) * 0x01010101u) >> 24;
}
WASM_ALWAYS_INLINE u64 I64_POPCNT(u64 x) {
  return (u64)I32_POPCNT((u32)x) + I32_POPCNT((u32)(x >> 32));
}
#define DIV_S(ut, min, x, y)                                            \
  ((UNLIKELY((y) == 0)) ? TRAP(DIV_BY_ZERO)                             \
   : (UNLIKELY((x) == min && (y) == -1)) ? TRAP(INT_OVERFLOW)           \
                                         : (ut)((x) / (y)))
#define REM_S(ut, min, x, y)                                            \
  ((UNLIKELY((y) == 0)) ? TRAP(DIV_BY_ZERO)                             \
   : (UNLIKELY((x) == min && (y) == -1)) ? 0                            \
                                         : (ut)((x) % (y)))
#define I32_DIV_S(x, y) DIV_S(u32, INT32_MIN, (s32)x, (s32)y)
#define I64_DIV_S(x, y) DIV_S(u64, INT64_MIN, (s64)x, (s64)y)
#define I32_REM_S(x, y) REM_S(u32, INT32_MIN, (s32)x, (s32)y)
#define I64_REM_S(x, y) REM_S(u64, INT64_MIN, (s64)x, (s64)y)
#define DIVREM_U(op, x, y) ((UNLIKELY((y) == 0)) ? TRAP(DIV_BY_ZERO) : ((x)op(y)))
#define DIV_U(x, y) DIVREM_U(/, x, y)
#define REM_U(x, y) DIVREM_U(%, x, y)
#define ROTL(x, y, mask) (((x) << ((y) & (mask))) | ((x) >> (((mask) - (y) + 1) & (mask))))
#define ROTR(x, y, mask) (((x) >> ((y) & (mask))) | ((x) << (((mask) - (y) + 1) & (mask))))
#define I32_ROTL(x, y) ROTL(x, y, 31)
#define I64_ROTL(x, y) ROTL(x, y, 63)
#define I32_ROTR(x, y) ROTR(x, y, 31)
#define I64_ROTR(x, y) ROTR(x, y, 63)

/* ---- calls through the function table ---- */
typedef void (*wasm_rt_function_ptr_t)(void);
typedef struct {
  u32 type; /* number of the signature, 0: empty */
  wasm_rt_function_ptr_t function;
} wasm_rt_table_entry;
extern const u32 wasm_rt_table_size __attribute__((visibility("hidden")));
extern const wasm_rt_table_entry wasm_rt_table[] __attribute__((visibility("hidden")));
WASM_ALWAYS_INLINE wasm_rt_function_ptr_t wasm_table_function(u32 index, u32 type) {
  if (UNLIKELY(index >= wasm_rt_table_size || wasm_rt_table[index].type != type)) wasm_rt_trap(WASM_RT_TRAP_CALL_INDIRECT);
  return wasm_rt_table[index].function;
}
#define WASM_CALL_INDIRECT(signature, type, index) ((signature)wasm_table_function(index, type))

#endif

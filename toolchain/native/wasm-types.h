/* Types and memory functions that generated C, the machine's imports and the native side share, and where linear memory lies. */
#ifndef TYPIX_WASM_TYPES_H
#define TYPIX_WASM_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef int8_t s8;
typedef uint16_t u16;
typedef int16_t s16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;
typedef int64_t s64;

#ifndef LINEAR_BASE
#define LINEAR_BASE 0xffffffff80000000ull
#endif

#pragma GCC visibility push(hidden)
void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
int memcmp(const void *a, const void *b, size_t length);
#pragma GCC visibility pop

#endif

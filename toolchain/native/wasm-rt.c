/* The few functions behind wasm-rt.h: growth of linear memory, and abort for a core that does not bring its own. */

#include "imports.h"
#include "kernel.h"


u32 wasm_rt_grow_memory(u32 pages) {
  u32 old = wasm_rt_memory_pages;
  if (pages == 0) return old;
  if (pages > KERNEL_MAXIMUM_PAGES - old) return (u32)-1;
  if (!KERNEL_GROW_LINEAR_MEMORY(pages)) return (u32)-1;
  wasm_rt_memory_pages = old + pages;
  return old;
}

struct w2c_env;

static void print_string(u32 string, const char *otherwise) {
  if (string == 0) {
    for (; *otherwise; otherwise++) w2c_machine_earlyConsoleByte(0, (u8)*otherwise);
    return;
  }
  u32 length = wasm_i32_load(string - 4);
  for (u32 i = 0; i < length && i < 1024; i += 2) w2c_machine_earlyConsoleByte(0, wasm_i32_load16_u((u64)string + i) & 0x7f);
}

static void print_number(u32 number) {
  if (number >= 10) print_number(number / 10);
  w2c_machine_earlyConsoleByte(0, '0' + number % 10);
}

/* A thrown error or failed assertion in a core without an abort of its own. */
__attribute__((noreturn)) void w2c_env_abort(struct w2c_env *instance, u32 message, u32 file, u32 line, u32 column) {
  (void)instance;
  print_string(message, "abort");
  print_string(0, " at ");
  print_string(file, "?");
  print_string(0, ":");
  print_number(line);
  print_string(0, ":");
  print_number(column);
  print_string(0, "\r\n");
  wasm_rt_trap(WASM_RT_TRAP_ABORT);
}

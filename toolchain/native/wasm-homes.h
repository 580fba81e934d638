/* Root homes: where a generated function keeps the references that a collection must find (toolchain/compile/root-homes.ts).
 *
 * A home is an ordinary word of the function's frame; the collector's scan of the whole stack finds it. Built with
 * WASM_LINKED_HOMES, for tests, the frames' homes form a list instead, innermost first, so that a collector can mark homes and
 * nothing else: then a reference without a home is lost, whatever a scan would have found by chance. The list belongs to
 * one stack; who switches stacks switches the list. */
#ifndef TYPIX_WASM_HOMES_H
#define TYPIX_WASM_HOMES_H

#ifndef WASM_LINKED_HOMES
#define WASM_HOMES(count) volatile uint32_t homes[count]
#else
struct wasm_homes {
  struct wasm_homes *outer;
  uint64_t count;
  volatile uint32_t words[];
};
extern struct wasm_homes *wasm_innermost_homes __attribute__((visibility("hidden")));

static inline void wasm_leave_homes(void *frame) { wasm_innermost_homes = ((struct wasm_homes *)frame)->outer; }
/* The address escapes into the list, so gcc keeps the frame up to date at each call. */
#define WASM_HOMES(number)                                                                                                \
  struct { struct wasm_homes *outer; uint64_t count; volatile uint32_t words[number]; }                                   \
      frame_of_homes __attribute__((cleanup(wasm_leave_homes))) = { wasm_innermost_homes, number, { 0 } };                 \
  volatile uint32_t *const homes = frame_of_homes.words;                                                                  \
  wasm_innermost_homes = (struct wasm_homes *)&frame_of_homes

/* Passes every home of a stack to `mark`. */
static inline void wasm_mark_homes(const struct wasm_homes *innermost, void (*mark)(uint32_t)) {
  for (const struct wasm_homes *frame = innermost; frame; frame = frame->outer) {
    for (uint64_t i = 0; i < frame->count; i++) mark(frame->words[i]);
  }
}
#endif

#endif

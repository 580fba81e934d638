// Clock numbers (clock_gettime(2)). Nothing sleeps.

export namespace ClockId {
  @inline export const REALTIME: i32 = 0;
  @inline export const MONOTONIC: i32 = 1;
  @inline export const PROCESS_CPUTIME: i32 = 2;
  @inline export const THREAD_CPUTIME: i32 = 3;
  @inline export const MONOTONIC_RAW: i32 = 4;
  @inline export const REALTIME_COARSE: i32 = 5;
  @inline export const MONOTONIC_COARSE: i32 = 6;
  @inline export const BOOTTIME: i32 = 7;
  @inline export const REALTIME_ALARM: i32 = 8;
  @inline export const BOOTTIME_ALARM: i32 = 9;
  @inline export const TAI: i32 = 11;

  /** True for clocks that show real time. */
  export function isRealtime(clock: i32): bool {
    return clock == REALTIME || clock == REALTIME_COARSE || clock == REALTIME_ALARM || clock == TAI;
  }

  /** True for every clock that clock_gettime knows, CPU clocks of given processes (negative) not included. */
  export function isKnown(clock: i32): bool {
    return clock >= REALTIME && clock <= TAI && clock != 10;
  }

  /** True for clocks that nanosleep and timers can use. */
  export function canSleep(clock: i32): bool {
    return clock == REALTIME || clock == MONOTONIC || clock == BOOTTIME || clock == TAI;
  }
}

// Units of time, clock numbers and flags of the calls on time (time(7), clock_gettime(2)).

@inline export const NS_PER_SECOND: u64 = 1_000_000_000;
@inline export const NS_PER_MILLISECOND: u64 = 1_000_000;
@inline export const NS_PER_MICROSECOND: u64 = 1_000;
@inline export const US_PER_SECOND: u64 = 1_000_000;

/** Clock ticks a second that programs see (sysconf(_SC_CLK_TCK), AT_CLKTCK). */
@inline export const USER_HZ: u64 = 100;
@inline export const NS_PER_USER_TICK: u64 = NS_PER_SECOND / USER_HZ;

/** Flag of clock_nanosleep(2) and timer_settime(2): the time is a moment, not a duration. */
@inline export const TIMER_ABSTIME: i32 = 1;

/** Clock numbers. */
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

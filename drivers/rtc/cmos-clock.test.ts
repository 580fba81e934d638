// The arithmetic of the CMOS clock: decoding and calendar.

import { expectEqual } from "../../kernel/runtime/expect";
import { CalendarTime, daysSince1970, decode, decodeHour } from "./cmos-clock";

export function testDecodesBcdAndBinary(): void {
  expectEqual<u32>(decode(0x59, 0), 59);
  expectEqual<u32>(decode(59, 4), 59);
}

export function testDecodesTwelveHourClock(): void {
  expectEqual<u32>(decodeHour(0x12, 0), 0, "12 am");
  expectEqual<u32>(decodeHour(0x92, 0), 12, "12 pm");
  expectEqual<u32>(decodeHour(0x81, 0), 13, "1 pm");
  expectEqual<u32>(decodeHour(0x8b, 4), 23, "11 pm, binary");
  expectEqual<u32>(decodeHour(0x23, 2), 23, "24 hours");
}

export function testCountsDays(): void {
  expectEqual<u64>(daysSince1970(1970, 1, 1), 0);
  expectEqual<u64>(daysSince1970(2000, 2, 29), 11016);
  expectEqual<u64>(daysSince1970(2000, 3, 1), 11017);
  expectEqual<u64>(daysSince1970(2100, 3, 1), 47541);
}

export function testMakesSeconds(): void {
  const time = new CalendarTime();
  time.year = 2026;
  time.month = 11;
  time.day = 23;
  time.hour = 6;
  time.minute = 47;
  time.second = 1;
  expectEqual<u64>(time.toSeconds(), 1795416421);
}

// The real-time clock in CMOS RAM (MC146818 and its successors): the date and time at boot.
//
// The clock is read twice until two readings agree while no update is in progress, because its registers are not
// latched. It is taken to run in UTC, as Linux does without an /etc/adjtime. Reading takes up to some milliseconds; does
// not sleep. Registers: MC146818A data sheet; the century register is the usual one of PC firmware.

import { PortRange, requestPorts } from "../../arch/x86_64/platform/resources";

const ADDRESS: u32 = 0;
const DATA: u32 = 1;

const SECONDS: u32 = 0x00;
const MINUTES: u32 = 0x02;
const HOURS: u32 = 0x04;
const DAY: u32 = 0x07;
const MONTH: u32 = 0x08;
const YEAR: u32 = 0x09;
const STATUS_A: u32 = 0x0a;
const STATUS_B: u32 = 0x0b;
const CENTURY: u32 = 0x32;

const UPDATE_IN_PROGRESS: u32 = 0x80;
const HOURS_24: u32 = 0x02;
const BINARY: u32 = 0x04;
const PM: u32 = 0x80;

/** Reads of status A before an update is no longer waited for: an update takes 2 ms at most. */
const WAIT_LIMIT: u32 = 100_000;
const TRIES: i32 = 8;

/** A date and time as read. */
@final
export class CalendarTime {
  second: u32 = 0;
  minute: u32 = 0;
  hour: u32 = 0;
  day: u32 = 1;
  month: u32 = 1;
  year: u32 = 1970;

  equals(other: CalendarTime): bool {
    return this.second == other.second && this.minute == other.minute && this.hour == other.hour && this.day == other.day &&
      this.month == other.month && this.year == other.year;
  }

  get isValid(): bool {
    return this.second < 60 && this.minute < 60 && this.hour < 24 && this.day >= 1 && this.day <= 31 && this.month >= 1 &&
      this.month <= 12 && this.year >= 1970 && this.year < 2200;
  }

  /** Seconds since 1970-01-01 00:00:00 UTC. */
  toSeconds(): u64 {
    return daysSince1970(this.year, this.month, this.day) * 86400 + <u64>(this.hour * 3600 + this.minute * 60 + this.second);
  }
}

/** Days from 1970-01-01 to a date of the Gregorian calendar, counting years from March so that leap days come last. */
export function daysSince1970(year: u32, month: u32, day: u32): u64 {
  const y = month > 2 ? year : year - 1;
  const era = y / 400;
  const yearOfEra = y % 400;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return <u64>era * 146097 + <u64>dayOfEra - 719468;
}

/** Turns raw registers into numbers. `status` is register B. */
export function decodeHour(raw: u32, status: u32): u32 {
  const isAfternoon = (raw & PM) != 0;
  let hour = decode(status & HOURS_24 ? raw : raw & ~PM, status);
  if (status & HOURS_24) return hour;
  if (hour == 12) hour = 0;
  return isAfternoon ? hour + 12 : hour;
}

/** A register's value: binary, or two decimal digits. */
export function decode(raw: u32, status: u32): u32 {
  return status & BINARY ? raw : (raw >> 4) * 10 + (raw & 15);
}

@final
export class CmosClock {
  private readonly ports: PortRange = requestPorts(0x70, 2)!;

  /** Nanoseconds since 1970, or 0 if there is no clock that makes sense. */
  readNs(): u64 {
    const first = new CalendarTime();
    const second = new CalendarTime();
    for (let i = 0; i < TRIES; i++) {
      this.read(first);
      this.read(second);
      if (first.equals(second)) return first.isValid ? first.toSeconds() * 1_000_000_000 : 0;
    }
    return 0;
  }

  private read(into: CalendarTime): void {
    for (let i: u32 = 0; i < WAIT_LIMIT && (this.register(STATUS_A) & UPDATE_IN_PROGRESS) != 0; i++) continue;
    const status = this.register(STATUS_B);
    into.second = decode(this.register(SECONDS), status);
    into.minute = decode(this.register(MINUTES), status);
    into.hour = decodeHour(this.register(HOURS), status);
    into.day = decode(this.register(DAY), status);
    into.month = decode(this.register(MONTH), status);
    const year = decode(this.register(YEAR), status);
    const century = decode(this.register(CENTURY), status);
    // Firmware without a century register leaves anything there: then years below 70 are of this century.
    into.year = century >= 19 && century <= 21 ? century * 100 + year : year < 70 ? 2000 + year : 1900 + year;
  }

  private register(index: u32): u32 {
    // Bit 7 of the address is the NMI mask: left clear.
    this.ports.write8(ADDRESS, index);
    return this.ports.read8(DATA);
  }
}

import { Errno } from "../../abi/errno";
import { ByteBuilder } from "../text/byte-builder";
import { expectBytes, expectEqual, expectFalse, expectTrue } from "../expect";
import {
  LOG_LINE_LIMIT, LogClock, LogLevel, LogListener, LogRecord, LogSink, addLogListener, addLogSink, logError, logFirst,
  logInfo, logNext, logRead, setConsoleLevel, setLogClock, logWarn, logText,
} from "./log";
import { KmsgReader, syslogClear, syslogHasUnread, syslogRead, syslogReadAll, syslogUnread } from "./log-reader";

class TestSink extends LogSink {
  text: ByteBuilder = new ByteBuilder();
  logsItself: bool = false;
  writeRecord(level: u32, line: StaticArray<u8>, length: i32, stamp: i32): void {
    this.text.appendUnsigned(level).appendRange(line, stamp, length - stamp).appendByte(0x7c);
    if (!this.logsItself) return;
    this.logsItself = false;
    logInfo("from the sink");
  }
}

class TestClock extends LogClock {
  now: u64 = 0;
  nowUs(): u64 {
    return this.now;
  }
}

class TestListener extends LogListener {
  count: i32 = 0;
  recordAdded(): void {
    this.count++;
  }
}

function expectText(builder: ByteBuilder, text: string): void {
  expectBytes(builder.data, text, builder.length);
}

export function testEachLineIsARecord(): void {
  const listener = new TestListener();
  addLogListener(listener);
  logInfo("one\ntwo\n");
  logInfo("");
  expectEqual<u64>(logNext(), 3);
  expectEqual<i32>(listener.count, 2);
  const record = new LogRecord();
  expectTrue(logRead(1, record));
  expectText(record.text, "two");
  expectFalse(logRead(3, record));
}

export function testSinksSeeThePastAndRespectTheLevel(): void {
  logInfo("early");
  const sink = new TestSink();
  addLogSink(sink);
  setConsoleLevel(5);
  logInfo("hidden");
  logWarn("shown");
  expectText(sink.text, "6early|4shown|");
}

export function testASinkMayLog(): void {
  const sink = new TestSink();
  addLogSink(sink);
  sink.logsItself = true;
  logInfo("first");
  logInfo("second");
  expectText(sink.text, "6first|6from the sink|6second|");
}

export function testKmsgFormat(): void {
  const clock = new TestClock();
  setLogClock(clock);
  clock.now = 1234567;
  logError("a\\b\u{e9}");
  const reader = new KmsgReader();
  const out = new ByteBuilder();
  expectTrue(reader.isReadable);
  expectEqual<i32>(reader.read(out, 4), -Errno.EINVAL);
  expectTrue(reader.read(out, 1000) > 0);
  expectText(out, "3,0,1234567,-;a\\x5cb\\xc3\\xa9\n");
  expectEqual<i32>(reader.read(out, 1000), -Errno.EAGAIN);
}

export function testOldRecordsMakeWay(): void {
  const reader = new KmsgReader();
  setConsoleLevel(1);
  let long = "";
  for (let i = 0; i < 30; i++) long += "0123456789012345678901234567890123456789";
  for (let i = 0; i < 3000; i++) logInfo(i.toString() + long.substring(0, i % 5 == 0 ? 1200 : 3));
  expectTrue(logFirst() > 0);
  const out = new ByteBuilder();
  expectTrue(reader.hasLostRecords);
  expectEqual<i32>(reader.read(out, 9000), -Errno.EPIPE);
  const record = new LogRecord();
  for (let at = logFirst(); at < logNext(); at++) {
    expectTrue(logRead(at, record));
    const prefix = at.toString();
    const length = min(LOG_LINE_LIMIT, prefix.length + (at % 5 == 0 ? 1200 : 3));
    expectEqual<i32>(record.text.length, length);
    expectBytes(record.text.data, prefix + "012", prefix.length + 3);
    if (length > 900) expectEqual<i32>(<i32>record.text.data[900], 0x30 + (900 - prefix.length) % 10);
  }
}

export function testSyslogReadsPartialLines(): void {
  setConsoleLevel(1);
  logInfo("ab");
  logText(LogLevel.ERROR, "cd");
  const all = "<6>[    0.000000] ab\n<3>[    0.000000] cd\n";
  expectEqual<i32>(syslogUnread(), all.length);
  const out = new ByteBuilder();
  expectEqual<i32>(syslogRead(out, 10), 10);
  expectEqual<i32>(syslogUnread(), all.length - 10);
  expectEqual<i32>(syslogRead(out, 1000), all.length - 10);
  expectText(out, all);
  expectFalse(syslogHasUnread());
  expectEqual<i32>(syslogReadAll(out.clear(), 30), 21);
  expectText(out, "<3>[    0.000000] cd\n");
  syslogClear();
  logInfo("ef");
  syslogReadAll(out.clear(), 1000);
  expectText(out, "<6>[    0.000000] ef\n");
}

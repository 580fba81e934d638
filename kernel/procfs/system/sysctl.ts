// /proc/sys: settings and facts of the kernel (proc(5)). Each writable one works; what cannot be changed here is read-only.
//
// A number is written in decimal with white space around it. Nothing here sleeps.

import { Errno } from "../../abi/errno";
import { MAX_MAPPINGS } from "../../mm/space/mapping-list";
import { threadsMax } from "../../task/accounting/resource-limits";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { lineLength, parseDecimal } from "../../runtime/text/bytes";
import { NAME_LIMIT, RELEASE, SYSTEM_NAME, VERSION } from "../../runtime/identity";
import { consoleLogLevel, setConsoleLevel } from "../../runtime/log/log";
import { dropPools } from "../../runtime/containers/pool";
import { PID_MAX } from "../../task/pid";
import { POOL_BITS, entropyBits } from "../../random/entropy";
import { fillRandom } from "../../random/random";
import { PTY_MAX, ptyCount } from "../../tty/pty";
import { Capability } from "../../vfs/credentials";
import { NR_OPEN } from "../../vfs/file/fd-table";
import { openFileCount } from "../../vfs/file/open-file";
import { dropUnusedDentries } from "../../vfs/path/path-walk";
import { FunctionText, StoreFunction, TextFunction, directoryOf } from "../proc-text";
import { FixedDirectory } from "../synthetic";
import { currentTask } from "../../task/current";

/** A file with a fixed text. */
function fixed(directory: FixedDirectory, name: string, show: TextFunction): void {
  directory.add(name, new FunctionText(directory.fileSystem, 0o444, show));
}

function writable(directory: FixedDirectory, name: string, show: TextFunction, store: StoreFunction): void {
  directory.add(name, new FunctionText(directory.fileSystem, 0o644, show, store));
}

function number(out: ByteBuilder, value: i64): void {
  out.appendDecimal(value).newline();
}

function line(out: ByteBuilder, text: string): void {
  out.append(text).newline();
}

/** The number at the start of a line, or -1. `end` is where the digits and the spaces after them end. */
function leadingNumber(bytes: StaticArray<u8>, length: i32): i64 {
  let from = 0;
  while (from < length && (bytes[from] == 0x20 || bytes[from] == 0x09)) from++;
  let to = from;
  while (to < length && <u32>bytes[to] - 0x30 < 10) to++;
  return to == from ? -1 : parseDecimal(bytes, from, to);
}

// ---- kernel -----------------------------------------------------------------------------------------------------------

function showOsType(out: ByteBuilder): void { line(out, SYSTEM_NAME); }
function showOsRelease(out: ByteBuilder): void { line(out, RELEASE); }
function showVersionOnly(out: ByteBuilder): void { line(out, VERSION); }
function showHostName(out: ByteBuilder): void { out.appendBytes(currentTask().namespaces.uts.hostName).newline(); }
function showDomainName(out: ByteBuilder): void { out.appendBytes(currentTask().namespaces.uts.domainName).newline(); }
function showPidMax(out: ByteBuilder): void { number(out, PID_MAX); }
function showThreadsMax(out: ByteBuilder): void { number(out, threadsMax()); }
function showLastPid(out: ByteBuilder): void { number(out, currentTask().namespaces.pids.last); }
function showGroupsMax(out: ByteBuilder): void { number(out, 65536); }
function showLastCapability(out: ByteBuilder): void { number(out, Capability.LAST); }
function showOverflowId(out: ByteBuilder): void { number(out, 65534); }
function showCorePattern(out: ByteBuilder): void { line(out, "core"); }
function showPrintk(out: ByteBuilder): void {
  out.appendUnsigned(consoleLogLevel()).append("\t4\t1\t7\n");
}
function showPanic(out: ByteBuilder): void { number(out, panicSeconds); }
function showRandomize(out: ByteBuilder): void { number(out, 2); }
function showZero(out: ByteBuilder): void { number(out, 0); }
function showOne(out: ByteBuilder): void { number(out, 1); }
function showPtyMax(out: ByteBuilder): void { number(out, PTY_MAX); }
function showPtyCount(out: ByteBuilder): void { number(out, ptyCount()); }

/** Seconds from a panic to the restart: panic= of the command line; 0: never. */
@kernelLock export let panicSeconds: i32 = 0;

/** Says what `panic=` was. */
export function setPanicSeconds(seconds: i32): void {
  panicSeconds = seconds;
}

function mayAdministrate(): bool {
  return currentTask().credentials.has(Capability.SYS_ADMIN);
}

function storeHostName(bytes: StaticArray<u8>, length: i32): i64 {
  if (!mayAdministrate()) return -Errno.EPERM;
  currentTask().namespaces.uts.setHostName(bytes, min(lineLength(bytes, length), NAME_LIMIT));
  return length;
}

function storeDomainName(bytes: StaticArray<u8>, length: i32): i64 {
  if (!mayAdministrate()) return -Errno.EPERM;
  currentTask().namespaces.uts.setDomainName(bytes, min(lineLength(bytes, length), NAME_LIMIT));
  return length;
}

/** The console level; the three numbers after it are constants and are passed over. */
function storePrintk(bytes: StaticArray<u8>, length: i32): i64 {
  const level = leadingNumber(bytes, length);
  if (level < 0 || level > 15) return -Errno.EINVAL;
  setConsoleLevel(<u32>level);
  return length;
}

// ---- kernel/random ------------------------------------------------------------------------------------------------------

@kernelLock const bootId = new StaticArray<u8>(16);
@kernelLock let hasBootId = false;

/** A random UUID (RFC 4122, version 4) as text. */
function appendUuid(out: ByteBuilder, bytes: StaticArray<u8>): void {
  for (let i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.appendByte(0x2d);
    out.appendHex(bytes[i], 2);
  }
  out.newline();
}

function makeUuid(bytes: StaticArray<u8>): void {
  fillRandom(bytes, 0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
}

function showUuid(out: ByteBuilder): void {
  const fresh = new StaticArray<u8>(16);
  makeUuid(fresh);
  appendUuid(out, fresh);
}

function showBootId(out: ByteBuilder): void {
  if (!hasBootId) makeUuid(bootId);
  hasBootId = true;
  appendUuid(out, bootId);
}

function showEntropy(out: ByteBuilder): void { number(out, entropyBits()); }
function showPoolSize(out: ByteBuilder): void { number(out, POOL_BITS); }

// ---- vm, fs -------------------------------------------------------------------------------------------------------------

function showMaxMapCount(out: ByteBuilder): void { number(out, MAX_MAPPINGS); }
function showMmapMinimum(out: ByteBuilder): void { number(out, 65536); }
function showOvercommitRatio(out: ByteBuilder): void { number(out, 50); }
function showFileMax(out: ByteBuilder): void { line(out, "9223372036854775807"); }
function showNrOpen(out: ByteBuilder): void { number(out, NR_OPEN); }
function showPipeMax(out: ByteBuilder): void { number(out, 1048576); }
function showMountMax(out: ByteBuilder): void { number(out, 100000); }

/** 1: the page cache, of which all pages are data so far; 2: names, and objects kept for use; 3: both; 4 silences the kernel's message. */
function storeDropCaches(bytes: StaticArray<u8>, length: i32): i64 {
  const what = leadingNumber(bytes, length);
  if (what < 1 || what > 4) return -Errno.EINVAL;
  if ((what & 2) != 0) {
    dropUnusedDentries();
    dropPools();
  }
  return length;
}

/** Open descriptions, those allocated but unused, and how many there may be (proc(5)). */
function showFileCount(out: ByteBuilder): void {
  out.appendDecimal(openFileCount).append("\t0\t");
  showFileMax(out);
}

/** Fills /proc/sys. */
export function installSysctl(sys: FixedDirectory): void {
  installKernelSettings(directoryOf(sys, "kernel"));
  const random = directoryOf(sys, "kernel/random");
  fixed(random, "boot_id", showBootId);
  fixed(random, "uuid", showUuid);
  fixed(random, "entropy_avail", showEntropy);
  fixed(random, "poolsize", showPoolSize);
  const pty = directoryOf(sys, "kernel/pty");
  fixed(pty, "max", showPtyMax);
  fixed(pty, "nr", showPtyCount);
  const vm = directoryOf(sys, "vm");
  fixed(vm, "overcommit_memory", showZero);
  fixed(vm, "overcommit_ratio", showOvercommitRatio);
  fixed(vm, "max_map_count", showMaxMapCount);
  fixed(vm, "mmap_min_addr", showMmapMinimum);
  fixed(vm, "swappiness", showZero);
  vm.add("drop_caches", new FunctionText(vm.fileSystem, 0o200, showZero, storeDropCaches));
  const fs = directoryOf(sys, "fs");
  fixed(fs, "file-max", showFileMax);
  fixed(fs, "file-nr", showFileCount);
  fixed(fs, "nr_open", showNrOpen);
  fixed(fs, "pipe-max-size", showPipeMax);
  fixed(fs, "mount-max", showMountMax);
  fixed(fs, "overflowuid", showOverflowId);
  fixed(fs, "overflowgid", showOverflowId);
  fixed(fs, "protected_hardlinks", showZero);
  fixed(fs, "protected_symlinks", showZero);
}

function installKernelSettings(kernel: FixedDirectory): void {
  fixed(kernel, "ostype", showOsType);
  fixed(kernel, "osrelease", showOsRelease);
  fixed(kernel, "version", showVersionOnly);
  writable(kernel, "hostname", showHostName, storeHostName);
  writable(kernel, "domainname", showDomainName, storeDomainName);
  fixed(kernel, "pid_max", showPidMax);
  fixed(kernel, "threads-max", showThreadsMax);
  fixed(kernel, "ns_last_pid", showLastPid);
  fixed(kernel, "ngroups_max", showGroupsMax);
  fixed(kernel, "cap_last_cap", showLastCapability);
  fixed(kernel, "overflowuid", showOverflowId);
  fixed(kernel, "overflowgid", showOverflowId);
  fixed(kernel, "core_pattern", showCorePattern);
  fixed(kernel, "core_uses_pid", showZero);
  writable(kernel, "printk", showPrintk, storePrintk);
  fixed(kernel, "panic", showPanic);
  fixed(kernel, "panic_on_oops", showZero);
  fixed(kernel, "randomize_va_space", showRandomize);
  fixed(kernel, "dmesg_restrict", showZero);
  fixed(kernel, "kptr_restrict", showOne);
  fixed(kernel, "tainted", showZero);
}

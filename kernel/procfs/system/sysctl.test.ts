import { Errno } from "../../abi/errno";
import { O_RDWR } from "../../abi/fcntl";
import { IoDestination, IoSource } from "../../mm/user/io-buffer";
import { consoleLogLevel } from "../../runtime/log/log";
import { bytesOf } from "../../runtime/text/bytes";
import { expectEqual, expectNotEqual, expectTrue } from "../../runtime/expect";
import { initEntropy } from "../../random/entropy";
import { AnonymousFileSystem } from "../../vfs/file/anonymous";
import { OpenFile } from "../../vfs/file/open-file";
import { OpenRequest } from "../../vfs/inode/open-request";
import { directoryOf } from "../proc-text";
import { FixedDirectory, TextInode } from "../synthetic";
import { installSysctl, setPanicSeconds } from "./sysctl";

const root = makeTree();

function makeTree(): FixedDirectory {
  const made = new FixedDirectory(new AnonymousFileSystem("test", 0), 0o555);
  installSysctl(made);
  return made;
}

function open(folder: string, name: string): OpenFile {
  const inode = directoryOf(root, folder).find(bytesOf(name));
  expectTrue(inode !== null, name);
  const request = new OpenRequest();
  request.flags = O_RDWR;
  expectEqual<i32>((<TextInode>inode!).open(request), 0);
  return <OpenFile>request.file!;
}

function read(folder: string, name: string): string {
  const bytes = new StaticArray<u8>(100);
  const length = <i32>open(folder, name).read(new IoDestination().claimBytes(bytes, 0, 100));
  let text = "";
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

function write(folder: string, name: string, text: string): i64 {
  const bytes = bytesOf(text);
  return open(folder, name).write(new IoSource().claimBytes(bytes, 0, bytes.length));
}

export function testFactsEndWithALine(): void {
  expectEqual<string>(read("kernel", "ostype"), "Linux\n");
  expectEqual<string>(read("kernel", "pid_max"), "32768\n");
  expectEqual<string>(read("vm", "max_map_count"), "65530\n");
  expectEqual<string>(read("fs", "file-max"), "9223372036854775807\n");
  expectEqual<string>(read("fs", "pipe-max-size"), "1048576\n");
}

export function testThePanicTimeIsWhatTheCommandLineSaid(): void {
  setPanicSeconds(-1);
  expectEqual<string>(read("kernel", "panic"), "-1\n");
}

export function testTheConsoleLevelIsTheFirstNumber(): void {
  expectEqual<i64>(write("kernel", "printk", " \t3 4 1 7\n"), 10);
  expectEqual<u32>(consoleLogLevel(), 3);
  expectEqual<string>(read("kernel", "printk"), "3\t4\t1\t7\n");
  expectEqual<i64>(write("kernel", "printk", "16"), -Errno.EINVAL);
  expectEqual<i64>(write("kernel", "printk", "-1"), -Errno.EINVAL);
  expectEqual<i64>(write("kernel", "printk", "loud"), -Errno.EINVAL);
  expectEqual<u32>(consoleLogLevel(), 3, "unchanged");
}

export function testDroppingCachesTakesOneToFour(): void {
  expectEqual<i64>(write("vm", "drop_caches", "3\n"), 2);
  expectEqual<i64>(write("vm", "drop_caches", "0\n"), -Errno.EINVAL);
  expectEqual<i64>(write("vm", "drop_caches", "5\n"), -Errno.EINVAL);
}

function expectUuid(text: string): void {
  expectEqual<i32>(text.length, 37);
  for (let i = 0; i < 36; i++) {
    const at = text.charCodeAt(i);
    if (i == 8 || i == 13 || i == 18 || i == 23) expectEqual<i32>(at, 0x2d);
    else expectTrue((at >= 0x30 && at <= 0x39) || (at >= 0x61 && at <= 0x66), text);
  }
  expectEqual<string>(text.charAt(14), "4", "version");
  expectTrue("89ab".includes(text.charAt(19)), "variant");
}

export function testUuidsDifferAndTheBootsStays(): void {
  initEntropy(true);
  const boot = read("kernel/random", "boot_id");
  expectUuid(boot);
  expectEqual<string>(read("kernel/random", "boot_id"), boot);
  const one = read("kernel/random", "uuid");
  expectUuid(one);
  expectNotEqual<string>(read("kernel/random", "uuid"), one);
  expectNotEqual<string>(one, boot);
}

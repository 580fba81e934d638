import { Errno } from "../../kernel/abi/errno";
import { O_WRONLY } from "../../kernel/abi/fcntl";
import { S_IFCHR } from "../../kernel/abi/stat";
import { characterDeviceAt, characterDeviceCount } from "../../kernel/devfs/character-devices";
import { IoDestination, IoSource } from "../../kernel/mm/user/io-buffer";
import { expectEqual, expectFalse, expectTrue } from "../../kernel/runtime/expect";
import { bytesOf } from "../../kernel/runtime/text/bytes";
import { AnonymousFileSystem } from "../../kernel/vfs/file/anonymous";
import { OpenFile } from "../../kernel/vfs/file/open-file";
import { Inode } from "../../kernel/vfs/inode/inode";
import { OpenRequest } from "../../kernel/vfs/inode/open-request";
import { portWriteCount, portWritePort, portWriteValue, setPort } from "../../tests/simulated-machine/kernel/controls";
import { startDebugConsole } from "./debug-console";

@final
class Node extends Inode {}

function open(): OpenFile {
  setPort(0xe9, 0xe9);
  expectTrue(startDebugConsole());
  const request = new OpenRequest();
  request.flags = O_WRONLY;
  const node = new Node(new AnonymousFileSystem("test", 0), S_IFCHR | 0o600);
  expectEqual<i32>(characterDeviceAt(characterDeviceCount() - 1).opener.open(node, request), 0);
  return <OpenFile>request.file!;
}

export function testNoDeviceWhereThePortDoesNotAnswer(): void {
  const before = characterDeviceCount();
  expectFalse(startDebugConsole());
  expectEqual<i32>(characterDeviceCount(), before);
}

export function testEveryByteGoesToThePortInOrder(): void {
  const file = open();
  const text = new StaticArray<u8>(150);
  for (let i = 0; i < 150; i++) text[i] = <u8>i;
  expectEqual<i64>(file.write(new IoSource().claimBytes(text, 0, 150)), 150);
  expectEqual<i32>(portWriteCount(), 150);
  for (let i = 0; i < 150; i++) {
    expectEqual<i32>(portWritePort(i), 0xe9);
    expectEqual<i32>(portWriteValue(i), i);
  }
}

export function testNothingCanBeRead(): void {
  expectEqual<i64>(open().read(new IoDestination().claimBytes(bytesOf("x"), 0, 1)), -Errno.EINVAL);
}

// One execve(2) in progress, as an object from a pool. Giving it back may sleep (closing files).

import { Pool } from "../../runtime/containers/pool";
import { OpenFile } from "../../vfs/file/open-file";
import { ElfImage } from "./elf-image";
import { LoadedImage } from "./elf-map";
import { ExecArguments, StringList } from "./exec-arguments";
import { closeExecutable } from "./executable-file";

/** Bytes at the start of a file that decide its format. */
@inline export const HEAD_SIZE: i32 = 256;

/** Everything about one execve in progress. */
@final
export class ExecRequest {
  /** The file to run; for scripts, the interpreter. Owned: one reference. */
  @kept file: OpenFile | null = null;
  /** The name AT_EXECFN points to. */
  readonly name: StringList = new StringList();
  /** The path of what is being executed, for scripts' arguments and comm. */
  readonly path: StringList = new StringList();
  readonly lists: ExecArguments = new ExecArguments();
  readonly head: StaticArray<u8> = new StaticArray<u8>(HEAD_SIZE);
  readonly image: ElfImage = new ElfImage();
  readonly loaded: LoadedImage = new LoadedImage();
  @kept interpreterFile: OpenFile | null = null;
  readonly interpreter: ElfImage = new ElfImage();
  readonly loadedInterpreter: LoadedImage = new LoadedImage();
  /** The path would not be reachable by the program itself (descriptor with O_CLOEXEC). */
  isPathHidden: bool = false;

  /** Gives back the files. */
  release(): void {
    closeExecutable(this.file);
    closeExecutable(this.interpreterFile);
    this.file = null;
    this.interpreterFile = null;
  }
}

@kernelLock const spareRequests = new Pool<ExecRequest>(8);

export function takeExecRequest(): ExecRequest {
  const request = spareRequests.take();
  if (request === null) return new ExecRequest();
  request.isPathHidden = false;
  request.name.clear();
  request.path.clear();
  return request;
}

export function giveExecRequest(request: ExecRequest): void {
  request.release();
  spareRequests.give(request);
}

// The claims that the generated decoders fill for one system call: each task owns a set, so that decoding allocates
// nothing. A handler may keep none of them beyond its return. Sets are large, so those of ended tasks are used again.

import { Pool } from "../../runtime/containers/pool";
import { MapRequest } from "../cache/mapped-object";
import { IoDestination, IoSource } from "./io-buffer";
import { UserIn, UserInOut, UserOut, UserPath } from "./user-memory";

@final
export class UserArguments {
  readonly in0: UserIn = new UserIn();
  readonly in1: UserIn = new UserIn();
  readonly in2: UserIn = new UserIn();
  readonly out0: UserOut = new UserOut();
  readonly out1: UserOut = new UserOut();
  readonly out2: UserOut = new UserOut();
  readonly inOut0: UserInOut = new UserInOut();
  readonly inOut1: UserInOut = new UserInOut();
  readonly path0: UserPath = new UserPath();
  readonly path1: UserPath = new UserPath();
  readonly destination: IoDestination = new IoDestination();
  readonly source: IoSource = new IoSource();
  /** What mmap(2) asks for. */
  readonly mapping: MapRequest = new MapRequest();

  static acquire(): UserArguments {
    const used = spares.take();
    if (used === null) return new UserArguments();
    used.destination.callFlags = 0;
    used.source.callFlags = 0;
    return used;
  }

  /** The task that had them has ended. */
  release(): void {
    spares.give(this);
  }
}

@kernelLock const spares = new Pool<UserArguments>(32);

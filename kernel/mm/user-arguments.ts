// The claims that the generated decoders fill for one system call: a pool that each task owns, so that decoding
// allocates nothing. A handler may keep none of them beyond its return.

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
}

// UtsNamespace: host and domain name (uname(2), sethostname(2)). Nothing here sleeps.

import { NAME_LIMIT } from "../runtime/identity";
import { bytesOf, bytesSlice } from "../runtime/text/bytes";

@final
export class UtsNamespace {
  hostName: StaticArray<u8> = bytesOf("typix");
  domainName: StaticArray<u8> = bytesOf("(none)");

  /** Sets the host name to the first `length` (at most NAME_LIMIT) bytes. */
  setHostName(bytes: StaticArray<u8>, length: i32): void {
    this.hostName = bytesSlice(bytes, 0, min(length, NAME_LIMIT));
  }

  setDomainName(bytes: StaticArray<u8>, length: i32): void {
    this.domainName = bytesSlice(bytes, 0, min(length, NAME_LIMIT));
  }
}

// Caller: who makes a call on files. Nothing here sleeps.

import { IoCaller } from "../mm/user/io-caller";
import { Credentials } from "./credentials";

export abstract class Caller extends IoCaller {
  abstract credentials(): Credentials;
}

const ALL_RIGHTS: Credentials = new Credentials();

/** The credentials of whoever writes: the kernel has all rights. */
export function credentialsOf(caller: IoCaller): Credentials {
  return caller instanceof Caller ? (<Caller>caller).credentials() : ALL_RIGHTS;
}

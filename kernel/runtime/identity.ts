// What the system calls itself: uname(2), /proc/sys/kernel, /proc/version.
//
// The release is that of the Linux whose interface is implemented: C libraries and run-times choose calls by it.
// Host and domain name can be set; nothing here sleeps.

import { bytesOf, bytesSlice } from "./text/bytes";
import { MACHINE_NAME } from "../../arch/x86_64/program-format";

export const SYSTEM_NAME: string = "Linux";
export const RELEASE: string = "6.1.0-typix";
export const VERSION: string = "#1 Typix 0.1.0";
export const MACHINE: string = MACHINE_NAME;
/** Longest host or domain name. */
@inline export const NAME_LIMIT: i32 = 64;

@kernelLock let host: StaticArray<u8> = bytesOf("typix");
@kernelLock let domain: StaticArray<u8> = bytesOf("(none)");

export function hostName(): StaticArray<u8> {
  return host;
}

export function domainName(): StaticArray<u8> {
  return domain;
}

/** Sets the host name to the first `length` (at most NAME_LIMIT) bytes. */
export function setHostName(bytes: StaticArray<u8>, length: i32): void {
  host = bytesSlice(bytes, 0, min(length, NAME_LIMIT));
}

export function setDomainName(bytes: StaticArray<u8>, length: i32): void {
  domain = bytesSlice(bytes, 0, min(length, NAME_LIMIT));
}

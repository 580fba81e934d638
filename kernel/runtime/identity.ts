// What the system calls itself: uname(2), /proc/sys/kernel, /proc/version.
//
// The release is that of the Linux whose interface is implemented: C libraries and run-times choose calls by it.
// Host and domain name can be set: kernel/task/uts-namespace.ts.

import { MACHINE_NAME } from "../../arch/x86_64/program-format";

export const SYSTEM_NAME: string = "Linux";
export const RELEASE: string = "6.1.0-typix";
export const VERSION: string = "#1 Typix 0.1.0";
export const MACHINE: string = MACHINE_NAME;
/** Longest host or domain name. */
@inline export const NAME_LIMIT: i32 = 64;

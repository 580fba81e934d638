// What asc's compiler supplies and its own declarations do not name; for the editor.

/** Address of the table of runtime types. */
declare const __rtti_base: usize;
/** Visits every global that holds a managed reference. */
declare function __visit_globals(cookie: u32): void;
/** Visits the references in an object. */
declare function __visit_members(object: usize, cookie: u32): void;
/** Marks a function that may sleep; the build compares with the call graph (docs/locks-and-sleeping.md). */
declare function sleeps(...args: any[]): any;
/** Marks a function that must not sleep, nor anything it calls. */
declare function noSleep(...args: any[]): any;
/** Marks a function that returns a counted object with a count for the caller. */
declare function counted(...args: any[]): any;
/** Marks a field, or a function, whose counted object stays as long as whoever holds it. */
declare function kept(...args: any[]): any;
/** Marks an export of a trusted file that no caller can break memory safety through. */
declare function safe(...args: any[]): any;
/** Guards of module state (toolchain/check/state/module-state.ts). */
declare function kernelLock(...args: any[]): any;
declare function bootOnly(...args: any[]): any;
declare function thisCpu(...args: any[]): any;
declare function scratch(...args: any[]): any;
declare function constant(...args: any[]): any;

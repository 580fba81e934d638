// The CPUID instruction, for everyone: it has no effect on memory. TRUSTED only because it names an import.

export { cpuid } from "./machine";

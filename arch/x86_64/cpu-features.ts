// What this CPU can do, from CPUID, and how /proc/cpuinfo describes it.
//
// `detectCpu` runs once at boot; the result never changes. Nothing here sleeps.
// Specifications: Intel SDM volume 2A, CPUID; AMD64 manual volume 3, appendix E; flag names as Linux prints them.

import { cpuid } from "./cpuid";

@final
export class CpuFeatures {
  /** "GenuineIntel", "AuthenticAMD", … */
  vendor: string = "";
  /** The brand string without surrounding blanks, or "". */
  brand: string = "";
  family: u32 = 0;
  model: u32 = 0;
  stepping: u32 = 0;
  highestLeaf: u32 = 0;
  highestExtendedLeaf: u32 = 0;
  hasNx: bool = false;
  hasGiantPages: bool = false;
  hasPat: bool = false;
  hasGlobalPages: bool = false;
  hasSmep: bool = false;
  hasSmap: bool = false;
  hasUmip: bool = false;
  hasFsGsBase: bool = false;
  hasXsave: bool = false;
  hasAvx: bool = false;
  hasPcid: bool = false;
  hasInvpcid: bool = false;
  hasTscDeadline: bool = false;
  hasInvariantTsc: bool = false;
  hasRdrand: bool = false;
  hasRdseed: bool = false;
  hasRdtscp: bool = false;
  hasRdpid: bool = false;
  hasErms: bool = false;
  hasX2Apic: bool = false;
  isHypervisor: bool = false;
  /** "KVMKVMKVM", "TCGTCGTCGTCG", …, or "". */
  hypervisor: string = "";
  physicalAddressBits: u32 = 36;
  virtualAddressBits: u32 = 48;
  cacheLineBytes: u32 = 64;
  /** Words of feature bits in the order of FLAG_NAMES. */
  words: StaticArray<u32> = new StaticArray<u32>(9);
}

/** Bit names of the words, bit 0 first; "-" is a bit that Linux does not show (or shows in another word). */
const FLAG_NAMES: StaticArray<string> = [
  // 1.EDX
  "fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat pse36 pn clflush - dts acpi mmx fxsr sse sse2 ss ht tm ia64 pbe",
  // 8000_0001.EDX
  "- - - - - - - - - - - syscall - - - - - - - mp nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext 3dnow",
  // Linux's own: see ownFlags
  "constant_tsc rep_good nopl nonstop_tsc cpuid tsc_known_freq",
  // 1.ECX
  "pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid sdbg fma cx16 xtpr pdcm - pcid dca sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave - avx f16c rdrand hypervisor",
  // 8000_0001.ECX
  "lahf_lm cmp_legacy svm extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt - lwp fma4 tce - nodeid_msr - tbm topoext perfctr_core perfctr_nb - bpext ptsc perfctr_llc mwaitx - -",
  // 7.0.EBX
  "fsgsbase tsc_adjust sgx bmi1 hle avx2 - smep bmi2 erms invpcid rtm cqm - mpx rdt_a avx512f avx512dq rdseed adx smap avx512ifma - clflushopt clwb intel_pt avx512pf avx512er avx512cd sha_ni avx512bw avx512vl",
  // 13.1.EAX
  "xsaveopt xsavec xgetbv1 xsaves",
  // 7.0.ECX
  "- avx512vbmi umip pku ospke waitpkg avx512_vbmi2 - gfni vaes vpclmulqdq avx512_vnni avx512_bitalg tme avx512_vpopcntdq - la57 - - - - - rdpid - bus_lock_detect cldemote - movdiri movdir64b enqcmd - -",
  // 7.0.EDX
  "- - avx512_4vnniw avx512_4fmaps fsrm - - - avx512_vp2intersect - md_clear - - - serialize - tsxldtrk - pconfig arch_lbr ibt - amx_bf16 avx512_fp16 amx_tile amx_int8 - - flush_l1d arch_capabilities - -",
];

namespace Word {
  export const BASE_EDX: i32 = 0;
  export const EXTENDED_EDX: i32 = 1;
  export const OWN: i32 = 2;
  export const BASE_ECX: i32 = 3;
  export const EXTENDED_ECX: i32 = 4;
  export const SEVEN_EBX: i32 = 5;
  export const XSAVE: i32 = 6;
  export const SEVEN_ECX: i32 = 7;
  export const SEVEN_EDX: i32 = 8;
}

const EAX: u32 = 0;
const EBX: u32 = 1;
const ECX: u32 = 2;
const EDX: u32 = 3;
const EXTENDED: u32 = 0x8000_0000;

/** Asks the CPU. */
export function detectCpu(): CpuFeatures {
  const cpu = new CpuFeatures();
  cpu.highestLeaf = cpuid(0, 0, EAX);
  cpu.vendor = asciiOf(cpuid(0, 0, EBX)) + asciiOf(cpuid(0, 0, EDX)) + asciiOf(cpuid(0, 0, ECX));
  cpu.highestExtendedLeaf = cpuid(EXTENDED, 0, EAX);
  if (cpu.highestExtendedLeaf < EXTENDED || cpu.highestExtendedLeaf > EXTENDED + 0xff) cpu.highestExtendedLeaf = 0;
  readSignature(cpu);
  readWords(cpu);
  setFlags(cpu);
  readExtended(cpu);
  ownFlags(cpu);
  return cpu;
}

/** The `flags` line of /proc/cpuinfo, in Linux's names and order. */
export function cpuFlags(cpu: CpuFeatures): string {
  let text = "";
  for (let word = 0; word < FLAG_NAMES.length; word++) {
    const names = FLAG_NAMES[word].split(" ");
    for (let bit = 0; bit < names.length; bit++) {
      if ((cpu.words[word] >> <u32>bit & 1) == 0 || names[bit] == "-") continue;
      text += text.length == 0 ? names[bit] : " " + names[bit];
    }
  }
  return text;
}

/** The four characters in a register. */
function asciiOf(value: u32): string {
  let text = "";
  for (let i: u32 = 0; i < 4; i++) {
    const code = <i32>(value >> (8 * i) & 0xff);
    if (code >= 0x20 && code < 0x7f) text += String.fromCharCode(code);
  }
  return text;
}

function readSignature(cpu: CpuFeatures): void {
  const signature = cpuid(1, 0, EAX);
  cpu.stepping = signature & 15;
  cpu.family = signature >> 8 & 15;
  cpu.model = signature >> 4 & 15;
  if (cpu.family == 6 || cpu.family == 15) cpu.model |= (signature >> 16 & 15) << 4;
  if (cpu.family == 15) cpu.family += signature >> 20 & 0xff;
  const lines = cpuid(1, 0, EBX) >> 8 & 0xff;
  if (lines != 0) cpu.cacheLineBytes = lines * 8;
}

function readWords(cpu: CpuFeatures): void {
  const words = cpu.words;
  words[Word.BASE_EDX] = cpuid(1, 0, EDX);
  words[Word.BASE_ECX] = cpuid(1, 0, ECX);
  if (cpu.highestLeaf >= 7) {
    words[Word.SEVEN_EBX] = cpuid(7, 0, EBX);
    words[Word.SEVEN_ECX] = cpuid(7, 0, ECX);
    words[Word.SEVEN_EDX] = cpuid(7, 0, EDX);
  }
  if (cpu.highestLeaf >= 13) words[Word.XSAVE] = cpuid(13, 1, EAX) & 15;
  if (cpu.highestExtendedLeaf > EXTENDED) {
    words[Word.EXTENDED_EDX] = cpuid(EXTENDED + 1, 0, EDX);
    words[Word.EXTENDED_ECX] = cpuid(EXTENDED + 1, 0, ECX);
  }
}

@inline
function has(cpu: CpuFeatures, word: i32, bit: u32): bool {
  return (cpu.words[word] >> bit & 1) != 0;
}

function setFlags(cpu: CpuFeatures): void {
  cpu.hasGlobalPages = has(cpu, Word.BASE_EDX, 13);
  cpu.hasPat = has(cpu, Word.BASE_EDX, 16);
  cpu.hasNx = has(cpu, Word.EXTENDED_EDX, 20);
  cpu.hasGiantPages = has(cpu, Word.EXTENDED_EDX, 26);
  cpu.hasRdtscp = has(cpu, Word.EXTENDED_EDX, 27);
  cpu.hasPcid = has(cpu, Word.BASE_ECX, 17);
  cpu.hasX2Apic = has(cpu, Word.BASE_ECX, 21);
  cpu.hasTscDeadline = has(cpu, Word.BASE_ECX, 24);
  cpu.hasXsave = has(cpu, Word.BASE_ECX, 26);
  cpu.hasAvx = has(cpu, Word.BASE_ECX, 28);
  cpu.hasRdrand = has(cpu, Word.BASE_ECX, 30);
  cpu.isHypervisor = has(cpu, Word.BASE_ECX, 31);
  cpu.hasFsGsBase = has(cpu, Word.SEVEN_EBX, 0);
  cpu.hasSmep = has(cpu, Word.SEVEN_EBX, 7);
  cpu.hasErms = has(cpu, Word.SEVEN_EBX, 9);
  cpu.hasInvpcid = has(cpu, Word.SEVEN_EBX, 10);
  cpu.hasRdseed = has(cpu, Word.SEVEN_EBX, 18);
  cpu.hasSmap = has(cpu, Word.SEVEN_EBX, 20);
  cpu.hasUmip = has(cpu, Word.SEVEN_ECX, 2);
  cpu.hasRdpid = has(cpu, Word.SEVEN_ECX, 22);
}

function readExtended(cpu: CpuFeatures): void {
  if (cpu.highestExtendedLeaf >= EXTENDED + 4) {
    let brand = "";
    for (let leaf = EXTENDED + 2; leaf <= EXTENDED + 4; leaf++) {
      for (let register = EAX; register <= EDX; register++) brand += asciiOf(cpuid(leaf, 0, register));
    }
    cpu.brand = brand.trim();
  }
  if (cpu.highestExtendedLeaf >= EXTENDED + 7) cpu.hasInvariantTsc = (cpuid(EXTENDED + 7, 0, EDX) >> 8 & 1) != 0;
  if (cpu.highestExtendedLeaf >= EXTENDED + 8) {
    const sizes = cpuid(EXTENDED + 8, 0, EAX);
    cpu.physicalAddressBits = sizes & 0xff;
    cpu.virtualAddressBits = sizes >> 8 & 0xff;
  }
  if (cpu.isHypervisor) {
    cpu.hypervisor = asciiOf(cpuid(0x4000_0000, 0, EBX)) + asciiOf(cpuid(0x4000_0000, 0, ECX)) + asciiOf(cpuid(0x4000_0000, 0, EDX));
  }
}

/** Flags that Linux derives: constant_tsc, rep_good, nopl, nonstop_tsc, cpuid; every 64-bit CPU has the second, third and last. */
function ownFlags(cpu: CpuFeatures): void {
  cpu.words[Word.OWN] = 0b010110 | (cpu.hasInvariantTsc ? 0b001001 : 0);
}

// /proc/cmdline and /proc/cpuinfo: facts that are known from boot on. Nothing here sleeps.

import { CpuFeatures, cpuFlags } from "../../../arch/x86_64/cpu-features";
import { ByteBuilder } from "../../runtime/text/byte-builder";
import { tscFrequency } from "../../time/clock";
import { addProcText } from "../proc-text";

@bootOnly let commandLine: StaticArray<u8> = new StaticArray<u8>(0);
@bootOnly let features: CpuFeatures | null = null;

function showCommandLine(out: ByteBuilder): void {
  out.appendBytes(commandLine).newline();
}

/** "name<tabs>: value" */
function field(out: ByteBuilder, name: string, value: string): void {
  out.append(name).append(": ").append(value).newline();
}

function showCpuInfo(out: ByteBuilder): void {
  const cpu = features;
  if (cpu === null) return;
  const kilohertz = tscFrequency() / 1000;
  field(out, "processor\t", "0");
  field(out, "vendor_id\t", cpu.vendor);
  field(out, "cpu family\t", cpu.family.toString());
  field(out, "model\t\t", cpu.model.toString());
  field(out, "model name\t", cpu.brand.length > 0 ? cpu.brand : "unknown");
  field(out, "stepping\t", cpu.stepping.toString());
  out.append("cpu MHz\t\t: ").appendUnsigned(kilohertz / 1000).appendByte(0x2e).appendPadded(kilohertz % 1000, 3, 0x30).newline();
  field(out, "physical id\t", "0");
  field(out, "siblings\t", "1");
  field(out, "core id\t\t", "0");
  field(out, "cpu cores\t", "1");
  field(out, "apicid\t\t", "0");
  field(out, "initial apicid\t", "0");
  field(out, "fpu\t\t", "yes");
  field(out, "fpu_exception\t", "yes");
  field(out, "cpuid level\t", cpu.highestLeaf.toString());
  field(out, "wp\t\t", "yes");
  field(out, "flags\t\t", cpuFlags(cpu));
  const bogomips = kilohertz * 2;
  out.append("bogomips\t: ").appendUnsigned(bogomips / 1000).appendByte(0x2e).appendPadded(bogomips % 1000 / 10, 2, 0x30).newline();
  field(out, "clflush size\t", cpu.cacheLineBytes.toString());
  field(out, "cache_alignment\t", cpu.cacheLineBytes.toString());
  out.append("address sizes\t: ").appendUnsigned(cpu.physicalAddressBits).append(" bits physical, ");
  out.appendUnsigned(cpu.virtualAddressBits).append(" bits virtual\n");
  out.append("power management:\n");
  out.newline();
}

/** Adds the files; before procfs is first mounted. */
export function registerBootFiles(line: StaticArray<u8>, cpu: CpuFeatures): void {
  commandLine = line;
  features = cpu;
  addProcText("", "cmdline", 0o444, showCommandLine);
  addProcText("", "cpuinfo", 0o444, showCpuInfo);
}

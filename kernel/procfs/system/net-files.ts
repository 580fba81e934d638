// /proc/net: what is there without a network: the headings of Linux's tables, no rows.

import { ByteBuilder } from "../../runtime/text/byte-builder";
import { addProcText } from "../proc-text";

function showDevices(out: ByteBuilder): void {
  out.append("Inter-|   Receive                                                |  Transmit\n");
  out.append(" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n");
}

function showTcp(out: ByteBuilder): void {
  out.append("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode");
  out.appendFill(0x20, 53).newline();
}

function showUnix(out: ByteBuilder): void {
  out.append("Num       RefCount Protocol Flags    Type St Inode Path\n");
}

function showRoutes(out: ByteBuilder): void {
  out.append("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT");
  out.appendFill(0x20, 55).newline();
}

/** Adds the files; before procfs is first mounted. */
export function registerNetFiles(): void {
  addProcText("net", "dev", 0o444, showDevices);
  addProcText("net", "tcp", 0o444, showTcp);
  addProcText("net", "unix", 0o444, showUnix);
  addProcText("net", "route", 0o444, showRoutes);
}

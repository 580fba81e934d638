// Who may send a signal to whom (kill(2)). Nothing sleeps.

import { Errno } from "../../abi/errno";
import { Capability } from "../../vfs/credentials";
import { Process } from "../process";
import { Task } from "../task";
import { Signal } from "../../abi/signal";

/** 0 or -EPERM for `sender` sending `number` to the process of `target`. */
export function checkKill(sender: Task, target: Task, number: i32): i32 {
  if (sender.process === target.process) return 0;
  const from = sender.credentials;
  const to = target.credentials;
  if (from.euid == to.suid || from.euid == to.uid || from.uid == to.suid || from.uid == to.uid) return 0;
  if (from.has(Capability.KILL)) return 0;
  if (number == Signal.CONT && sender.process.session === target.process.session) return 0;
  return -Errno.EPERM;
}

/** The thread whose credentials stand for a process, zombie or not. */
export function credentialsHolder(process: Process): Task | null {
  const leader = process.leader;
  return leader !== null ? leader : process.firstThread;
}

// `#!` scripts: the first line names the interpreter and at most one argument (execve(2), "Interpreter scripts").
// Sleeps (opens the interpreter).

import { Errno } from "../../abi/errno";
import { openExecutable } from "./exec-open";
import { ExecRequest, HEAD_SIZE } from "./exec-request";
import { StringList } from "./exec-arguments";
import { closeExecutable } from "./executable-file";
import { Task } from "../task";

@inline const NEWLINE: u8 = 10;
@inline const SPACE: u8 = 32;
@inline const TAB: u8 = 9;

export function isScript(head: StaticArray<u8>): bool {
  return head[0] == 0x23 && head[1] == 0x21;
}

@inline function isBlank(byte: u8): bool { return byte == SPACE || byte == TAB; }
@inline function isTerminator(byte: u8): bool { return isBlank(byte) || byte == 0; }

/** First position in from … end that is no blank, or -1. */
function skipBlanks(head: StaticArray<u8>, from: i32, end: i32): i32 {
  for (let i = from; i <= end; i++) {
    if (!isBlank(head[i])) return i;
  }
  return -1;
}

/** First blank or NUL in from … end, or -1. */
function findTerminator(head: StaticArray<u8>, from: i32, end: i32): i32 {
  for (let i = from; i <= end; i++) {
    if (isTerminator(head[i])) return i;
  }
  return -1;
}

/** Position of the newline among the bytes before the first NUL, or -1. */
function findNewline(head: StaticArray<u8>): i32 {
  for (let i = 0; i < HEAD_SIZE && head[i] != 0; i++) {
    if (head[i] == NEWLINE) return i;
  }
  return -1;
}

/**
 * Makes the interpreter the program: its file replaces the script's, and its name, its argument and the script's path
 * replace argv[0]. 0, -ENOEXEC (no interpreter, or its name may be cut off) or why it cannot be run.
 */
@sleeps export function substituteInterpreter(task: Task, request: ExecRequest): i32 {
  const head = request.head;
  const last = HEAD_SIZE - 1;
  let end = findNewline(head);
  if (end < 0) {
    const first = skipBlanks(head, 2, last);
    if (first < 0 || findTerminator(head, first, last) < 0) return -Errno.ENOEXEC;
    end = last;
  }
  while (end > 2 && isBlank(head[end - 1])) end--;
  const nameAt = skipBlanks(head, 2, end);
  if (nameAt < 0 || nameAt >= end) return -Errno.ENOEXEC;
  let nameEnd = findTerminator(head, nameAt, end);
  let argumentAt = -1;
  if (nameEnd < 0 || nameEnd > end) nameEnd = end;
  else if (head[nameEnd] != 0) argumentAt = skipBlanks(head, nameEnd, end);
  if (request.isPathHidden) return -Errno.ENOENT;
  const status = prependStrings(request, head, nameAt, nameEnd, argumentAt, end);
  if (status < 0) return status;
  const path = new StaticArray<u8>(nameEnd - nameAt);
  for (let i = 0; i < path.length; i++) path[i] = head[nameAt + i];
  closeExecutable(request.file);
  request.file = null;
  request.path.clear();
  if (!request.path.add(path, 0, path.length)) return -Errno.ENOMEM;
  // Linux takes an empty name for the working directory, which cannot be executed.
  return path.length == 0 ? -Errno.EACCES : openExecutable(task, request, path);
}

function prependStrings(request: ExecRequest, head: StaticArray<u8>, nameAt: i32, nameEnd: i32, argumentAt: i32, end: i32): i32 {
  const front = new StringList();
  let isAdded = front.add(head, nameAt, nameEnd - nameAt);
  if (argumentAt >= 0 && argumentAt < end) {
    // A NUL within the line ends the argument.
    let argumentEnd = argumentAt;
    while (argumentEnd < end && head[argumentEnd] != 0) argumentEnd++;
    isAdded = isAdded && front.add(head, argumentAt, argumentEnd - argumentAt);
  }
  const path = request.path;
  isAdded = isAdded && front.add(path.bytes, 0, path.length - 1);
  const argv = request.lists.argv;
  argv.dropFirst();
  if (!isAdded || !argv.prepend(front)) return -Errno.ENOMEM;
  return request.lists.fits ? 0 : -Errno.E2BIG;
}

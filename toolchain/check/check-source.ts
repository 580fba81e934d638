// Checks that need only the text of a file: raw memory and hardware outside trusted files, layers, names.

import path from 'node:path';
import ts from 'typescript';
import type { Finding } from './check-bodies.js';
import { LAYERS, layerOf } from './layers.js';

/** Functions and namespaces of AssemblyScript that reach raw memory or break the type system. */
const RAW_FUNCTIONS = new Set(['load', 'store', 'changetype', 'unchecked', 'call_indirect', 'memory', 'heap', 'atomic', 'v128', 'table']);
/** `i32.load`, `i64.store8`, `i32.atomic…`: built-ins of the number types. */
const RAW_TYPE_NAMESPACES = new Set(['i32', 'i64', 'f32', 'f64', 'usize', 'isize', 'u32', 'u64']);
const RAW_MEMBERS = /^(?:load|store|atomic)/;
const RAW_DECORATORS = new Set(['unmanaged', 'external', 'global']);
const MACHINE = 'arch/x86_64/machine';

export interface SourceFile {
  file: string;
  text: string;
}

/** Checks one file. Tests may use everything. */
export function checkSource({ file, text }: SourceFile, isTrusted: boolean): Finding[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const findings: Finding[] = [];
  const report = (node: ts.Node, rule: string, message: string) => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
    findings.push({ position: `${file}:${line + 1}:${character + 1}`, rule, message });
  };
  const isTest = file.endsWith('.test.ts');
  if (!/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/.test(file.replace(/^arch\/x86_64\//, 'arch/'))) {
    report(source, 'file-name', 'file names are kebab-case');
  }
  for (const { specifier, target } of importsOf(source, file)) {
    if (!isTest) checkLayer(file, target, (message) => report(specifier, 'layer', message));
    if (target === MACHINE && !isTrusted && !isTest) report(specifier, 'raw-hardware', 'only trusted files import from machine.ts (toolchain/check/trusted-files.txt)');
  }
  if (!isTrusted && !isTest) checkRaw(source, report);
  return findings;
}

/** What a file imports or re-exports, as paths without ending. */
function importsOf(source: ts.SourceFile, file: string): { specifier: ts.Node; target: string }[] {
  const result: { specifier: ts.Node; target: string }[] = [];
  for (const statement of source.statements) {
    const specifier = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) ? statement.moduleSpecifier : undefined;
    if (!specifier || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) continue;
    result.push({ specifier, target: path.posix.join(path.posix.dirname(file), specifier.text) });
  }
  return result;
}

function checkLayer(file: string, target: string, report: (message: string) => void): void {
  const own = layerOf(file);
  const other = layerOf(`${target}.ts`);
  if (own < 0) report(`${path.posix.dirname(file)} belongs to no layer of toolchain/check/layers.ts`);
  else if (other < 0) report(`${target} belongs to no layer of toolchain/check/layers.ts`);
  else if (other > own) report(`${LAYERS[own]} must not import from ${LAYERS[other]}, which is above it`);
}

function checkRaw(source: ts.SourceFile, report: (node: ts.Node, rule: string, message: string) => void): void {
  const own = declaredNames(source);
  const visit = (node: ts.Node): void => {
    if (ts.isDecorator(node)) {
      const name = node.expression.getText().replace(/\(.*$/s, '');
      if (RAW_DECORATORS.has(name)) report(node, 'raw-memory', `@${name} outside a trusted file (toolchain/check/trusted-files.txt)`);
    } else if (ts.isIdentifier(node) && isRawUse(node, own)) {
      report(node, 'raw-memory', `${node.text} outside a trusted file (toolchain/check/trusted-files.txt)`);
    } else if (ts.isPropertyAccessExpression(node) && isRawTypeMember(node)) {
      report(node, 'raw-memory', `${node.getText()} outside a trusted file (toolchain/check/trusted-files.txt)`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** Names that a file declares or imports itself: they hide the built-ins. */
function declaredNames(source: ts.SourceFile): Set<string> {
  const result = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isDeclaration = ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isImportSpecifier(node)
      || ts.isClassDeclaration(node) || ts.isNamespaceImport(node);
    if (isDeclaration && node.name && ts.isIdentifier(node.name)) result.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return result;
}

function isRawUse(node: ts.Identifier, own: Set<string>): boolean {
  const isRuntime = /^__[a-z]/.test(node.text);
  if (!isRuntime && !RAW_FUNCTIONS.has(node.text)) return false;
  if (own.has(node.text)) return false;
  const { parent } = node;
  // Members and declarations of that name are not the built-ins.
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isAccessor(parent)) return parent.name !== node;
  return true;
}

function isRawTypeMember(node: ts.PropertyAccessExpression): boolean {
  return ts.isIdentifier(node.expression) && RAW_TYPE_NAMESPACES.has(node.expression.text) && RAW_MEMBERS.test(node.name.text);
}

/** Lines that are neither empty nor comment. */
export function codeLines(text: string): number {
  const withoutBlocks = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''));
  return withoutBlocks.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:\/\/|#[^a-z]|#$)/.test(line)).length;
}

// Finds the functions of a file and how many lines each takes, by matching braces in text without comments and
// strings. A brace opens a function when `=>` stands before it, or a parameter list with an optional return
// type that does not belong to `if`, `for` and their like.

import { lineOf, type Source } from './source.ts'

export interface FunctionSpan {
  readonly name: string
  readonly line: number
  readonly lineCount: number
}

const statements = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await'])

export function functionsOf({ code }: Source): readonly FunctionSpan[] {
  const pairs = matchPairs(code)
  const found: FunctionSpan[] = []
  for (const [open, close] of pairs) {
    const start = code[open] === '{' ? startOfFunction(code, open, pairs) : undefined
    if (start === undefined) continue
    const line = lineOf(code, start.offset)
    found.push({ name: start.name, line, lineCount: lineOf(code, close) - line + 1 })
  }
  return found
}

interface Start {
  readonly name: string
  readonly offset: number
}

function startOfFunction(code: string, open: number, pairs: ReadonlyMap<number, number>): Start | undefined {
  const before = code.slice(0, open).trimEnd()
  const signature = before.endsWith('=>') ? before.slice(0, -2).trimEnd() : before
  const isArrow = signature !== before
  const parameters = parametersAtEnd(signature, pairs)
  if (parameters === undefined)
    return isArrow ? { name: 'arrow function', offset: lineStart(code, open) } : undefined
  const head = code.slice(0, parameters).replace(/<[^<>()]*(?:<[^<>]*>[^<>]*)*>\s*$/, '')
  const name = /([\w$#]+)\s*$/.exec(head)?.[1] ?? ''
  if (!isArrow && (statements.has(name) || name === '')) return undefined
  const assigned = /([\w$#]+)\s*(?::[^=;\n]*)?=\s*(?:async\s*)?$/.exec(lastStatement(head))?.[1]
  return { name: (isArrow ? assigned : name) ?? 'arrow function', offset: lineStart(code, parameters) }
}

/** Where the parameter list starts that ends this text, a return type after it left aside. */
function parametersAtEnd(signature: string, pairs: ReadonlyMap<number, number>): number | undefined {
  const end = /\)(\s*:[^;=]*)?$/.exec(signature.slice(-400))
  if (end === null) return undefined
  const close = Math.max(0, signature.length - 400) + end.index
  for (const [open, closedAt] of pairs) if (closedAt === close) return open
  return undefined
}

/** Each opening brace or parenthesis with the one that closes it. */
function matchPairs(code: string): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>()
  const open: number[] = []
  for (let index = 0; index < code.length; index++) {
    const character = code[index]
    if (character === '{' || character === '(') open.push(index)
    if (character !== '}' && character !== ')') continue
    const start = open.pop()
    if (start !== undefined) pairs.set(start, index)
  }
  return pairs
}

function lastStatement(text: string): string {
  return text.slice(Math.max(text.lastIndexOf(';'), text.lastIndexOf('\n\n')) + 1).slice(-300)
}

function lineStart(code: string, offset: number): number {
  const text = code.slice(0, offset)
  const start = text.lastIndexOf('\n') + 1
  return start + (/^\s*/.exec(code.slice(start))?.[0].length ?? 0)
}

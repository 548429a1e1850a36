// Reads the repository as text for the tidiness rules: each file once, beside a copy in which comments and the
// contents of strings are blanked, so that a rule about code does not stumble over prose. The copy has the same
// length and line breaks, so that an offset found in one is valid in the other. It is a scanner, not a parser:
// what it cannot know (text between JSX tags, a regular expression after a parenthesis) it guesses.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Source {
  /** Path from the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
  /** The text with comments and string contents turned into spaces. */
  readonly code: string
  /** The text with everything but comments turned into spaces. */
  readonly comments: string
}

export interface Finding {
  readonly path: string
  readonly line: number
  /** What is wrong and what to write in its place. */
  readonly message: string
}

/** The paths of all files of the repository, in order; folders that .gitignore names are passed over. */
export function listFiles(root: string): readonly string[] {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').match(/^.+(?=\/$)/gm) ?? []
  return listFolder(root, '', new Set(['.git', ...ignored]))
}

function listFolder(root: string, folder: string, ignored: ReadonlySet<string>): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (ignored.has(entry.name) || ignored.has(path)) return []
      if (entry.isDirectory()) return listFolder(root, path, ignored)
      return entry.isFile() ? [path] : []
    })
}

export function readSource(root: string, path: string): Source {
  return createSource(path, readFileSync(join(root, path), 'utf8'))
}

export function createSource(path: string, text: string): Source {
  const isCode = maskOf(text)
  return {
    path,
    text,
    code: blank(text, (index) => isCode[index] === code),
    comments: blank(text, (index) => isCode[index] === comment),
  }
}

/** A finding for every match of the pattern in `where`, at its line. */
export function findAll(source: Source, where: string, pattern: RegExp, message: string): readonly Finding[] {
  return [...where.matchAll(pattern)].map((match) => findingAt(source, match.index, message))
}

export function findingAt(source: Source, offset: number, message: string): Finding {
  return { path: source.path, line: lineOf(source.text, offset), message }
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

const code = 0
const comment = 1
const literal = 2

function blank(text: string, keep: (index: number) => boolean): string {
  let out = ''
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? ''
    out += character === '\n' || keep(index) ? character : ' '
  }
  return out
}

/** For each character: code, comment, or the inside of a string or regular expression. */
function maskOf(text: string): Uint8Array {
  const mask = new Uint8Array(text.length)
  scanCode(text, 0, mask, false)
  return mask
}

/** Scans code from `start` to the end, or to the brace that closes a template's `${`. Returns where it stopped. */
function scanCode(text: string, start: number, mask: Uint8Array, inTemplate: boolean): number {
  let depth = 0
  let index = start
  while (index < text.length) {
    const character = text[index] ?? ''
    if (inTemplate && character === '}' && depth === 0) return index
    if (character === '{') depth++
    if (character === '}') depth--
    index = scanToken(text, index, mask)
  }
  return index
}

/** Scans one character of code, or the whole comment or literal that starts there. Returns what follows it. */
function scanToken(text: string, index: number, mask: Uint8Array): number {
  const character = text[index]
  if (character === '/' && text[index + 1] === '/')
    return fill(mask, index, endOf(text, '\n', index), comment)
  if (character === '/' && text[index + 1] === '*') {
    return fill(mask, index, endOf(text, '*/', index + 2) + 2, comment)
  }
  if (character === "'" || character === '"') return scanString(text, index, mask)
  if (character === '`') return scanTemplate(text, index, mask)
  if (character === '/' && startsRegExp(text, index)) return scanRegExp(text, index, mask)
  return index + 1
}

function scanString(text: string, start: number, mask: Uint8Array): number {
  let end = start + 1
  while (end < text.length && text[end] !== text[start] && text[end] !== '\n')
    end += text[end] === '\\' ? 2 : 1
  // A quote that is not closed on its line is an apostrophe between JSX tags.
  if (text[end] !== text[start]) return start + 1
  fill(mask, start + 1, end, literal)
  return end + 1
}

function scanTemplate(text: string, start: number, mask: Uint8Array): number {
  let index = start + 1
  while (index < text.length && text[index] !== '`') {
    if (text[index] === '$' && text[index + 1] === '{') {
      index = scanCode(text, index + 2, mask, true) + 1
    } else {
      const next = index + (text[index] === '\\' ? 2 : 1)
      fill(mask, index, next, literal)
      index = next
    }
  }
  return index + 1
}

function scanRegExp(text: string, start: number, mask: Uint8Array): number {
  let end = start + 1
  let inClass = false
  while (end < text.length && text[end] !== '\n' && (inClass || text[end] !== '/')) {
    if (text[end] === '[') inClass = true
    if (text[end] === ']') inClass = false
    end += text[end] === '\\' ? 2 : 1
  }
  fill(mask, start + 1, end, literal)
  return end + 1
}

/** A slash is a division after a value, and starts a regular expression after anything else. */
function startsRegExp(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 20), index).trimEnd()
  return /(^|[=(,:[!&|?{};+*%~^>]|\b(return|typeof|case|of|in|await))$/.test(before)
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found === -1 ? text.length : found
}

function fill(mask: Uint8Array, from: number, to: number, value: number): number {
  mask.fill(value, from, to)
  return to
}

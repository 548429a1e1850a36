// The rules of a file's content: what it may be called, how long it and its functions may be, and what it may
// not call or say. Each rule takes sources and returns findings that name the place and the replacement.

import { posix } from 'node:path'
import { functionsOf } from './functions.ts'
import { importsOf, packageOf } from './imports.ts'
import { type Finding, findAll, findingAt, type Source } from './source.ts'

const maxFileLines = 300
const maxFunctionLines = 60
const maxComponentLines = 80

/** Files that touch the platform, with what each may use and why. Everything else is handed a seam. */
export const rims: readonly { readonly path: string; readonly allows: RegExp; readonly because: string }[] = [
  {
    path: 'packages/log/src/indexeddb/',
    allows: /^(indexedDB|IDB|idb$)/,
    because: 'the log is stored in IndexedDB',
  },
  {
    path: 'packages/views/src/indexeddb/',
    allows: /^(indexedDB|IDB|idb$)/,
    because: 'the bases of the views are stored in IndexedDB',
  },
  {
    path: 'packages/hub/src/platform.ts',
    allows: /./,
    because: 'the hub hands the real clock, timers and randomness of Node to its parts',
  },
  {
    path: 'packages/hub/src/store/sqlite/database-thread.ts',
    allows: /^new Worker/,
    because: 'the database of the hub lives in a thread of its own',
  },
  {
    path: 'packages/headwater/src/platform.ts',
    allows: /./,
    because: 'the composition hands the real clock, timers, randomness, locks and storage to the parts',
  },
]

interface Banned {
  readonly pattern: RegExp
  readonly instead: string
}

const banned: readonly Banned[] = [
  { pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/g, instead: 'take the injected clock' },
  { pattern: /\bMath\.random\b|\bcrypto\.\w+/g, instead: 'take the injected randomness' },
  {
    pattern:
      /\b(?:setTimeout|setInterval|setImmediate|clearTimeout|clearInterval|requestIdleCallback|requestAnimationFrame)\b/g,
    instead: 'take the injected timers',
  },
  { pattern: /\bconsole\.\w+/g, instead: 'throw a named error, or report it in the status' },
  { pattern: /\b(?:localStorage|sessionStorage)\b/g, instead: 'append an event, or keep it in the log' },
  { pattern: /\bnavigator\.\w+/g, instead: 'take the injected locks and storage' },
  {
    pattern: /\bnew (?:BroadcastChannel|WebSocket|Worker)\b|\bfetch\(/g,
    instead: 'take the injected channel',
  },
]

const storagePattern = /\bindexedDB\b(?!\s*[?:])|\bIDB[A-Z]\w*/g

export function findPlatform(source: Source): readonly Finding[] {
  const direct = banned.flatMap(({ pattern, instead }) =>
    [...source.code.matchAll(pattern)]
      .filter((match) => !isAllowed(source.path, match[0]))
      .map((match) => findingAt(source, match.index, `${match[0]} → ${instead}`)),
  )
  return [...direct, ...findStorage(source)]
}

function findStorage(source: Source): readonly Finding[] {
  const message =
    'IndexedDB outside a folder indexeddb/ → put it behind the interface that the folder implements'
  const names = [...source.code.matchAll(storagePattern)].map((match) => ({
    name: match[0],
    offset: match.index,
  }))
  const library = importsOf(source)
    .filter(({ specifier }) => specifier === 'idb')
    .map(({ specifier, offset }) => ({ name: specifier, offset }))
  return [...names, ...library]
    .filter(({ name }) => !isAllowed(source.path, name))
    .map(({ name, offset }) => findingAt(source, offset, `${name}: ${message}`))
}

function isAllowed(path: string, name: string): boolean {
  return rims.some((rim) => path.startsWith(rim.path) && rim.allows.test(name))
}

const vagueNames = /^(?:.*[-.])?(?:utils?|helpers?|common|shared|managers?|types|misc)$/

export function findVagueName(path: string): readonly Finding[] {
  const stem = posix.basename(path).replace(/\.\w+$/, '')
  const message = `${stem} says nothing → put what is in it with the concept it belongs to`
  return vagueNames.test(stem) ? [{ path, line: 1, message }] : []
}

export function findLength(source: Source): readonly Finding[] {
  const lineCount = source.text.trimEnd().split('\n').length
  const tooLong = `${lineCount} lines, at most ${maxFileLines} → name the concept in it and move it to its own file`
  return lineCount > maxFileLines ? [{ path: source.path, line: maxFileLines + 1, message: tooLong }] : []
}

export function findLongFunctions(source: Source): readonly Finding[] {
  const limit = packageOf(source.path) === undefined ? maxComponentLines : maxFunctionLines
  return functionsOf(source)
    .filter(({ lineCount }) => lineCount > limit)
    .map(({ name, line, lineCount }) => ({
      path: source.path,
      line,
      message: `${name} has ${lineCount} lines, at most ${limit} → move pure work into functions with names`,
    }))
}

/**
 * Where `any` stands for "some type, to be inferred": definitions with unlike type parameters are kept in one
 * list, and only `any` is both above and below all of them. The same files are listed in .oxlintrc.json.
 */
const definitions = ['packages/log/src/event.ts', 'packages/views/src/definition.ts']

/** Casts and suppressions that hide a type from the compiler. */
export function findHiddenTypes(source: Source): readonly Finding[] {
  const suppression = source.path.startsWith('test/types/') ? 'ignore|nocheck' : 'ignore|nocheck|expect-error'
  const declared = definitions.includes(source.path)
    ? []
    : findAll(source, source.code, /:\s*any\b|<any\b|\bany>/g, 'any → unknown, or a type parameter')
  return [
    ...declared,
    ...findAll(
      source,
      source.code,
      /\bas any\b/g,
      'as any → parse it, or say what it is with unknown and a check',
    ),
    ...findAll(
      source,
      source.comments,
      new RegExp(`@ts-(?:${suppression})`, 'g'),
      'a suppressed type error → repair the cause',
    ),
    ...findAll(
      source,
      source.comments,
      /(?:oxlint|eslint)-disable(?!.*--).*$|biome-ignore [^:\n]*$/gm,
      'a suppressed rule without a reason → add the root cause after -- or :',
    ),
  ]
}

export function findEmptyCatches(source: Source): readonly Finding[] {
  return [...source.text.matchAll(/\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/g)]
    .filter((match) => source.code.startsWith('catch', match.index))
    .map((match) =>
      findingAt(source, match.index, 'an empty catch → handle the error or say why it is no error'),
    )
}

export function findLeftovers(source: Source): readonly Finding[] {
  const focused = /\b(?:test|it|describe|suite)(?:\.\w+)*\.(?:only|skip|todo|fixme)\b/g
  return [
    ...findAll(source, source.code, focused, 'a test left out or singled out → run it or delete it'),
    ...findAll(
      source,
      source.comments,
      /\b(?:TODO|FIXME|XXX|HACK)\b/g,
      'an unfinished thought → finish it or open an issue',
    ),
  ]
}

export function findMissingOpening(source: Source): readonly Finding[] {
  const opens = /^(?:#!.*\n)?\s*\/[/*]/.test(source.text)
  return opens
    ? []
    : [findingAt(source, 0, 'no opening comment → say in two to five sentences what this file is')]
}

/** Paths that exist on one machine only. */
export function findMachinePaths(source: Source): readonly Finding[] {
  const pattern =
    /(?<![\w.~/-])\/(?:home|root|Users|work|mnt|tmp|private|workspace)\/[\w.-]+|[A-Z]:\\Users\\/g
  return findAll(source, source.text, pattern, 'a path of one machine → make it relative, or ask the system')
}

/** Stylesheets are loaded late and stay: what two of them say of one class depends on where a visitor came from. */
export function findSharedClasses(sheets: readonly Source[]): readonly Finding[] {
  const owners = new Map<string, string>()
  return sheets.flatMap((sheet) =>
    [...sheet.text.matchAll(/(?<=^\s*|,\s*)\.([a-z][\w-]*)(?=[^\s,{)]*\s*[,{])/gm)].flatMap(
      ({ 1: name = '', index }) => {
        const owner = owners.get(name) ?? sheet.path
        owners.set(name, owner)
        if (owner === sheet.path) return []
        return findingAt(sheet, index, `.${name} is styled in ${owner}, too → another name, or that file`)
      },
    ),
  )
}

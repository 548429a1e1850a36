// Who imports whom: the imports of a file (types included, dynamic ones, and worker files named by `new URL`),
// the direction between the packages, cycles and orphans within one. The direction is a table, so that a new
// package has to say where it belongs.

import { posix } from 'node:path'
import { type Finding, findingAt, type Source } from './source.ts'

export interface Import {
  readonly specifier: string
  readonly offset: number
}

/** Which packages a package may import. Everything points down. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  log: [],
  views: ['log'],
  replication: ['log'],
  headwater: ['log', 'views', 'replication'],
  react: ['headwater'],
  hub: ['log', 'replication'],
}

const importPattern = /\b(?:from|import|import\s*\(|new\s+URL\s*\()\s*(['"])( *)\1/g

export function importsOf(source: Source): readonly Import[] {
  return [...source.code.matchAll(importPattern)].map((match) => {
    const end = match.index + match[0].length - 1
    const start = end - (match[2]?.length ?? 0)
    return { specifier: source.text.slice(start, end), offset: match.index }
  })
}

/** The folder under packages/ that holds the file, if any. */
export function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1]
}

/** Upward and sideways imports between packages, and relative paths that leave the package. */
export function findDirection(source: Source): readonly Finding[] {
  const from = packageOf(source.path)
  return importsOf(source).flatMap(({ specifier, offset }) => {
    const target = packageOf(resolveFrom(source.path, specifier) ?? '')
    if (target !== undefined && target !== from && !source.path.startsWith('test/')) {
      return [findingAt(source, offset, `${specifier} leaves the package → import it by its package's name`)]
    }
    const named = packageNamed(specifier)
    if (from === undefined || named === undefined || mayImport[from]?.includes(named)) return []
    const allowed = mayImport[from]?.join(', ') || 'no package'
    return [
      findingAt(
        source,
        offset,
        `${from} imports ${named}, but may import ${allowed} → turn the dependency round: pass it in from above`,
      ),
    ]
  })
}

/** Relative imports must name the file as it is: TypeScript and Vite run the sources unbuilt. */
export function findExtensions(source: Source): readonly Finding[] {
  return importsOf(source)
    .filter(
      ({ specifier }) =>
        /^\.\.?\/.*[^/]$/.test(specifier) && !/\.(tsx?|mjs|css|json|md)(\?\w+)?$/.test(specifier),
    )
    .map(({ specifier, offset }) => findingAt(source, offset, `${specifier} → end it in .ts or .tsx`))
}

/** One finding for each import that closes a cycle, with the way round. */
export function findCycles(sources: readonly Source[]): readonly Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const done = new Set<string>()
  const findings: Finding[] = []
  const visit = (source: Source, way: readonly string[]): void => {
    for (const { specifier, offset } of importsOf(source)) {
      const target = resolveFrom(source.path, specifier)
      const next = target === undefined ? undefined : byPath.get(target)
      if (next === undefined || done.has(next.path)) continue
      const start = way.indexOf(next.path)
      if (start === -1) visit(next, [...way, next.path])
      else findings.push(findingAt(source, offset, cycleMessage([...way.slice(start), next.path])))
    }
    done.add(source.path)
  }
  for (const source of sources) if (!done.has(source.path)) visit(source, [source.path])
  return findings
}

/** Files that nothing reaches from the entries. */
export function findOrphans(sources: readonly Source[], entries: readonly string[]): readonly Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const reached = new Set<string>()
  const visit = (path: string): void => {
    const source = byPath.get(path)
    if (source === undefined || reached.has(path)) return
    reached.add(path)
    for (const { specifier } of importsOf(source)) visit(resolveFrom(path, specifier) ?? '')
  }
  for (const entry of entries) visit(entry)
  return sources
    .filter(({ path }) => !reached.has(path))
    .map((source) =>
      findingAt(source, 0, 'no entry reaches this file → import it where it is needed, or delete it'),
    )
}

function resolveFrom(path: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
}

function packageNamed(specifier: string): string | undefined {
  return /^@headwater\/([^/]+)/.exec(specifier)?.[1] ?? /^(headwater)(\/|$)/.exec(specifier)?.[1]
}

function cycleMessage(way: readonly string[]): string {
  const names = way.map((path) => posix.basename(path)).join(' → ')
  return `cycle ${names} → move what both need into a file of its own, below them`
}

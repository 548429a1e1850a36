// The rules of the style as tests. A failure lists each place with its line and what to write instead.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findCycles, findDirection, findExtensions, findOrphans, packageOf } from './tidy/imports.ts'
import * as rules from './tidy/rules.ts'
import { type Finding, listFiles, readSource, type Source } from './tidy/source.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = listFiles(root)
const read = (path: string): Source => readSource(root, path)

const sources = files.filter((path) => /\.(tsx?|mjs)$/.test(path)).map(read)
const inPackages = sources.filter(({ path }) => /^packages\/[^/]+\/src\//.test(path))
const inPage = sources.filter(({ path }) => path.startsWith('src/'))
const shipped = [...inPackages, ...inPage]
const manifests = files.filter((path) => /(^|\/)package\.json$/.test(path))
const packageNames = [...new Set(inPackages.map(({ path }) => packageOf(path) ?? ''))]

test('imports between packages point down, and go by package name', () => {
  expectNone(shipped.flatMap(findDirection))
})

test('relative imports end in the extension of the file', () => {
  expectNone(sources.flatMap(findExtensions))
})

test('no file imports itself by way of others', () => {
  for (const name of packageNames) expectNone(findCycles(sourcesOf(name)))
  expectNone(findCycles(inPage))
})

test('every file of a package is reached from an export', () => {
  for (const name of packageNames) expectNone(findOrphans(sourcesOf(name), entriesOf(name)))
  const declarations = inPage.filter(({ path }) => !path.endsWith('.d.ts'))
  expectNone(findOrphans(declarations, ['src/main.tsx']))
})

test('a file has at most 300 lines', () => {
  expectNone(shipped.flatMap(rules.findLength))
})

test('a function has at most 60 lines, on the page at most 80', () => {
  expectNone(shipped.flatMap(rules.findLongFunctions))
})

test('no file is called by a word that fits every file', () => {
  expectNone(sources.flatMap(({ path }) => rules.findVagueName(path)))
})

test('the platform is used at the rim only, IndexedDB in its folders only', () => {
  expectNone(inPackages.flatMap(rules.findPlatform))
})

test('no type is hidden from the compiler', () => {
  expectNone(sources.flatMap(rules.findHiddenTypes))
})

test('no error is swallowed', () => {
  expectNone(sources.flatMap(rules.findEmptyCatches))
})

test('nothing is left out, singled out or left for later', () => {
  expectNone(sources.flatMap(rules.findLeftovers))
})

test('every file of a package opens with what it is', () => {
  expectNone(inPackages.flatMap(rules.findMissingOpening))
})

test('a class is styled by one stylesheet, wherever one comes from', () => {
  expectNone(rules.findSharedClasses(files.filter((path) => path.endsWith('.css')).map(read)))
})

test('no path of one machine is in the tree', () => {
  const readable = files.filter((path) => /\.(tsx?|m?js|json|md|html|css|ya?ml)$|^\.\w+$|^\.ci\//.test(path))
  expectNone(readable.map(read).flatMap(rules.findMachinePaths))
})

test('every dependency is pinned exactly', () => {
  expectNone(
    dependencies()
      .filter(({ version }) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(toFinding('pin')),
  )
})

test('every dependency is explained in ARCHITECTURE.md', () => {
  const path = join(root, 'ARCHITECTURE.md')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const isNamed = (name: string): boolean =>
    new RegExp(`(^|[^\\w@/-])${name.replace(/[/.]/g, '\\$&')}($|[^\\w/-])`, 'm').test(text)
  const ours = new Set(manifests.map((manifest) => manifestOf(manifest).name))
  const unexplained = dependencies().filter(({ name }) => !ours.has(name) && !isNamed(name))
  expectNone(unexplained.map(toFinding('say in ARCHITECTURE.md what it is for')))
})

const laws = [
  'L1',
  'L2',
  'L3',
  'L4',
  'L5',
  'L6',
  'L7',
  'L8',
  'V1',
  'V2',
  'V3',
  'V4',
  'V5',
  'V6',
  'V7',
  'D1',
  'D2',
]
for (const law of [...laws, 'D3', 'D4', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8']) {
  test(`a test names the law ${law}`, () => {
    const named = titles().filter((title) => new RegExp(`\\b${law}\\b`).test(title))
    expect(named, `no test's title names ${law} → write the test that checks it`).not.toHaveLength(0)
  })
}

interface Dependency {
  readonly manifest: string
  readonly name: string
  readonly version: string
}

interface Manifest {
  readonly name?: string
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

function manifestOf(path: string): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, path), 'utf8'))
  return manifest
}

/** What the manifests depend on; peer dependencies are ranges by nature and not among them. */
function dependencies(): readonly Dependency[] {
  return manifests.flatMap((manifest) => {
    const { dependencies, devDependencies, optionalDependencies } = manifestOf(manifest)
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    return all.map(([name, version]) => ({ manifest, name, version }))
  })
}

function toFinding(advice: string): (dependency: Dependency) => Finding {
  return ({ manifest, name, version }) => {
    const lines = readFileSync(join(root, manifest), 'utf8').split('\n')
    const line = lines.findIndex((text) => text.includes(`"${name}"`)) + 1
    return { path: manifest, line, message: `${name} ${version} → ${advice}` }
  }
}

function sourcesOf(name: string): readonly Source[] {
  return inPackages.filter(({ path }) => packageOf(path) === name)
}

function entriesOf(name: string): readonly string[] {
  const { exports = {}, bin = {} } = manifestOf(`packages/${name}/package.json`)
  const entries = Object.values(exports).map((entry) => entry['@headwater/source'])
  const programs = Object.values(bin).map((path) => path.replace('/dist/', '/src/').replace(/js$/, 'ts'))
  return [...entries, ...programs].map((path) => `packages/${name}/${path?.slice(2)}`)
}

/** The titles of all tests but these here. */
function titles(): readonly string[] {
  const pattern = /\b(?:test|it|describe)(?:\.\w+)*(?:\([^()]*\))?\(\s*(['"`])(.*?)\1/gs
  return sources
    .filter(({ path }) => path.startsWith('test/') && !path.startsWith('test/tidy'))
    .flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[2] ?? ''))
}

function expectNone(findings: readonly Finding[]): void {
  const lines = findings.map(({ path, line, message }) => `${path}:${line} ${message}`)
  expect(lines.length, `\n${lines.join('\n')}\n`).toBe(0)
}

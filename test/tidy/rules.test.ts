// The tidiness rules on planted faults: each finds what it is for, and lets the next best thing pass.

import { expect, test } from 'vitest'
import { functionsOf } from './functions.ts'
import { findCycles, findDirection, findExtensions, findOrphans } from './imports.ts'
import * as rules from './rules.ts'
import { createSource, type Finding, type Source } from './source.ts'

const inLog = (text: string, path = 'packages/log/src/merge.ts'): Source => createSource(path, text)
const linesOf = (findings: readonly Finding[]): readonly number[] => findings.map(({ line }) => line)

test('comments, strings, templates and regular expressions are not code', () => {
  const template = `\`h $${'{'}i + \`j$${'{'}k}\`} l\``
  const text = ["a // b 'c'", "'d // e' + f /* g", `*/ ${template} / m = /n"/.test(o) // p`].join('\n')
  const { code, comments } = createSource('x.ts', text)
  expect(code.replace(/[^a-z]/g, '')).toBe('afikmtesto')
  expect(comments.replace(/[^a-z]/g, '')).toBe('bcgp')
  expect([code.length, comments.length]).toEqual([text.length, text.length])
})

test('an upward, a sideways and a reaching import are found', () => {
  const source = inLog(
    [
      "import { a } from '@headwater/views'",
      "export type { b } from 'headwater/worker'",
      "const c = import('../../views/src/index.ts')",
      "import { d } from './entry.ts'",
      "import { e } from 'idb'",
    ].join('\n'),
  )
  expect(linesOf(findDirection(source))).toEqual([1, 2, 3])
})

test('a page imports packages by name, a test may reach inside', () => {
  const text = "import { a } from '../packages/log/src/index.ts'"
  expect(findDirection(createSource('src/main.tsx', text))).toHaveLength(1)
  expect(findDirection(createSource('test/a.test.ts', text))).toHaveLength(0)
})

test('a relative import without its extension is found', () => {
  const source = inLog("import './a'\nimport './b.js'\nimport './c.ts'\nnew URL('..', import.meta.url)\n")
  expect(linesOf(findExtensions(source))).toEqual([1, 2])
})

test('a cycle is found once, types included, and a diamond is none', () => {
  const at = (name: string, ...targets: readonly string[]): Source =>
    inLog(
      targets.map((target) => `import type { X } from './${target}.ts'`).join('\n'),
      `packages/log/src/${name}.ts`,
    )
  expect(findCycles([at('a', 'b', 'c'), at('b', 'd'), at('c', 'd'), at('d')])).toHaveLength(0)
  const [cycle, ...others] = findCycles([at('a', 'b'), at('b', 'c'), at('c', 'b')])
  expect(cycle?.message).toContain('b.ts → c.ts → b.ts')
  expect(others).toHaveLength(0)
})

test('a file that no entry reaches is found, a worker named by its URL is reached', () => {
  const sources = [
    createSource('src/main.tsx', "new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })"),
    createSource('src/worker.ts', "import './model.ts'"),
    createSource('src/model.ts', ''),
    createSource('src/left.ts', ''),
  ]
  expect(findOrphans(sources, ['src/main.tsx']).map(({ path }) => path)).toEqual(['src/left.ts'])
})

test('functions are measured from their first line to their last', () => {
  const source = inLog(
    [
      'export function named(a: { b: number }): { c: number } {',
      '  if (a) {',
      '    return a',
      '  }',
      '}',
      'const arrow = async <T>(a: T): Promise<void> => {',
      '}',
      'class A {',
      '  method(): void {',
      '  }',
      '}',
    ].join('\n'),
  )
  const longest = new Map<string, number>()
  for (const { name, lineCount } of functionsOf(source)) {
    longest.set(name, Math.max(lineCount, longest.get(name) ?? 0))
  }
  expect(Object.fromEntries(longest)).toEqual({ named: 5, arrow: 2, method: 2 })
})

test('a long function and a long file are found', () => {
  const long = inLog(`function f(): void {\n${'  f()\n'.repeat(300)}}\n`)
  expect(rules.findLongFunctions(long)).toHaveLength(1)
  expect(rules.findLength(long)).toHaveLength(1)
  expect(rules.findLongFunctions(inLog(`function f(): void {\n${'  f()\n'.repeat(58)}}\n`))).toHaveLength(0)
})

test('a vague name is found', () => {
  const isVague = (path: string): boolean => rules.findVagueName(path).length > 0
  expect(['a/utils.ts', 'a/log-helpers.ts', 'a/types.ts'].every(isVague)).toBe(true)
  expect(['a/event-type.ts', 'a/commonplace.ts', 'test/types/app.ts'].some(isVague)).toBe(false)
})

test('platform calls are found outside the rim', () => {
  const text =
    "Date.now()\nnew Date(stamp)\nsetTimeout(f)\nnavigator.locks\nindexedDB.open('a')\nimport 'idb'\n"
  expect(linesOf(rules.findPlatform(inLog(text)))).toEqual([1, 3, 4, 5, 6])
  expect(linesOf(rules.findPlatform(inLog(text, 'packages/log/src/indexeddb/a.ts')))).toEqual([1, 3, 4])
  expect(rules.findPlatform(inLog('// Date.now()\n'))).toHaveLength(0)
})

test('hidden types and suppressions without a reason are found', () => {
  const source = inLog(
    [
      'const a = b as any',
      'function c(d: any) {}',
      'const e: Record<string, any> = {}',
      '// @ts-ignore',
      '// oxlint-disable-next-line no-console',
      '// oxlint-disable-next-line no-console -- the reason',
    ].join('\n'),
  )
  expect(new Set(linesOf(rules.findHiddenTypes(source)))).toEqual(new Set([1, 2, 3, 4, 5]))
})

test('an empty catch is found, one with its reason is none', () => {
  expect(rules.findEmptyCatches(inLog('try { a() } catch {}'))).toHaveLength(1)
  expect(rules.findEmptyCatches(inLog('try { a() } catch (error) {\n}'))).toHaveLength(1)
  expect(rules.findEmptyCatches(inLog('try { a() } catch {\n // gone already\n}'))).toHaveLength(0)
})

test('focused tests, unfinished thoughts and missing openings are found', () => {
  expect(
    rules.findLeftovers(inLog('test.only()\ndescribe.skip()\nreader.skip(3)\ntest.skipIf(a)')),
  ).toHaveLength(2)
  expect(rules.findLeftovers(inLog(`// ${'TO'}${'DO'}: later`))).toHaveLength(1)
  expect(rules.findMissingOpening(inLog('export {}'))).toHaveLength(1)
  expect(rules.findMissingOpening(inLog('// What it is.\nexport {}'))).toHaveLength(0)
})

test('a path of one machine is found, an address on the web is none', () => {
  const folder = ['', 'home', 'ada'].join('/')
  expect(rules.findMachinePaths(inLog(`'${folder}/x'`))).toHaveLength(1)
  expect(rules.findMachinePaths(inLog(`'https://example.org${folder}'`))).toHaveLength(0)
})

test('a class that two stylesheets style is found, one that the second only looks into is none', () => {
  const one = inLog('.a,\n.b:hover {\n}', 'src/style/one.css')
  const two = inLog('.c .a {\n}\n.b {\n  margin: .5rem, .5rem;\n}', 'src/style/two.css')
  expect(linesOf(rules.findSharedClasses([one, two]))).toEqual([3])
  expect(rules.findSharedClasses([one])).toEqual([])
})

// An export's lines: whatever a commit is made of, its line gives the author's very bytes back.
import {
  type CommitId,
  createEventRegistry,
  createMemoryLog,
  defineEvent,
  drawId,
  encodeCommit,
  msToTimestamp,
  ORIGIN,
  packDrafts,
  type ReplicaId,
  type Sequence,
} from '@headwater/log'
import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import { commitToLine, lineToCommit } from '../../packages/headwater/src/transfer/commit-line.ts'
import { Noted, Opened, refusalOf } from './world.ts'

const powers = createPlatform()
const events = createEventRegistry([Noted, Opened])
const header = {
  replica: drawId<ReplicaId>(powers.random),
  commitId: drawId<CommitId>(powers.random),
  firstSequence: 7 as Sequence,
  timestamp: msToTimestamp(1_750_000_000_000),
}

function commitOf(...data: readonly unknown[]): Uint8Array {
  const drafts = data.map((each) => ({ type: 'note', version: 1, data: each }))
  return encodeCommit(header, packDrafts(drafts, events, powers.random, header.commitId))
}

test('any commit is given back byte for byte by its line', () => {
  const data = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify({ value }).includes('-0'))
  fc.assert(
    fc.property(fc.array(data, { minLength: 1, maxLength: 5 }), (all) => {
      const bytes = commitOf(...all.map((each) => JSON.parse(JSON.stringify(each))))
      const line = commitToLine(bytes)
      expect(line).not.toContain('\n')
      expect(lineToCommit(JSON.parse(line))).toEqual(bytes)
    }),
    { seed: 11, numRuns: 300 },
  )
})

test('odd data is given back as it is', () => {
  const odd: unknown[] = ['', '\ud800', '\u2028\r\n', '😀', JSON.parse('{"__proto__":1,"2":0,"1":0}')]
  const bytes = commitOf(...odd)
  expect(lineToCommit(JSON.parse(commitToLine(bytes)))).toEqual(bytes)
})

test('a line is readable: types, versions, stamps and data stand in it as JSON', () => {
  const drafts = [Opened({ id: 'a', title: 'Crash', points: 3 }), { type: 'note', version: 1, data: [1] }]
  const bytes = encodeCommit(header, packDrafts(drafts, events, powers.random, header.commitId))
  expect(JSON.parse(commitToLine(bytes))).toEqual({
    headwater: 1,
    replica: header.replica,
    commit: header.commitId,
    sequence: 7,
    timestamp: header.timestamp,
    events: [
      { type: 'issue.opened', version: 1, data: { id: 'a', title: 'Crash', points: 3 } },
      { type: 'note', version: 1, data: [1] },
    ],
  })
})

test.each([
  ['an extension', { ...header, extensions: [{ id: 3, critical: false, value: new Uint8Array([1, 2]) }] }],
  ['another key', { ...header, keyId: 9 }],
])('a commit with %s goes as bytes, and comes back the same', (_what, special) => {
  const bytes = encodeCommit(
    special,
    packDrafts([{ type: 'note', version: 1, data: 1 }], events, powers.random),
  )
  const line = commitToLine(bytes)
  expect(JSON.parse(line)).toHaveProperty('bytes')
  expect(lineToCommit(JSON.parse(line))).toEqual(bytes)
})

test('a body that another writer spelled otherwise goes as bytes, and comes back the same', () => {
  const bytes = commitOf('xx').slice()
  bytes.set(new TextEncoder().encode(' 12 '), bytes.length - 5) // `"xx"` becomes ` 12 `
  const line = commitToLine(bytes)
  expect(JSON.parse(line)).toHaveProperty('bytes')
  expect(lineToCommit(JSON.parse(line))).toEqual(bytes)
})

test.each([
  [{ headwater: 2 }, 'FORMAT_NEWER'],
  [{ headwater: 1 }, 'COMMIT_DAMAGED'],
  [{ headwater: 1, bytes: '%' }, 'COMMIT_DAMAGED'],
  [{ headwater: 1, bytes: 'AAAA' }, 'COMMIT_DAMAGED'],
  [{ headwater: 1, replica: 'x', commit: 'y', sequence: 1, timestamp: 1, events: [] }, 'COMMIT_DAMAGED'],
  [{ ...lineWith([]) }, 'COMMIT_EMPTY'],
  [{ ...lineWith([{ type: 'note', version: 1 }]) }, 'COMMIT_DAMAGED'],
  [
    {
      ...lineWith([
        { type: 'note', version: 1, data: 0 },
        { type: 'note', version: 2, data: 0 },
      ]),
    },
    'COMMIT_DAMAGED',
  ],
])('a line that was tampered with is refused by name: %j', async (line, code) => {
  const refusal = await refusalOf((async () => lineToCommit(line))())
  expect(refusal).toMatchObject({ name: 'HeadwaterError', code })
})

function lineWith(lineEvents: readonly unknown[]): Record<string, unknown> {
  return {
    headwater: 1,
    replica: header.replica,
    commit: header.commitId,
    sequence: 1,
    timestamp: 1,
    events: lineEvents,
  }
}

test('what a log took and what another takes from its lines are the same commits', async () => {
  const v2 = defineEvent('note', { version: 2, schema: v.any(), upcast: { 1: (old) => old } })
  const one = createMemoryLog({ events: createEventRegistry([v2, Opened]), ...powers })
  const two = createMemoryLog({ events, ...powers })
  await one.append([v2({ a: 1 }), Opened({ id: 'b', title: 'é', points: 1 })])
  await one.append([v2(null)])
  const { commits } = await one.readCommits(ORIGIN)
  const taken = commits.map(({ bytes }) => lineToCommit(JSON.parse(commitToLine(bytes))))
  expect(await two.merge(taken)).toMatchObject({ merged: 3, duplicates: 0 })
  expect((await two.readCommits(ORIGIN)).commits.map(({ bytes }) => bytes)).toEqual(
    commits.map(({ bytes }) => bytes),
  )
})

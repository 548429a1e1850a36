// Random work of several connections on the hub's stores, against the simplest model there is: a list that is searched from
// its start. Appends are issued without waiting, in seeded order; what a store answers must be what the list says.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryHubStore, type HubStore, nodePlatform, openSqliteStore } from '@headwater/hub'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codesOf, contextOf, hex, readAll, STAMP_KEY } from '../contract/hub-store.contract.ts'
import { createRandom } from '../log/world.ts'
import { createAuthor, nameOf, type Written } from './author.ts'

const SEED = 20_261_127
const AUTHORS = 4
const COMMITS = 6
const subjects = ['ann', 'bob']

/** What each replica wrote, and what its clone wrote from its third commit on. */
const written = Array.from({ length: AUTHORS }, (_, a) => {
  const author = createAuthor(`author${a}`, a + 1)
  const start = [author.write({ events: 1 + (a % 3) }), author.write()]
  const clone = createAuthor(`author${a}`, a + 100, author.state)
  const go = (from: typeof author): readonly Written[] =>
    Array.from({ length: COMMITS - 2 }, (__, k) => from.write({ events: 1 + (k % 2) }))
  return { subject: subjects[a % 2]!, branches: [start.concat(go(author)), start.concat(go(clone))] as const }
})

interface Step {
  readonly workspace: number
  readonly author: number
  readonly branch: 0 | 1
  readonly from: number
  readonly count: number
  readonly isThief: boolean
  readonly isWaited: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  workspace: fc.nat(1),
  author: fc.nat(AUTHORS - 1),
  branch: fc.constantFrom(0 as const, 0 as const, 0 as const, 1 as const),
  from: fc.nat(COMMITS - 1),
  count: fc.integer({ min: 1, max: COMMITS }),
  isThief: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  isWaited: fc.boolean(),
})

/** The model: per workspace, what was stored, in order. */
function createNaive() {
  const stored: { readonly workspace: number; readonly commit: Written; readonly subject: string }[] = []
  const judge = (workspace: number, commit: Written, subject: string): string => {
    const own = stored.filter(
      (entry) => entry.workspace === workspace && entry.commit.replica === commit.replica,
    )
    if (own.some((entry) => hex(entry.commit.hash) === hex(commit.hash))) return 'held'
    if (own[0] && own[0].subject !== subject) return 'FORBIDDEN'
    const last = own.at(-1)?.commit
    const first = Number(nameOf(commit.bytes).split(':')[1])
    if (first > (last?.lastSequence ?? 0) + 1) return 'SEQUENCE_GAP'
    if (first < (last?.lastSequence ?? 0) + 1) return 'FORK'
    if (last && hex(last.hash) !== hex(commit.previous)) return 'FORK'
    stored.push({ workspace, commit, subject })
    return 'stored'
  }
  const names = (workspace: number): readonly string[] =>
    stored
      .filter((entry) => entry.workspace === workspace)
      .map(({ commit }, i) => `${i + 1} ${nameOf(commit.bytes)}`)
  return { judge, names }
}

async function play(store: HubStore, prefix: string, steps: readonly Step[]): Promise<void> {
  const naive = createNaive()
  const pending: Promise<void>[] = []
  for (const { workspace, author, branch, from, count, isThief, isWaited } of steps) {
    const { subject, branches } = written[author]!
    const commits = branches[branch].slice(from, from + count)
    const who = isThief ? subjects.find((other) => other !== subject)! : subject
    const expected = commits.map((commit) => naive.judge(workspace, commit, who))
    const context = contextOf({ subject: who, replica: commits[0]!.replica })
    const answer = store.append(`${prefix}${workspace}`, commits, context)
    pending.push(answer.then((outcomes) => expect(codesOf(outcomes)).toEqual(expected)))
    if (isWaited) await pending.at(-1)
  }
  await Promise.all(pending)
  for (const workspace of [0, 1])
    expect(await readAll(store, `${prefix}${workspace}`, 400)).toEqual(naive.names(workspace))
}

test('any interleaving of appends is judged and placed as a list would (R1, R2)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-hub-'))
  const policy = { stampKey: STAMP_KEY }
  const stores = [
    createMemoryHubStore(policy, createRandom(1)),
    await openSqliteStore({ file: join(folder, 'hub.db'), ...policy }, nodePlatform),
  ]
  let run = 0
  const steps = fc.array(step, { minLength: 1, maxLength: 40 })
  const property = fc.asyncProperty(steps, async (drawn) => {
    run++
    for (const store of stores) await play(store, `run${run}-`, drawn)
  })
  await fc.assert(property, { seed: SEED, numRuns: 100 })
  for (const store of stores) await store.close()
  await rm(folder, { recursive: true })
})

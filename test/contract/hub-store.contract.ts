// What every store of the hub owes (`packages/hub/src/store/store.ts`), as one suite.

import {
  type AppendContext,
  type HubStore,
  type OfferedCommit,
  START,
  type StorePolicy,
} from '@headwater/hub'
import { type Extension, encodeReplaced, REPLACES, type ReplicaId, type Sequence } from '@headwater/log'
import type { Position, StreamId } from '@headwater/replication'
import { afterEach, describe, expect, test } from 'vitest'
import { createAuthor, nameOf, replicaCalled, type Written } from '../hub/author.ts'
import { START_MS } from '../log/world.ts'

/** One store that can be opened again after it was closed. */
export interface StoreUnderTest {
  open(policy?: Partial<StorePolicy>): Promise<HubStore>
  dispose(): Promise<void>
}

export const STAMP_KEY = new Uint8Array(32).fill(7)

/** Ann, who may append and says that `replica` is hers. */
export function contextOf(overrides: Partial<AppendContext> = {}): AppendContext {
  const rights = { mayAppend: true, mayRelay: false, isOpen: false }
  return { subject: 'ann', replica: undefined, ...rights, nowMs: START_MS, ...overrides }
}

const W = 'garden'

export async function readAll(
  store: HubStore,
  workspace: string,
  maxBytes = 1_000,
): Promise<readonly string[]> {
  const names: string[] = []
  let after = START
  for (;;) {
    const { commits, through } = await store.read(workspace, after, { maxBytes })
    names.push(...commits.map(({ position, bytes }) => `${position} ${nameOf(bytes)}`))
    if (through === after) return names
    after = through
  }
}

export function describeHubStore(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`hub store: ${name}`, () => {
    const opened: { stores: HubStore[]; under: StoreUnderTest[] } = { stores: [], under: [] }
    const open = async (policy?: Partial<StorePolicy>): Promise<HubStore> => {
      const under = await create()
      const store = await under.open(policy)
      opened.under.push(under)
      opened.stores.push(store)
      return store
    }
    afterEach(async () => {
      await Promise.all(opened.stores.splice(0).map((store) => store.close()))
      await Promise.all(opened.under.splice(0).map((under) => under.dispose()))
    })
    const own = (commits: readonly OfferedCommit[], replica: ReplicaId, store: HubStore) =>
      store.append(W, commits, contextOf({ replica }))

    test('commits come back as they were, at positions without a gap (R1)', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const commits = [
        ann.write({ events: 3, text: 'ä' }),
        ann.write({ text: 'y'.repeat(200_000) }),
        ann.write(),
      ]
      expect(await own(commits, ann.replica, store)).toEqual([1, 2, 3].map(stored))
      const run = await store.read(W, START, { maxBytes: 10_000_000 })
      expect(run.through).toBe(3)
      expect(run.commits.map(({ position }) => position)).toEqual([1, 2, 3])
      run.commits.forEach((commit, i) => {
        expect(Buffer.compare(commit.bytes, commits[i]!.bytes)).toBe(0)
        expect(Buffer.compare(commit.previous, commits[i]!.previous)).toBe(0)
        expect(commit).toMatchObject({ replica: ann.replica, lastSequence: commits[i]!.lastSequence })
      })
      expect(await store.head(W)).toBe(3)
    })

    test('a commit offered again is a duplicate and is stored once (R2)', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const [a, b] = [ann.write(), ann.write()]
      expect(await own([a, b, a], ann.replica, store)).toEqual([stored(1), stored(2), { type: 'held' }])
      expect(await own([b, a], ann.replica, store)).toEqual([{ type: 'held' }, { type: 'held' }])
      expect(await readAll(store, W)).toHaveLength(2)
    })

    test('the same sequence with another hash is a fork, behind the end of the chain and just behind it (L3)', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const first = ann.write()
      const clone = createAuthor('ann', 2, ann.state)
      await own([first, ann.write(), ann.write()], ann.replica, store)
      const forked = clone.writeMany(4)
      expect(codesOf(await own(forked, ann.replica, store))).toEqual(['FORK', 'FORK', 'FORK', 'SEQUENCE_GAP'])
      const wide = createAuthor('ann', 3, { sequence: 1, hash: first.hash }).write({ events: 5 })
      expect(codesOf(await own([wide], ann.replica, store))).toEqual(['FORK'])
      expect(await readAll(store, W)).toHaveLength(3)
    })

    test('a commit that leaves out events of its replica is refused, with what was expected (L3)', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const [a, , c] = ann.writeMany(3)
      const [, refusal] = await own([a!, c!], ann.replica, store)
      expect(refusal).toMatchObject({
        type: 'refused',
        code: 'SEQUENCE_GAP',
        facts: { expected: 2, firstSequence: 3 },
      })
    })

    test('one refused commit does not touch the others (L1)', async () => {
      const store = await open()
      const [ann, other] = [createAuthor('ann'), createAuthor('other')]
      const cut = { bytes: other.write().bytes.slice(0, 40), previous: new Uint8Array(32) }
      const hashless = { ...other.write(), previous: new Uint8Array(31) }
      const outcomes = await own([ann.write(), cut, hashless, ann.write()], ann.replica, store)
      expect(codesOf(outcomes)).toEqual(['stored', 'COMMIT_DAMAGED', 'COMMIT_DAMAGED', 'stored'])
      expect(await readAll(store, W)).toEqual([`1 ${ann.replica}:1`, `2 ${ann.replica}:2`])
    })

    test('a replica belongs to the subject that wrote first as it; another is refused', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const [a, b] = ann.writeMany(2)
      await own([a!], ann.replica, store)
      const thief = contextOf({ subject: 'eve', replica: ann.replica })
      expect(codesOf(await store.append(W, [b!], thief))).toEqual(['FORBIDDEN'])
      const relaying = { ...thief, mayRelay: true }
      expect(codesOf(await store.append(W, [b!], relaying))).toEqual(['FORBIDDEN'])
      const otherDevice = contextOf({ replica: replicaCalled('phone') })
      expect(codesOf(await store.append(W, [b!], otherDevice))).toEqual(['stored'])
      expect(await store.subjectOf(W, ann.replica)).toBe('ann')
      expect(await store.subjectOf('elsewhere', ann.replica)).toBeUndefined()
    })

    test('a replica that nobody has shown to be theirs is not bound by whoever passes it on', async () => {
      const store = await open()
      const bob = createAuthor('bob')
      const commit = bob.write()
      const passing = contextOf({ replica: replicaCalled('ann'), mayRelay: true })
      expect(codesOf(await store.append(W, [commit], passing))).toEqual(['FORBIDDEN'])
      expect(codesOf(await store.append(W, [commit], { ...passing, isOpen: true }))).toEqual(['stored'])
    })

    test('without the right to append, or in another workspace, nothing is stored', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const commit = ann.write()
      const reader = contextOf({ replica: ann.replica, mayAppend: false })
      expect(codesOf(await store.append(W, [commit], reader))).toEqual(['FORBIDDEN'])
      expect(await readAll(store, W)).toEqual([])
      await own([commit], ann.replica, store)
      expect(await readAll(store, 'elsewhere')).toEqual([])
      expect(await store.head('elsewhere')).toBe(0)
      expect(await store.chains('elsewhere')).toEqual([])
    })

    test('what is made from a file is nobody’s: another subject may go on with it', async () => {
      const store = await open()
      const file = createAuthor('file')
      const [a, b] = [file.write({ derived: true }), file.write({ derived: true })]
      expect(codesOf(await store.append(W, [a], contextOf()))).toEqual(['stored'])
      expect(codesOf(await store.append(W, [b], contextOf({ subject: 'bob' })))).toEqual(['stored'])
      expect(await store.subjectOf(W, file.replica)).toBeUndefined()
    })

    test('a stamped commit keeps its author when another relays it to a hub that lost it (R1)', async () => {
      const [store, restored] = [await open(), await open()]
      const ann = createAuthor('ann')
      await own(ann.writeMany(2), ann.replica, store)
      const { commits } = await store.read(W, START, { maxBytes: 10_000 })
      const bob = contextOf({ subject: 'bob', replica: replicaCalled('bob'), mayRelay: true })
      expect(codesOf(await restored.append(W, commits, { ...bob, mayRelay: false }))).toEqual([
        'FORBIDDEN',
        'FORBIDDEN',
      ])
      expect(codesOf(await restored.append('elsewhere', commits, bob))).toEqual(['FORBIDDEN', 'FORBIDDEN'])
      expect(codesOf(await restored.append(W, commits, { ...bob, mayAppend: false }))).toEqual([
        'stored',
        'stored',
      ])
      const next = ann.write()
      expect(
        codesOf(await restored.append(W, [next], contextOf({ subject: 'bob', replica: ann.replica }))),
      ).toEqual(['FORBIDDEN'])
      expect(codesOf(await own([next], ann.replica, restored))).toEqual(['stored'])
    })

    test('a stamp that was changed, or made with another key, proves nothing', async () => {
      const [store, other] = [await open(), await open({ stampKey: new Uint8Array(32).fill(9) })]
      const ann = createAuthor('ann')
      await own([ann.write()], ann.replica, store)
      const { commits } = await store.read(W, START, { maxBytes: 10_000 })
      const bob = contextOf({ subject: 'bob', replica: replicaCalled('bob'), mayRelay: true })
      expect(codesOf(await other.append(W, commits, bob))).toEqual(['FORBIDDEN'])
      const fresh = await open()
      for (let at = 18; at < commits[0]!.envelope.length; at++) {
        const envelope = commits[0]!.envelope.slice()
        envelope[at]! ^= 1
        expect(codesOf(await fresh.append(W, [{ ...commits[0]!, envelope }], bob))).toEqual(['FORBIDDEN'])
      }
    })

    test('stamps over 5 minutes ahead of the hub’s time are refused with that time, one that does not rise as damage (L4)', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const ahead = ann.write({ atMs: START_MS + 300_001 })
      const [refusal] = await own([ahead], ann.replica, store)
      expect(refusal).toMatchObject({ code: 'STAMP_AHEAD', facts: { nowMs: START_MS } })
      const again = createAuthor('ann', 2)
      const commits = [again.write({ atMs: START_MS + 300_000 }), again.write({ atMs: START_MS + 300_000 })]
      expect(codesOf(await own(commits, ann.replica, store))).toEqual(['stored', 'COMMIT_DAMAGED'])
    })

    test('a workspace takes as many replicas as a hello can name', async () => {
      const store = await open({ maxReplicas: 2 })
      const authors = ['a', 'b', 'c'].map((name) => createAuthor(name))
      const open1 = contextOf({ isOpen: true })
      const outcomes = await store.append(
        W,
        authors.map((author) => author.write()),
        open1,
      )
      expect(codesOf(outcomes)).toEqual(['stored', 'stored', 'VECTOR_TOO_LARGE'])
      expect(codesOf(await store.append(W, [authors[0]!.write()], open1))).toEqual(['stored'])
    })

    test('a read is bounded in bytes but gives one commit, and passes over what the reader holds (R6)', async () => {
      const store = await open()
      const [ann, bob] = [createAuthor('ann'), createAuthor('bob')]
      const commits = [ann.write(), bob.write(), ann.write(), bob.write(), ann.write()]
      await store.append(W, commits, contextOf({ isOpen: true }))
      const one = await store.read(W, START, { maxBytes: 1 })
      expect(one).toMatchObject({ through: 1, commits: [{ position: 1 }] })
      const two = await store.read(W, 1 as Position, { maxBytes: commits[1]!.bytes.length * 2 })
      expect(two.commits.map(({ position }) => position)).toEqual([2, 3])
      const lacks = (replica: ReplicaId, last: Sequence): boolean => replica !== ann.replica || last > 2
      const rest = await store.read(W, START, { maxBytes: 10_000, lacks })
      expect(rest.commits.map(({ position }) => position)).toEqual([2, 4, 5])
      expect(rest).toMatchObject({ through: 5, isEnd: true })
      const few = await store.read(W, START, { maxBytes: 1, lacks: (_, last) => last === 3 })
      expect(few.commits.map(({ position }) => position)).toEqual([5])
      expect(one.isEnd).toBe(false)
      expect(hex(one.rolling)).toBe(hex((await store.rollingHash(W, 1 as Position))!))
      expect(await store.read(W, 5 as Position, { maxBytes: 1 })).toMatchObject({
        commits: [],
        through: 5,
        isEnd: true,
      })
      expect(await store.read(W, 99 as Position, { maxBytes: 1 })).toMatchObject({
        commits: [],
        through: 99,
        isEnd: true,
      })
    })

    test('the chain vector says where each replica ends, and hashes where its commits end', async () => {
      const store = await open()
      const [ann, bob] = [createAuthor('ann'), createAuthor('bob')]
      const commits = [ann.write({ events: 2 }), bob.write(), ann.write({ events: 3 })]
      await store.append(W, commits, contextOf({ isOpen: true }))
      const chains = await store.chains(W)
      expect(
        chains.map(({ replica, sequence, hash }) => `${replica} ${sequence} ${hex(hash)}`).sort(),
      ).toEqual([`${ann.replica} 5 ${hex(commits[2]!.hash)}`, `${bob.replica} 1 ${hex(commits[1]!.hash)}`])
      const hashes = await store.hashesOf(W, ann.replica, [1, 2, 5, 6] as Sequence[])
      expect(hashes.map((hash) => hash && hex(hash))).toEqual([
        undefined,
        hex(commits[0]!.hash),
        hex(commits[2]!.hash),
        undefined,
      ])
      expect(await store.hashesOf(W, replicaCalled('nobody'), [1 as Sequence])).toEqual([undefined])
    })

    test('the rolling hash tells two pasts apart, at every position', async () => {
      const [one, two] = [await open(), await open()]
      const [ann, bob] = [createAuthor('ann'), createAuthor('bob')]
      const [a, b, c] = [ann.write(), bob.write(), ann.write()]
      await one.append(W, [a, b, c], contextOf({ isOpen: true }))
      await two.append(W, [b, a, c], contextOf({ isOpen: true }))
      const at = async (store: HubStore, position: number): Promise<string | undefined> => {
        const rolling = await store.rollingHash(W, position as Position)
        return rolling && hex(rolling)
      }
      expect(await at(one, 0)).toBe(await at(two, 0))
      for (const position of [1, 2, 3]) expect(await at(one, position)).not.toBe(await at(two, position))
      expect(await at(one, 3)).toHaveLength(64)
      expect(await at(one, 4)).toBeUndefined()
    })

    test('appends at once from many connections are stored once, at gapless positions (R2)', async () => {
      const store = await open()
      const authors = Array.from({ length: 8 }, (_, i) => createAuthor(`author${i}`))
      const commits = authors.map((author) => author.writeMany(5))
      const offers = commits.flatMap((chain) => [chain, chain.slice(0, 3), chain])
      const outcomes = await Promise.all(
        offers.map((offer) => store.append(W, offer, contextOf({ isOpen: true }))),
      )
      const positions = outcomes
        .flat()
        .flatMap((outcome) => (outcome.type === 'stored' ? [outcome.placed.position] : []))
      expect([...positions].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
      expect(outcomes.flat().filter(({ type }) => type === 'held')).toHaveLength(8 * 8)
      expect(await readAll(store, W)).toHaveLength(40)
    })

    test('a reissue voids its originals and what builds on them; they keep their positions and are never read again', async () => {
      const store = await open()
      const ann = createAuthor('ann')
      const [a, b, c] = ann.writeMany(3)
      await own([a!, b!, c!], ann.replica, store)
      const again = createAuthor('again')
      const replacing = again.write({ extensions: [replaces(b!)] })
      const [outcome] = await own([replacing], again.replica, store)
      expect(outcome).toMatchObject({ type: 'stored', placed: { position: 4, isVoiding: true } })
      expect(await readAll(store, W)).toEqual([`1 ${ann.replica}:1`, `4 ${again.replica}:1`])
      const ends = await store.chains(W)
      expect(ends.find(({ replica }) => replica === ann.replica)).toMatchObject({ sequence: 1 })
      expect(await store.hashesOf(W, ann.replica, [1, 2, 3] as Sequence[])).toMatchObject([
        a!.hash,
        undefined,
        undefined,
      ])
      expect(codesOf(await own([b!, c!], ann.replica, store))).toEqual(['held', 'SEQUENCE_GAP'])
      const second = again.write({ extensions: [replaces(c!)] })
      expect(codesOf(await own([second], again.replica, store))).toEqual(['stored'])
      expect(codesOf(await own([c!], ann.replica, store))).toEqual(['held'])
      const branch = createAuthor('ann', 2, { sequence: 1, hash: a!.hash })
      expect(codesOf(await own([branch.write()], ann.replica, store))).toEqual(['stored'])
      expect(await store.head(W)).toBe(6)
    })

    test('a commit reissued twice voids either original; one that is replaced before it came is passed over', async () => {
      const store = await open()
      const [ann, first, second] = ['ann', 'first', 'second'].map((name) => createAuthor(name))
      const a = ann!.write()
      const b = first!.write({ extensions: [replaces(a)] })
      const c = second!.write({ extensions: [replaces(a), replaces(b)] })
      await own([b], first!.replica, store)
      expect(codesOf(await own([c], second!.replica, store))).toEqual(['stored'])
      expect(await readAll(store, W)).toEqual([`2 ${second!.replica}:1`])
      expect(codesOf(await own([a], ann!.replica, store))).toEqual(['held'])
      expect((await store.chains(W)).map(({ replica }) => replica)).toEqual([second!.replica])
    })

    test('only the author of a commit may replace it', async () => {
      const store = await open()
      const [ann, eve, file] = ['ann', 'eve', 'file'].map((name) => createAuthor(name))
      const a = ann!.write()
      const f = file!.write({ derived: true })
      await own([a, f], ann!.replica, store)
      for (const original of [a, f]) {
        const attack = createAuthor('eve').write({ extensions: [replaces(original)] })
        const context = contextOf({ subject: 'eve', replica: eve!.replica, mayRelay: true })
        expect(codesOf(await store.append(W, [attack], context))).toEqual(['FORBIDDEN'])
      }
      const itself = createAuthor('ann', 3, ann!.state).write({ extensions: [replaces(a)] })
      expect(codesOf(await own([itself], ann!.replica, store))).toEqual(['FORBIDDEN'])
      expect(await readAll(store, W)).toHaveLength(2)
    })

    test('what replicas acknowledged, revocations and workspaces are told', async () => {
      const store = await open()
      const [ann, bob] = [createAuthor('ann'), createAuthor('bob')]
      await store.append(W, [ann.write(), bob.write()], contextOf({ isOpen: true }))
      await store.append('yard', [createAuthor('ann').write()], contextOf({ isOpen: true }))
      store.acknowledge(W, { replica: ann.replica, position: 1 as Position, seenAtMs: 5 })
      store.acknowledge(W, { replica: ann.replica, position: 2 as Position, seenAtMs: 6 })
      expect(await store.seen(W)).toEqual([{ replica: ann.replica, position: 2, seenAtMs: 6 }])
      expect(await store.seen('yard')).toEqual([])
      const stream = 'stream----------' as StreamId
      expect(await store.recall(W, stream)).toBeUndefined()
      for (const position of [3, 7])
        store.remember(W, { stream, position: position as Position, mark: STAMP_KEY })
      expect(await store.recall(W, stream)).toMatchObject({ stream, position: 7 })
      expect(hex((await store.recall(W, stream))!.mark)).toBe(hex(STAMP_KEY))
      expect(await store.recall('yard', stream)).toBeUndefined()
      await store.revoke({ subject: 'eve', atMs: 10 })
      await store.revoke({ subject: 'eve', atMs: 9 })
      expect(await store.revocations()).toEqual([{ subject: 'eve', atMs: 10 }])
      const summaries = [...(await store.workspaces())].sort((a, b) => (a.workspace < b.workspace ? -1 : 1))
      expect(summaries).toMatchObject([
        { workspace: W, head: 2, replicas: 2 },
        { workspace: 'yard', head: 1, replicas: 1 },
      ])
      expect(summaries[0]!.bytes).toBeGreaterThan(100)
    })

    test('`close` is idempotent, and later calls fail by name (L8)', async () => {
      const store = await open()
      await Promise.all([store.close(), store.close()])
      await store.close()
      const ann = createAuthor('ann')
      await expect(own([ann.write()], ann.replica, store)).rejects.toMatchObject({ code: 'CLOSED' })
      await expect(store.head(W)).rejects.toMatchObject({ code: 'CLOSED' })
    })
  })
}

function stored(position: number): unknown {
  return { type: 'stored', placed: expect.objectContaining({ position }) }
}

export function codesOf(outcomes: Awaited<ReturnType<HubStore['append']>>): readonly string[] {
  return outcomes.map((outcome) => (outcome.type === 'refused' ? outcome.code : outcome.type))
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function replaces({ replica, lastSequence: sequence, hash }: Written): Extension {
  return { id: REPLACES, critical: true, value: encodeReplaced({ replica, sequence, hash }) }
}

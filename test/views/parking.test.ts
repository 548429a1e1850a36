// Views that fail are parked alone (V6): the log, their siblings and queries on them go on; what is derived is reported
// stale or refused, never silently wrong; after a repair a rebuild, or the next opening, takes them up again.

import {
  createEventRegistry,
  defineEvent,
  type EventBatch,
  HeadwaterError,
  type Log,
  type Offset,
  openMemoryLog,
} from '@headwater/log'
import { type AnyView, aggregate, count, sum, table } from '@headwater/views'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { expectAggregates, expectTable } from './comparison.ts'
import {
  Adjusted,
  allEvents,
  ask,
  Closed,
  closeTabs,
  createProfile,
  Doubled,
  everything,
  folds,
  type Item,
  items,
  Opened,
  openTab,
  type Profile,
  statusOf,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

function* throwsAnything(): Generator {}

interface Fragile {
  broken: boolean
}

/** Tables whose fold of `doubled` fails while `broken`. */
function fragileTables(fragile: Fragile, fail: (row: Item) => unknown): readonly AnyView[] {
  const bad = table<Item>('bad')
    .on(Opened, folds.opened)
    .on(Doubled, (row) => (row && fragile.broken ? (fail(row) as Item) : folds.doubled(row)))
    .index('byStatus', (row) => [row.status])
  const good = table<Item>('good').on(Opened, folds.opened).on(Doubled, folds.doubled)
  const badPoints = aggregate('badPoints', bad, { groupBy: (row) => row.status, measures: { n: count() } })
  return [bad, good, badPoints]
}

async function refusal(asked: Promise<unknown>): Promise<HeadwaterError> {
  return asked.then(
    () => {
      throw new Error('it was answered')
    },
    (error: HeadwaterError) => error,
  )
}

describe('a fold that fails', () => {
  const failures: readonly (readonly [what: string, fail: (row: Item) => unknown, code: string])[] = [
    [
      'throws',
      () => {
        throw new Error('out of order')
      },
      'FOLD_FAILED',
    ],
    ['throws what is no error', () => throwsAnything().throw('text'), 'FOLD_FAILED'],
    ['changes its row', (row) => Object.assign(row, { points: 0 }), 'FOLD_FAILED'],
    ['returns a date', () => ({ at: new Date(0) }), 'FOLD_NOT_JSON'],
    ['returns NaN', (row) => ({ ...row, points: Number.NaN }), 'FOLD_NOT_JSON'],
    ['returns -0', (row) => ({ ...row, points: -0 }), 'FOLD_NOT_JSON'],
    ['returns a list with a hole', (row) => ({ ...row, steps: [undefined] }), 'FOLD_NOT_JSON'],
    ['returns a promise', async (row) => row, 'FOLD_NOT_JSON'],
  ]

  test.each(failures)(
    'a fold that %s parks its view alone, with the event and the error (V6)',
    async (_what, fail, code) => {
      const profile = createProfile()
      const fragile = { broken: true }
      const tab = await openTab(profile, fragileTables(fragile, fail))
      await profile.append(Opened({ id: 'a', points: 1 }))
      await ask(tab, 'bad', 'get', 'a')
      await profile.append(Opened({ id: 'b', points: 2 }))
      await profile.append(Opened({ id: 'c', points: 3 }), Doubled({ id: 'a' }))
      expect(await ask(tab, 'good', 'count')).toBe(3)
      const error = await refusal(ask(tab, 'bad', 'count'))
      expect(error).toMatchObject({
        code: 'VIEW_PARKED',
        cause: { code, facts: { view: 'bad', offset: 4, type: 'doubled', key: 'a' } },
      })
      expect(error.hint).not.toBe('')
      expect(statusOf(tab, 'bad')).toMatchObject({ state: 'parked', position: 2, error: { code } })
      expect(statusOf(tab, 'badPoints')).toMatchObject({ state: 'stale', position: 2 })
      expect(statusOf(tab, 'good')).toMatchObject({ state: 'live', position: 4 })
      const stale = await tab.views.answer({ view: 'bad', method: 'count', args: [] })
      expect(stale).toMatchObject({ value: 2, position: 2 })

      await expect(tab.views.rebuild('bad')).rejects.toMatchObject({ code })
      fragile.broken = false
      await tab.views.rebuild('bad')
      await expectBad(tab, profile)
      expect(statusOf(tab, 'badPoints')).toMatchObject({ state: 'live', position: 4 })
    },
  )

  async function expectBad(tab: Tab, profile: Profile): Promise<void> {
    const rows = (await ask(tab, 'good', 'range', 'key')) as readonly unknown[]
    expect(await ask(tab, 'bad', 'range', 'key')).toEqual(rows)
    expect(await ask(tab, 'badPoints', 'get', 'open')).toEqual({ n: rows.length })
    expect((await tab.views.verify('bad')).equal).toBe(true)
    expect(await allEvents(profile.log)).toHaveLength(4)
  }

  test('a view that is parked is taken up at the next opening, from where it was stored', async () => {
    const profile = createProfile()
    const fragile = { broken: true }
    const definitions = fragileTables(fragile, () => {
      throw new Error('no')
    })
    const tab = await openTab(profile, definitions)
    await profile.append(Opened({ id: 'a', points: 1 }))
    await profile.append(Doubled({ id: 'a' }))
    await refusal(ask(tab, 'bad', 'count'))
    await tab.views.checkpoint()
    expect(statusOf(tab, 'bad').checkpoint).toBe(1)
    const again = await openTab(profile, definitions)
    await refusal(ask(again, 'bad', 'count'))
    fragile.broken = false
    const mended = await openTab(profile, definitions)
    expect(await ask(mended, 'bad', 'get', 'a')).toMatchObject({ points: 2 })
  })

  test('a fold that fails where nothing was whole yet answers nothing, and starts over when it is repaired', async () => {
    const profile = createProfile()
    const fragile = { broken: true }
    await profile.append(Opened({ id: 'a', points: 1 }), Opened({ id: 'b', points: 1 }))
    await profile.append(Doubled({ id: 'a' }))
    const tab = await openTab(
      profile,
      fragileTables(fragile, () => {
        throw new Error('no')
      }),
    )
    expect((await refusal(ask(tab, 'bad', 'get', 'a'))).code).toBe('VIEW_PARKED')
    expect(
      (await refusal(Promise.resolve(tab.views.answer({ view: 'bad', method: 'get', args: ['a'] })))).code,
    ).toBe('VIEW_PARKED')
    await expect(tab.views.verify('bad')).rejects.toMatchObject({ code: 'VIEW_PARKED' })
    fragile.broken = false
    await tab.views.rebuild('bad')
    expect(await ask(tab, 'bad', 'get', 'a')).toMatchObject({ points: 2 })
  })

  test('key and index functions that fail park the table', async () => {
    const profile = createProfile()
    const keyed = table<Item>('keyed').on(Opened, folds.opened, {
      key: (data) => (data.points > 1 ? (7 as never) : data.id),
    })
    const indexed = table<Item>('indexed')
      .on(Opened, folds.opened)
      .index('byPoints', (row) => {
        if (row.points > 1) throw new Error('no')
        return [row.points]
      })
    const unordered = table<Item>('unordered')
      .on(Opened, folds.opened)
      .index('byPoints', (row) => [row.points > 1 ? Number.NaN : 1])
    const tab = await openTab(profile, [keyed, indexed, unordered, ...everything])
    await profile.append(Opened({ id: 'a', points: 1 }))
    await ask(tab, 'items', 'count')
    await profile.append(Opened({ id: 'b', points: 2 }))
    for (const name of ['keyed', 'indexed', 'unordered']) {
      expect((await refusal(ask(tab, name, 'count'))).cause).toMatchObject({ code: 'FOLD_FAILED' })
      expect(statusOf(tab, name)).toMatchObject({ state: 'parked', position: 1 })
    }
    await expectTable(tab, await allEvents(profile.log))
  })
})

describe('an aggregate that fails', () => {
  test('is parked alone; its table and its siblings go on; a rebuild from the rows takes it up again (V6)', async () => {
    const profile = createProfile()
    const fragile = { broken: true }
    const bad = aggregate('bad', items, {
      groupBy: (row: Item) => row.status,
      measures: {
        points: sum((row: Item) => {
          if (fragile.broken && row.points > 5) throw new Error('too many')
          return row.points
        }),
      },
    })
    const tab = await openTab(profile, [...everything, bad])
    await profile.append(Opened({ id: 'a', points: 1 }))
    expect(await ask(tab, 'bad', 'get', 'open')).toEqual({ points: 1 })
    await profile.append(Adjusted({ id: 'a', points: 9 }), Opened({ id: 'b', points: 2 }))
    expect((await refusal(ask(tab, 'bad', 'get', 'open'))).cause).toMatchObject({
      code: 'FOLD_FAILED',
      facts: { view: 'bad', key: 'a' },
    })
    expect(statusOf(tab, 'bad')).toMatchObject({ state: 'parked', position: 1 })
    expect(statusOf(tab, 'items')).toMatchObject({ state: 'live', position: 3 })
    await expectTable(tab, await allEvents(profile.log))
    await expectAggregates(tab, await allEvents(profile.log))
    await tab.views.checkpoint()

    await expect(tab.views.rebuild('bad')).rejects.toMatchObject({ code: 'FOLD_FAILED' })
    fragile.broken = false
    await tab.views.rebuild('bad')
    expect(await ask(tab, 'bad', 'get', 'open')).toEqual({ points: 11 })
    await profile.append(Closed({ id: 'b' }))
    expect(await ask(tab, 'bad', 'get', 'open')).toEqual({ points: 9 })

    const again = await openTab(profile, [...everything, bad])
    expect(await ask(again, 'bad', 'range')).toEqual([
      { group: 'closed', points: 2 },
      { group: 'open', points: 9 },
    ])
  })

  test('what is no finite number cannot be summed', async () => {
    const profile = createProfile()
    const bad = aggregate('bad', items, {
      groupBy: () => 1,
      measures: { n: sum((row: Item) => row.points / 0) },
    })
    const tab = await openTab(profile, [items, bad])
    await profile.append(Opened({ id: 'a', points: 1 }))
    expect((await refusal(ask(tab, 'bad', 'range'))).cause).toMatchObject({ code: 'FOLD_FAILED' })
    expect(await ask(tab, 'items', 'count')).toBe(1)
  })
})

describe('what lies in the log', () => {
  test('an event of a newer version parks who folds its type; others go on', async () => {
    const profile = createProfile()
    const Newer = defineEvent('doubled', {
      version: 2,
      schema: v.object({ id: v.string() }),
      upcast: { 1: (old) => old },
    })
    const newer = openMemoryLog(profile.logStore, { ...profile, events: createEventRegistry([Newer]) })
    const definitions = [...everything, table<Item>('plain').on(Opened, folds.opened)]
    const tab = await openTab(profile, definitions)
    await profile.append(Opened({ id: 'a', points: 1 }))
    await ask(tab, 'items', 'count')
    await newer.append([Newer({ id: 'a' })])
    await profile.append(Opened({ id: 'b', points: 1 }))
    expect(await ask(tab, 'plain', 'count')).toBe(2)
    expect((await refusal(ask(tab, 'items', 'count'))).cause).toMatchObject({ code: 'EVENT_NEWER' })
    expect(statusOf(tab, 'items')).toMatchObject({ state: 'parked', position: 1 })
  })

  test('views park at a damaged record and never fold past it', async () => {
    const profile = createProfile()
    for (const id of ['a', 'b', 'c']) await profile.append(Opened({ id, points: 1 }))
    const tab = await openTab(profile, everything, { log: damagedAt(profile.openLog(), 2) })
    const error = await refusal(ask(tab, 'items', 'count'))
    expect(error).toMatchObject({
      code: 'VIEW_PARKED',
      cause: { code: 'RECORD_DAMAGED', facts: { offset: 2 } },
    })
    expect(statusOf(tab, 'items')).toMatchObject({ state: 'parked', position: 1 })
    const mended = await openTab(profile, everything)
    expect(await ask(mended, 'items', 'count')).toBe(3)
  })

  test('a view that listens for what may take it up again, and comes to a damaged record, rests and is refused (D4, V6)', async () => {
    const profile = createProfile()
    const fail = (): never => {
      throw new Error('no')
    }
    await profile.append(Opened({ id: 'a', points: 1 }))
    const log = damagedAt(profile.openLog(), 4)
    const tab = await openTab(profile, fragileTables({ broken: true }, fail), { log })
    expect(await ask(tab, 'bad', 'count')).toBe(1)
    await profile.append(Doubled({ id: 'a' }))
    for (const id of ['b', 'c']) await profile.append(Opened({ id, points: 1 }))
    await tab.log.refresh()
    await expect.poll(() => statusOf(tab, 'good')).toMatchObject({ state: 'parked', position: 3 })
    const request = { view: 'bad', method: 'count', args: [] }
    const error = await refusal(tab.views.query(request, { atLeast: 4 as Offset, deadlineMs: 1_000 }))
    expect(error).toMatchObject({ code: 'VIEW_PARKED', cause: { code: 'FOLD_FAILED', facts: { offset: 2 } } })
    expect(statusOf(tab, 'bad')).toMatchObject({ state: 'parked', error: { code: 'FOLD_FAILED' } })
  })

  /** A log whose record at `offset` cannot be read. */
  function damagedAt(log: Log, offset: number): Log {
    const read = async (after: Offset, ...rest: never[]): Promise<EventBatch> => {
      const damage = new HeadwaterError('RECORD_DAMAGED', 'It is cut.', { hint: 'None.', facts: { offset } })
      if (after === offset - 1) throw damage
      const batch = await log.read(after, ...rest)
      const events = batch.events.filter((event) => event.offset < offset)
      return batch.through < offset ? batch : { ...batch, events, through: (offset - 1) as Offset }
    }
    return new Proxy(log, { get: (target, name) => (name === 'read' ? read : Reflect.get(target, name)) })
  }
})

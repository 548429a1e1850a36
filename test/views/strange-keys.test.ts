// Keys, groups and rows that people do not expect: kept exactly, found again, in order, or refused by name; never altered.

import { aggregate, count, countDistinct, max, min, table } from '@headwater/views'
import { afterEach, describe, expect, test } from 'vitest'
import {
  ask,
  closeTabs,
  createProfile,
  Doubled,
  folds,
  type Item,
  Opened,
  openTab,
  type Tab,
} from './world.ts'

afterEach(closeTabs)

const KEYS = [
  '',
  '__proto__',
  'constructor',
  'a\0b',
  'a',
  'ab',
  ' ',
  '!',
  '~',
  'E',
  'é',
  '\ud800',
  '\udc00x',
  '\uffff',
  'x'.repeat(2_000),
]

describe('strange keys', () => {
  test('every text is a key, a group and a value, in the order of its units', async () => {
    const items = table<Item>('items')
      .on(Opened, folds.opened)
      .on(Doubled, folds.doubled)
      .index('byOwner', (row) => [row.owner ?? ''])
    const perId = aggregate('perId', items, {
      groupBy: (row) => row.id,
      measures: { rows: count(), least: min((row) => row.owner), most: max((row) => row.id) },
    })
    const all = aggregate('all', items, {
      groupBy: () => null,
      measures: { ids: countDistinct((row) => row.id) },
    })
    const profile = createProfile()
    for (const id of KEYS) await profile.append(Opened({ id, points: 1, owner: id }))
    const tab = await openTab(profile, [items, perId, all])
    const sorted = KEYS.toSorted()
    const check = async (one: Tab): Promise<void> => {
      const rows = (await ask(one, 'items', 'range', 'key')) as readonly Item[]
      expect(rows.map(({ id }) => id)).toEqual(sorted)
      const byOwner = (await ask(one, 'items', 'range', 'byOwner')) as readonly Item[]
      expect(byOwner.map(({ id }) => id)).toEqual(sorted)
      expect(await ask(one, 'perId', 'range')).toEqual(
        sorted.map((id) => ({ group: id, rows: 1, least: id, most: id })),
      )
      expect(await ask(one, 'all', 'get', null)).toEqual({ ids: KEYS.length })
      for (const id of KEYS) {
        expect(await ask(one, 'items', 'get', id)).toMatchObject({ id })
        expect(await ask(one, 'items', 'history', id)).toHaveLength(1)
        expect(await ask(one, 'items', 'count', 'byOwner', { prefix: [id] })).toBe(1)
        expect(await ask(one, 'items', 'range', 'key', { prefix: [id] })).toHaveLength(1)
      }
    }
    await check(tab)
    await tab.views.checkpoint()
    const again = await openTab(profile, [items, perId, all])
    await check(again)
  })

  test('rows are whatever JSON carries: lists, texts, numbers, deep nesting; one level too many parks by name', async () => {
    const deep = (levels: number): unknown =>
      Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1)
    const values: Record<string, unknown> = {
      list: [1, [2, null]],
      text: 'text',
      zero: 0,
      no: false,
      deep: deep(900),
    }
    const any = table<unknown>('any').on(Opened, (_row, { data }) => values[data.id])
    const profile = createProfile()
    for (const id of Object.keys(values)) await profile.append(Opened({ id, points: 1 }))
    const tab = await openTab(profile, [any])
    for (const [id, value] of Object.entries(values)) expect(await ask(tab, 'any', 'get', id)).toEqual(value)
    await tab.views.checkpoint()
    const again = await openTab(profile, [any])
    for (const [id, value] of Object.entries(values))
      expect(await ask(again, 'any', 'get', id)).toEqual(value)
    values['too deep'] = deep(1_200)
    await profile.append(Opened({ id: 'too deep', points: 1 }))
    await expect(ask(again, 'any', 'count')).rejects.toMatchObject({
      code: 'VIEW_PARKED',
      cause: { code: 'FOLD_NOT_JSON' },
    })
  })

  test('a row that JSON would change is refused with the path of the fault', async () => {
    const values: Record<string, unknown> = {}
    const any = table<unknown>('any').on(Opened, (_row, { data }) => values[data.id])
    const profile = createProfile()
    for (const [i, [value, path]] of (
      [
        [{ a: { b: [1, Number.NaN] } }, ['a', 'b', 1]],
        [{ a: new Map() }, ['a']],
        [{ a: () => 1 }, ['a']],
        [{ a: [1, undefined] }, ['a', 1]],
        [{ a: -0 }, ['a']],
        [Object.assign(Object.create({ hidden: 1 }), { a: 1 }), []],
        [{ [Symbol('s')]: 1 }, []],
      ] as const
    ).entries()) {
      const id = `k${i}`
      values[id] = value
      await profile.append(Opened({ id, points: 1 }))
      const tab = await profile.open([any])
      await expect(ask(tab, 'any', 'count')).rejects.toMatchObject({ cause: { code: 'FOLD_NOT_JSON', path } })
      await tab.close()
      values[id] = { undefinedIsDropped: undefined, kept: 1 }
    }
    const tab = await openTab(profile, [any])
    expect(await ask(tab, 'any', 'get', 'k0')).toEqual({ kept: 1 })
    expect(Object.keys((await ask(tab, 'any', 'get', 'k0')) as object)).toEqual(['kept'])
  })
})

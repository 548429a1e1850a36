// An index over a table joined with documents, where the one source comes further than the other.

import { type Offset, ORIGIN } from '@headwater/log'
import { expect, test } from 'vitest'
import type { ViewGroup } from '../../packages/views/src/group/view-group.ts'
import { joinTexts } from '../../packages/views/src/search/joined.ts'
import type { TableReader } from '../../packages/views/src/table/reader.ts'
import { createWorld } from './world.ts'

type Listener = Parameters<TableReader['onRowChanges']>[0]

/** Documents of which none has a text, and which come as far as they are told to. */
function createNoDocuments() {
  const listeners = new Set<Listener>()
  let position = ORIGIN
  const reader: TableReader = {
    get position() {
      return position
    },
    generation: 1,
    types: new Set(),
    stopped: false,
    paused: false,
    get: (keys) => keys.map(() => undefined),
    keysOf: () => [],
    onRowChanges(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    scan: async () => [],
    count: async () => 0,
  }
  const group: Pick<ViewGroup, 'name' | 'reader' | 'answer'> = {
    name: 'notes',
    reader,
    answer: async () => ({ value: null, position, dependencies: [] }),
  }
  return {
    documents: group as ViewGroup, // a join asks for no more of it
    reach: (to: number): void => {
      position = to as Offset
      for (const listener of listeners) listener([], position, false)
    },
  }
}

/** A tab whose table stands at 3 and whose documents stand at 2: the third event makes `a` a needle. */
async function openApart(jumps: boolean) {
  const world = createWorld()
  await world.putAll({ a: { title: 'straw' }, b: { title: 'needle' } })
  const { documents, reach } = createNoDocuments()
  const joined = (table: TableReader): TableReader => joinTexts(table, [{ field: 'body', documents }])
  const first = await world.openTab({ joined })
  reach(2)
  await first.search('needle')
  if (!jumps) await first.view.checkpointNow(true)
  await world.put('a', { title: 'needle' })
  const tab = jumps ? first : await world.openTab({ joined })
  if (jumps) await tab.table.jump()
  return { tab, reach }
}

test.each([
  ['a jump', true],
  ['opening from a dump', false],
])(
  'after %s holds what the table is ahead by once the documents have come there (V7)',
  async (_what, jumps) => {
    const { tab, reach } = await openApart(jumps)
    await tab.search('needle')
    expect(tab.view.position).toBe(2)
    reach(3)
    await tab.follow()
    expect(tab.view.position).toBe(3)
    expect([...(await tab.keys('needle'))].sort()).toEqual(['a', 'b'])
  },
)

// Every kind of view against the one contract: tables and aggregates in their group, a search index over a table.

import { emptyBatch } from '@headwater/log'
import type { SearchDefinition, View } from '@headwater/views'
import { search } from '@headwater/views/search'
import { defineGroup } from '../../packages/views/src/group/definition.ts'
import { createViewGroup, type ViewGroup } from '../../packages/views/src/group/view-group.ts'
import { createSearchView } from '../../packages/views/src/search/view.ts'
import { describeView, type OpenedView, type ViewUnderTest } from '../contract/view.contract.ts'
import { groupOptions, slice } from './group-options.ts'
import { Closed, createProfile, items, Moved, Opened, type Profile, perStatus, scheduler } from './world.ts'

function openGroup(profile: Profile): ViewGroup {
  return createViewGroup({
    ...groupOptions(profile),
    definition: defineGroup(items, [perStatus], profile.log.build),
  })
}

async function feedGroup({ log }: Profile, group: ViewGroup): Promise<void> {
  while (!group.stopped && group.feedAfter < log.head) {
    const after = group.feedAfter
    await group.fold({ ...(await log.read(after)), after }, slice)
  }
}

function appendTo(profile: Profile): () => Promise<void> {
  let count = 0
  return async () => {
    const id = `k${count++}`
    await profile.append(
      Opened({ id, points: count, owner: 'ann' }),
      ...(count > 1 ? [Moved({ from: 'k0', to: id, points: 1 }), Closed({ id: `k${count - 2}` })] : []),
    )
  }
}

async function createUnderTest(
  name: string,
  rest: Pick<ViewUnderTest, 'request' | 'badRequest'>,
): Promise<ViewUnderTest> {
  const profile = createProfile()
  return {
    log: profile.log,
    name,
    async open(): Promise<OpenedView> {
      const view = openGroup(profile)
      await view.restore()
      return { view, feed: () => feedGroup(profile, view) }
    },
    append: appendTo(profile),
    ...rest,
  }
}

describeView('a table', () =>
  createUnderTest('items', {
    request: { view: 'items', method: 'range', args: ['byStatus', {}] },
    badRequest: { view: 'items', method: 'range', args: ['byNothing'] },
  }),
)

describeView('an aggregate', () =>
  createUnderTest('perStatus', {
    request: { view: 'perStatus', method: 'range', args: [] },
    badRequest: { view: 'perStatus', method: 'range', args: [{ limit: -1 }] },
  }),
)

const found: SearchDefinition = search('found', items, { fields: { id: 1, owner: 2 } })

describeView('a search index', async () => {
  const profile = createProfile()
  const { log, store, locks, clock } = profile
  return {
    log,
    name: 'found',
    async open(): Promise<OpenedView> {
      const group = openGroup(profile)
      await group.restore()
      const deps = {
        log,
        table: group.reader,
        store,
        locks,
        lockScope: 'contract',
        clock,
        scheduler,
        fingerprint: 'found@1',
      }
      const view: View = createSearchView(found, deps)
      await view.restore()
      const closing = async (): Promise<void> => {
        await view.close()
        await group.close()
      }
      return { view: withClose(view, closing), feed: () => feedBoth(profile, group, view) }
    },
    append: appendTo(profile),
    request: { view: 'found', method: 'search', args: ['ann', { limit: 100 }] },
    badRequest: { view: 'found', method: 'search', args: [7] },
  }
})

/** The same view, which closes its table with itself. */
function withClose(view: View, close: () => Promise<void>): View {
  return new Proxy(view, { get: (target, name) => (name === 'close' ? close : Reflect.get(target, name)) })
}

async function feedBoth(profile: Profile, group: ViewGroup, view: View): Promise<void> {
  await feedGroup(profile, group)
  while (!view.stopped && view.position < group.reader.position) {
    await view.fold(emptyBatch(group.reader.position), slice)
  }
}

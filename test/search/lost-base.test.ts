// A base that is lost under a search's table while all stands still for a comparison: nothing waits for what waits for it.

import type { BaseStore, SearchDefinition } from '@headwater/views'
import { search } from '@headwater/views/search'
import { afterEach, expect, test } from 'vitest'
import { ask, closeTabs, createProfile, items, Opened, openTab } from '../views/world.ts'

afterEach(closeTabs)

const ownerSearch: SearchDefinition = search('ownerSearch', items, { fields: { owner: 1 } })

test.each(['verify', 'digest'] as const)(
  '%s ends by name, and the next one has the rows again (D4)',
  async (act) => {
    const profile = createProfile()
    await profile.append(Opened({ id: 'a', points: 1, owner: 'ann' }))
    const first = await profile.open([items])
    await ask(first, 'items', 'count')
    await first.views.checkpoint()
    await first.close()
    let isLost = true
    const store: BaseStore = {
      ...profile.store,
      getPages: async (ids) => (isLost ? ids.map(() => undefined) : profile.store.getPages(ids)),
    }
    const tab = await openTab(profile, [items, ownerSearch], { store })
    let outcome: unknown
    tab.views[act]('ownerSearch').then(
      () => {
        outcome = 'done'
      },
      (error: unknown) => {
        outcome = error
      },
    )
    await expect.poll(() => outcome).toMatchObject({ code: 'VIEW_REBUILDING' })
    isLost = false
    expect(await ask(tab, 'items', 'count')).toBe(1)
    expect(await tab.views[act]('ownerSearch')).toMatchObject({ entries: 1 })
  },
)

// Manifests never get ahead of the log: it is made durable before each is stored.

import type { Offset } from '@headwater/log'
import { createMemoryBaseStore } from '@headwater/views'
import { expect, test } from 'vitest'
import { createStoreBehind } from '../../packages/views/src/state/behind-log.ts'

const draft = { lineage: 'l', family: 'f', storedAt: 0, text: '{}', pages: [], replaces: undefined, epoch: 0 }

test('the log is durable before a manifest is stored, and none is stored when that fails (V2)', async () => {
  const store = createMemoryBaseStore()
  const found: unknown[] = []
  const behind = createStoreBehind(store, {
    harden: async () => {
      found.push(await store.current('l'))
      return 5 as Offset
    },
  })
  const epoch = await store.epoch()
  await behind.putManifest({ ...draft, epoch })
  expect(found).toEqual([undefined])
  expect(await store.current('l')).toMatchObject({ text: '{}' })
  const failing = createStoreBehind(createMemoryBaseStore(), {
    harden: () => Promise.reject(new Error('full')),
  })
  await expect(failing.putManifest(draft)).rejects.toThrow('full')
  expect(await failing.current('l')).toBeUndefined()
})

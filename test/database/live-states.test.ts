// Live queries on the page over a scripted engine: what the engine keeps for them ends when they do.
import { type HeadwaterError, ORIGIN, type ReplicaId } from '@headwater/log'
import { expect, test } from 'vitest'
import { createLiveStates } from '../../packages/headwater/src/client/live.ts'
import type { EngineLink } from '../../packages/headwater/src/link/engine-link.ts'
import { createPlatform } from '../../packages/headwater/src/platform.ts'
import type { AnswerReport } from '../../packages/headwater/src/protocol.ts'

const { scheduler } = createPlatform()

/** An engine that notes what is watched. */
function createEngine(): { readonly link: EngineLink; readonly watched: Set<number> } {
  const watched = new Set<number>()
  const link = {
    opened: { status: { head: ORIGIN, replica: 'AAAAAAAAAAAAAAAA' as ReplicaId } },
    call: async (_id: number, method: string, args: { readonly watch: number }) => {
      if (method === 'watch') watched.add(args.watch)
      if (method === 'unwatch') watched.delete(args.watch)
    },
    append: () => undefined,
    cancel: () => undefined,
    release: () => undefined,
  } as unknown as EngineLink
  return { link, watched }
}

const answer = (watch: number, revision: number, value: unknown): AnswerReport => ({
  type: 'answer',
  watch,
  revision,
  patch: { type: 'value', value },
  stale: false,
  error: undefined,
})

test('an answer that does not follow the one before is watched anew, and the old watch ends', () => {
  let lastId = 0
  const states = createLiveStates(scheduler, () => ++lastId)
  const { link, watched } = createEngine()
  states.connect(link)
  const stop = states.subscribe('key', { view: 'issues', method: 'get', args: ['a'] }, () => undefined)
  const [first] = [...watched]
  states.answered(answer(first!, 1, 'one'))
  states.answered(answer(first!, 3, 'three'))
  expect(watched.size).toBe(1)
  const [second] = [...watched]
  expect(second).not.toBe(first)
  states.answered(answer(second!, 1, 'three'))
  expect(states.state('key')).toMatchObject({ status: 'ready', data: 'three' })
  stop()
  states.fail(Object.assign(new Error('over')) as HeadwaterError)
})

// Databases of different names that sync through a channel of their origin, without any hub.
import { nearby } from 'headwater'
import { afterEach, expect, test } from 'vitest'
import { Closed, drawName, Opened, openings, refusalOf } from '../database/world.ts'
import { becomes, closeAll, eventually, open, shownBy } from './world.ts'

afterEach(closeAll)

test('two replicas agree on rows, numbers and hits, also on what both edited apart (R3, V3)', async () => {
  const sync = nearby({ channel: drawName() })
  const [a, b] = [await open(sync), await open(sync)]
  await a.append(openings(3))
  await Promise.all([becomes(a, 'live'), becomes(b, 'live')])
  await Promise.all([a.sync.pause(), b.sync.pause()])
  await a.append([Opened({ id: 'i1', title: 'Issue of a', points: 8 }), Closed({ id: 'i2' })])
  await b.append([Opened({ id: 'i1', title: 'Issue of b', points: 2 }), ...openings(3, 10)])
  await Promise.all([a.sync.resume(), b.sync.resume()])
  await eventually(
    async () => [await shownBy(a), await shownBy(b)],
    ([left, right]) => {
      expect(left).toEqual(right)
      expect(left).toMatchObject({ rows: { length: 6 } })
    },
  )
  const receipt = await b.append(Opened({ id: 'late', title: 'Late', points: 1 }))
  expect(await a.views.issues.get('late', { atLeast: receipt })).toMatchObject({ title: 'Late' })
})

test('three agree, whoever met whom', async () => {
  const sync = nearby({ channel: drawName() })
  const all = [await open(sync), await open(sync), await open(sync)]
  await Promise.all(all.map((db, at) => db.append(openings(2, at * 10))))
  await eventually(
    () => Promise.all(all.map(shownBy)),
    ([first, ...others]) => {
      expect(first).toMatchObject({ rows: { length: 6 } })
      for (const other of others) expect(other).toEqual(first)
    },
  )
})

test('a database that is closed is missed, and taken up again when it comes back', async () => {
  const sync = nearby({ channel: drawName() })
  const name = drawName()
  const a = await open(sync)
  for (let visit = 0; visit < 3; visit++) {
    const b = await open(sync, { name })
    await becomes(a, 'live')
    const receipt = await b.append(Opened({ id: `visit ${visit}`, title: 'Here', points: 1 }))
    expect(await a.views.issues.get(`visit ${visit}`, { atLeast: receipt })).toBeDefined()
    await b.close()
    await eventually(
      () => a.sync.get().state,
      (state) => expect(['offline', 'connecting']).toContain(state),
    )
  }
})

test('alone it is offline, and a hub cannot be reached; it may be destroyed', async () => {
  const a = await open(nearby({ channel: drawName() }))
  const receipt = await a.append(openings(1))
  expect(await refusalOf(a.sync.reached(receipt, 'hub'))).toMatchObject({ code: 'SYNC_OFF' })
  expect(a.sync.get()).toMatchObject({ state: 'offline' })
  await a.destroy()
})

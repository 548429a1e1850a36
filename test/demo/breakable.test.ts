// Folds with a switch: broken, the view is parked alone; mended and rebuilt, it is whole again.
import { openDatabase } from 'headwater'
import { expect, test } from 'vitest'
import { CommentAdded, IssueOpened, tracker } from '../../src/model.ts'
import { makeBreakable } from '../../src/room/break/breakable.ts'

const opened = (id: string) =>
  IssueOpened({ id, by: 'You', at: 1, title: 'The anchor drags', body: '', points: 1, labels: [] })

test('a broken fold parks its view at the next event, the others go on, and mending makes it whole (V6)', async () => {
  const broken = new Set<string>()
  const definition = makeBreakable(tracker, broken)
  const db = await openDatabase(definition, { name: 'breakable', storage: 'memory' })
  const stateOf = (name: string) => db.status.get().views.find((view) => view.name === name)?.state
  await db.append(opened('a'))
  await db.settled()
  broken.add('comments')
  await db.append(CommentAdded({ id: 'c', issue: 'a', by: 'You', at: 2, text: 'In mud.' }))
  await expect.poll(() => stateOf('comments')).toBe('parked')
  expect(db.status.get().views.find(({ name }) => name === 'comments')?.error?.code).toBe('FOLD_FAILED')
  expect(stateOf('issues')).toBe('live')
  broken.delete('comments')
  await db.rebuild('comments')
  await expect.poll(() => stateOf('comments')).toBe('live')
  expect((await db.verify('comments')).equal).toBe(true)

  broken.add('byStatus')
  await db.append(opened('b'))
  await expect.poll(() => stateOf('byStatus')).toBe('parked')
  expect(stateOf('issues')).toBe('live')
  broken.delete('byStatus')
  await db.rebuild('byStatus')
  await expect.poll(() => stateOf('byStatus')).toBe('live')
  expect((await db.verify('byStatus')).equal).toBe(true)
  await db.close()
})

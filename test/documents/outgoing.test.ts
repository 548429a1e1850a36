// What an open document stores, on a scripted clock: when, how much at a time, and what becomes of what cannot be stored.

import { type Draft, HeadwaterError, type Receipt } from '@headwater/log'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createLogged } from '../../packages/headwater/src/documents/logged.ts'
import { createOutgoing } from '../../packages/headwater/src/documents/outgoing.ts'
import { createAuthor } from './world.ts'

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

function script() {
  let nowMs = 0
  let timers: Timer[] = []
  let refusal: HeadwaterError | undefined
  const stored: Uint8Array[] = []
  const logged = createLogged()
  const outgoing = createOutgoing({
    random: { bytes: (length) => new Uint8Array(length).fill(100) },
    scheduler: {
      elapsedMs: () => nowMs,
      after: (delayMs, run) => {
        const timer = { atMs: nowMs + delayMs, run }
        timers.push(timer)
        return () => {
          timers = timers.filter((each) => each !== timer)
        }
      },
    },
    append: async (drafts: readonly Draft[]) => {
      if (refusal) throw refusal
      for (const { data } of drafts) if (data instanceof Uint8Array) stored.push(data)
      return { offset: stored.length } as Receipt
    },
    lacking: logged.lacking,
    stored: logged.note,
    draftsOf: (data) => [{ type: 'update', version: 1, data }],
  })
  const waitMs = async (ms: number): Promise<void> => {
    nowMs += ms
    const due = timers.filter(({ atMs }) => atMs <= nowMs)
    timers = timers.filter(({ atMs }) => atMs > nowMs)
    for (const { run } of due) run()
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
  const refuse = (error: HeadwaterError | undefined): void => {
    refusal = error
  }
  return { outgoing, stored, logged, waitMs, refuse }
}

const textOf = (updates: readonly Uint8Array[]): string => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getText('body').toJSON()
}
const write =
  (text: string) =>
  (doc: Y.Doc): void =>
    doc.getText('body').insert(0, text)

test('what is typed goes 100 ms after it began, what came by a bridge later, 64 KiB at once', async () => {
  const { outgoing, stored, waitMs } = script()
  const author = createAuthor(1)
  outgoing.add(author.type(write('a')), true)
  await waitMs(60)
  outgoing.add(author.type(write('b')), true)
  await waitMs(39)
  expect(stored).toHaveLength(0)
  await waitMs(1)
  expect(textOf(stored)).toBe('ba')
  expect(stored).toHaveLength(1)
  outgoing.add(author.type(write('c')), false)
  await waitMs(399)
  expect(stored).toHaveLength(1)
  await waitMs(1)
  expect(stored).toHaveLength(2)
  outgoing.add(author.type(write('x'.repeat(70_000))), true)
  await waitMs(0)
  expect(stored).toHaveLength(3)
})

test('what the log holds by then is not stored again (R2)', async () => {
  const { outgoing, stored, logged, waitMs } = script()
  const author = createAuthor(1)
  const first = author.type(write('first'))
  const second = author.type((doc) => doc.getText('body').delete(0, 2))
  outgoing.add(first, false)
  outgoing.add(second, false)
  logged.note(first)
  logged.note(second)
  await waitMs(1_000)
  expect(stored).toHaveLength(0)
  outgoing.add(Y.mergeUpdates([first, author.type(write('more '))]), false)
  await waitMs(1_000)
  expect(textOf([first, second, ...stored])).toBe('more rst')
})

test('what cannot be stored is kept and tried again, ever more seldom, and nothing is lost or doubled (R1)', async () => {
  const { outgoing, stored, waitMs, refuse } = script()
  const author = createAuthor(1)
  const full = new HeadwaterError('STORAGE_FULL', 'The disk is full.', { hint: 'Make room.' })
  refuse(full)
  outgoing.add(author.type(write('kept')), true)
  await waitMs(100)
  expect(outgoing.error).toBe(full)
  await expect(outgoing.flush()).rejects.toBe(full)
  outgoing.add(author.type(write('also ')), true)
  refuse(undefined)
  await waitMs(2_000)
  expect(outgoing.error).toBeUndefined()
  expect(textOf(stored)).toBe('also kept')
  expect(stored).toHaveLength(2)
})

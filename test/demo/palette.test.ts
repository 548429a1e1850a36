// What the palette offers for what is typed: titles that match are marked, and what does not match is left out.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupsFor } from '../../src/palette/choices.ts'
import type { Command } from '../../src/palette/commands.ts'
import { matchTitle } from '../../src/palette/match.ts'

const marked = (title: string, text: string, synonyms = ''): string | undefined =>
  matchTitle({ title, synonyms }, text)
    ?.map((part) => (part.match ? `[${part.text}]` : part.text))
    .join('')

test('each word that is typed has to begin a word of the title, in any order', () => {
  expect(marked('Go to Machine room', 'ma')).toBe('Go to [Ma]chine room')
  expect(marked('Go to Machine room', 'ROOM go')).toBe('[Go] to Machine [room]')
  expect(marked('Go to Machine room', 'oom')).toBeUndefined()
  expect(marked('Go to Machine room', 'room board')).toBeUndefined()
  expect(marked('Generate 1,000 events', '')).toBe('Generate 1,000 events')
})

test('a synonym finds without being marked, and one word typed twice is marked once', () => {
  expect(marked('Export the log', 'backup', 'download backup')).toBe('Export the log')
  expect(marked('Export the log', 'log backup', 'download backup')).toBe('Export the [log]')
  expect(marked('Export the log', 'the th')).toBe('Export [the] log')
})

test('the parts of a title put together are the title, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (title, text) => {
      const parts = matchTitle({ title }, text)
      expect(parts === undefined || parts.map((part) => part.text).join('') === title).toBe(true)
    }),
  )
})

const command = (id: string, title: string): Command => ({ id, title, icon: 'plus', run: () => undefined })
const commands = [command('a', 'New issue'), command('b', 'Dark theme')]

test('without a text: recent choices, but those that make no sense any more, and then every command', () => {
  const recent = [
    { id: 'b', title: 'Dark theme' },
    { id: 'gone', title: 'Resume syncing' },
    { id: 'issue/x7', title: 'The anchor drags' },
  ]
  const groups = groupsFor('', commands, [], recent)
  expect(groups.map(({ name, choices }) => [name, choices.map(({ title }) => title)])).toEqual([
    ['Recent', ['Dark theme', 'The anchor drags']],
    ['Commands', ['New issue', 'Dark theme']],
  ])
  const ids = groups.flatMap(({ choices }) => choices.map(({ id }) => id))
  expect(new Set(ids).size).toBe(ids.length)
})

test('with a text: what fits, and no group that is empty', () => {
  expect(groupsFor('dark', commands, [], []).map(({ name }) => name)).toEqual(['Commands'])
  expect(groupsFor('zzz', commands, [], [])).toEqual([])
})

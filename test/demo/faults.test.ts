// What the page says when something is wrong: each power that a browser lacks, and each error that a person can mend.
import type { ErrorCode } from 'headwater'
import { expect, test } from 'vitest'
import { plainWordsOf } from '../../src/page/plain-words.ts'
import { missingPowers } from '../../src/page/powers.ts'

const css = { supports: () => true }
const whole = {
  indexedDB: {},
  Worker: {},
  navigator: { locks: {} },
  BroadcastChannel: {},
  crypto: {},
  HTMLDialogElement: {},
  CSS: css,
}

test('a browser that has everything lacks nothing, and each power that is taken away is named', () => {
  expect(missingPowers(whole)).toEqual([])
  for (const name of Object.keys(whole)) {
    const { [name]: _gone, ...rest } = whole as Readonly<Record<string, object>>
    expect(missingPowers(rest), name).toHaveLength(1)
  }
  expect(missingPowers({ ...whole, navigator: {} })[0]).toMatch(/Web Locks/)
  expect(missingPowers({ ...whole, CSS: { supports: () => false } })[0]).toMatch(/light-dark/)
})

test('errors that a person can mend are told in plain words, with something to do', () => {
  const mendable: readonly ErrorCode[] = [
    'STORAGE_FULL',
    'STORAGE_UNAVAILABLE',
    'STORAGE_BLOCKED',
    'STORAGE_LOST',
    'READ_ONLY',
    'FORMAT_NEWER',
    'EVENT_NEWER',
    'WORKER_UNAVAILABLE',
    'WORKER_DIED',
    'VIEW_PARKED',
    'FOLD_FAILED',
    'PART_UNAVAILABLE',
    'CLOSED',
    'UNAUTHORIZED',
    'FORBIDDEN',
    'REVOKED',
    'WORKSPACE_MISMATCH',
    'VERSION_UNSUPPORTED',
    'CLOCKS_DISAGREE',
  ]
  for (const code of mendable) {
    const words = plainWordsOf(code)
    expect(words?.remedies.length, code).toBeGreaterThan(0)
    expect(`${words?.title} ${words?.advice}`, code).not.toMatch(/[A-Z]+_[A-Z]+/)
  }
  expect(plainWordsOf('EVENT_INVALID')).toBeUndefined()
})

/**
 * Reading: one synchronous run of an attempt; where pages are missing, they are fetched and the attempt runs again from
 * the start, so that what it returns is always one moment's state.
 */
import { HeadwaterError } from '@headwater/log'
import { baseLost } from './base-lost.ts'
import { type Page, parsePage } from './page.ts'
import type { StateReader } from './paged-state.ts'
import { LayeredReader, type NotedPage } from './reader.ts'
import { mustBeOpen, type StateCore } from './state-core.ts'

/** Each round fetches something that the last one lacked; a read that needs more is chasing a base that never rests. */
const MOST_ROUNDS = 100

/** Answers at once when every page is in memory, else after fetching. */
export function readState<T>(
  core: StateCore,
  attempt: (reader: StateReader) => T,
  signal: AbortSignal | undefined,
): T | Promise<T> {
  mustBeOpen(core)
  const reader = new LayeredReader(core)
  const run = runAttempt(reader, attempt)
  return run.whole ? run.value : readInRounds(core, reader, attempt, signal)
}

async function readInRounds<T>(
  core: StateCore,
  reader: LayeredReader,
  attempt: (reader: StateReader) => T,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (signal?.aborted) throw abortedRead(core)
    await fetchNoted(core, reader)
    mustBeOpen(core)
    const run = runAttempt(reader, attempt)
    if (run.whole) return run.value
  }
  throw new HeadwaterError(
    'DEADLINE',
    `A read of "${core.options.lineage}" did not end in ${MOST_ROUNDS} rounds.`,
    {
      hint: 'Ask for less at a time; bases are being replaced faster than the read gets its pages.',
    },
  )
}

type Run<T> = { readonly whole: true; readonly value: T } | { readonly whole: false }

/** What an incomplete attempt returns, or throws, means nothing. */
function runAttempt<T>(reader: LayeredReader, attempt: (reader: StateReader) => T): Run<T> {
  try {
    const value = attempt(reader)
    return reader.incomplete ? { whole: false } : { whole: true, value }
  } catch (error) {
    if (!reader.incomplete) throw error
    return { whole: false }
  }
}

async function fetchNoted(core: StateCore, reader: LayeredReader): Promise<void> {
  const { base } = core
  const noted = distinct(reader.takeNoted())
  const pages = await fetchPages(core, noted)
  for (const [i, page] of pages.entries()) {
    if (page !== undefined) {
      core.options.cache.put(noted[i]!.id, page)
      reader.hold(noted[i]!.id, page)
    } else if (core.base === base)
      throw baseLost(core.options.lineage, `page ${noted[i]!.id} is missing or damaged`)
  }
}

function distinct(noted: readonly NotedPage[]): readonly NotedPage[] {
  return [...new Map(noted.map((page) => [page.id, page])).values()]
}

/** Fetches pages; nothing where one is gone, or is not what its manifest says. */
export async function fetchPages(
  { options }: StateCore,
  noted: readonly NotedPage[],
): Promise<readonly (Page | undefined)[]> {
  const texts = await options.store.getPages(noted.map(({ id }) => id))
  return noted.map(({ first, count }, i) => {
    const text = texts[i]
    return text === undefined ? undefined : parsePage(text, first, count)
  })
}

function abortedRead(core: StateCore): HeadwaterError {
  return new HeadwaterError('ABORTED', `A read of "${core.options.lineage}" was aborted.`, {
    hint: 'Nothing was changed; ask again when the answer is wanted.',
  })
}

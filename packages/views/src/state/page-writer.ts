/**
 * Writes new pages in order, about 1 MiB at a time, while the next ones are being made: one batch is under way, one is
 * being filled, so memory stays bounded.
 */

import type { Json } from '@headwater/log'
import type { BaseStore, PageId } from './base-store.ts'
import { encodePage, type Page } from './page.ts'
import type { PageCache } from './page-cache.ts'

/** A page in a map being made; its id comes once it is stored. */
export interface PageRef {
  readonly first: string
  readonly count: number
  readonly bytes: number
  id: PageId | undefined
}

/** The writer. */
export interface PageWriter {
  /** Takes a page; it is stored by a later `drain` or by `finish`, and then, if `isWarm`, put into the cache. */
  add(keys: readonly string[], values: readonly Json[], isWarm: boolean): PageRef
  /** Waits while a whole batch is waiting. */
  drain(): Promise<void> | undefined
  /** Resolves when every page is stored and has its id. */
  finish(): Promise<void>
}

const BATCH_BYTES = 1_048_576

/** A page on its way. */
interface WaitingPage {
  readonly ref: PageRef
  readonly text: string
  /** For the cache. */
  readonly page: Page | undefined
}

/** A writer into a store. */
export function createPageWriter(store: BaseStore, cache: PageCache): PageWriter {
  let waiting: WaitingPage[] = []
  let waitingBytes = 0
  let underWay: Promise<void> = Promise.resolve()
  let failure: { readonly cause: unknown } | undefined

  const write = async (batch: readonly WaitingPage[]): Promise<void> => {
    const ids = await store.putPages(batch.map(({ text }) => text))
    for (const [i, { ref, page }] of batch.entries()) {
      ref.id = ids[i]!
      if (page) cache.put(ids[i]!, page)
    }
  }
  const flush = async (): Promise<void> => {
    await underWay
    if (failure) throw failure.cause
    const batch = waiting
    waiting = []
    waitingBytes = 0
    underWay = write(batch).catch((cause: unknown) => {
      failure = { cause }
    })
  }
  return {
    add(keys, values, isWarm) {
      const text = encodePage(keys, values)
      const ref: PageRef = { first: keys[0]!, count: keys.length, bytes: text.length, id: undefined }
      const page = isWarm ? { keys, values, bytes: text.length } : undefined
      waiting.push({ ref, text, page })
      waitingBytes += text.length
      return ref
    },
    drain: () => (waitingBytes < BATCH_BYTES ? undefined : flush()),
    async finish() {
      await flush()
      await underWay
      if (failure) throw failure.cause
    },
  }
}

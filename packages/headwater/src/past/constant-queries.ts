/**
 * Queries whose answers do not change, as queries that are subscribed to: each is asked once, when the first subscribes, and
 * shown until a second after the last has gone. What fails is asked again by the next who comes.
 */
import type { HeadwaterError } from '@headwater/log'
import type { QuerySource } from '../client/face.ts'
import {
  addListener,
  createEntry,
  type LiveEntry,
  LOADING,
  outdate,
  takeAnswer,
  takeError,
} from '../client/live-entry.ts'
import type { Timers } from '../seams.ts'

/** Constant queries by key. */
export interface ConstantQueries extends Pick<QuerySource, 'subscribe' | 'state'> {
  /** Shows what it has shown, as no longer to be had. */
  end(error: HeadwaterError): void
}

const KEPT_MS = 1_000

/** None asked yet; `ask` answers. */
export function createConstantQueries(ask: QuerySource['ask'], scheduler: Timers): ConstantQueries {
  const byKey = new Map<string, LiveEntry>()
  let ended: HeadwaterError | undefined
  const begin = (entry: LiveEntry): void => {
    ask(entry.request, {}).then(
      (value) => show(entry, value),
      (error: HeadwaterError) => takeError(entry, error),
    )
  }
  return {
    subscribe(key, request, listener) {
      const known = byKey.get(key)
      const entry = known && known.state.status !== 'error' ? known : createEntry(key, request)
      entry.cancelDrop?.()
      if (entry !== known) {
        byKey.set(key, entry)
        if (ended) takeError(entry, ended)
        else begin(entry)
      }
      return addListener(entry, listener, () => {
        entry.cancelDrop = scheduler.after(KEPT_MS, () => {
          if (byKey.get(key) === entry) byKey.delete(key)
        })
      })
    },
    state: (key) => byKey.get(key)?.state ?? LOADING,
    end(error) {
      ended = error
      for (const entry of byKey.values()) outdate(entry, error)
    },
  }
}

function show(entry: LiveEntry, value: unknown): void {
  const patch = { type: 'value', value } as const
  const { watch } = entry
  takeAnswer(entry, { type: 'answer', watch, revision: 1, patch, stale: false, error: undefined })
}

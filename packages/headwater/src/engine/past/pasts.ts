/**
 * The moments of the past that a page has open, by the page's ids. One that this engine does not know was opened by an
 * engine that has died: it is opened anew at the same offset by the first query, so that the page need not know.
 */
import { HeadwaterError, type Log, type Offset, type Scheduler } from '@headwater/log'
import type { PastViews, ProgressOptions, Views } from '@headwater/views'
import type { Args, CallId, PastPlace } from '../../protocol.ts'
import { findOffset } from '../receipts.ts'
import { createPlaces } from './places.ts'

/** How many moments one tab may hold open. */
export const MOST_OPEN = 8

/** The open ones. */
export interface Pasts {
  open(args: Args<'openPast'>, how: ProgressOptions & { readonly signal: AbortSignal }): Promise<PastPlace>
  query(args: Args<'queryPast'>, signal: AbortSignal): Promise<unknown>
  /** One that is not open is no error. */
  close(id: CallId): Promise<void>
}

/** What they need. */
export interface PastsOptions {
  readonly log: Log
  readonly views: Views
  readonly scheduler: Scheduler
}

/** None open yet. */
export function createPasts({ log, views, scheduler }: PastsOptions): Pasts {
  const places = createPlaces(log)
  const open = new Map<CallId, Promise<PastViews>>()
  /** `opening` is under `id` from this very task on; if it fails, no more. */
  const put = (id: CallId, opening: () => Promise<PastViews>): Promise<PastViews> => {
    if (open.size >= MOST_OPEN) throw tooMany()
    const past = opening()
    open.set(id, past)
    past.catch(() => open.delete(id))
    return past
  }
  return {
    async open({ id, moment }, how) {
      let place: PastPlace | undefined
      await put(id, async () => {
        place = await places.find(moment, how.signal)
        return views.past(place.offset, how)
      })
      return place!
    },
    async query({ id, offset, request, atLeast, deadlineMs }, signal) {
      const dueMs = scheduler.elapsedMs() + deadlineMs
      if (atLeast !== undefined) refuseLater(await findOffset(log, atLeast), offset)
      const past = await (open.get(id) ?? put(id, () => views.past(offset)))
      const leftMs = Math.max(0, dueMs - scheduler.elapsedMs())
      return (await past.query(request, { deadlineMs: leftMs, signal })).value
    },
    async close(id) {
      const past = open.get(id)
      open.delete(id)
      await (await past?.catch(() => undefined))?.close()
    },
  }
}

function refuseLater(wanted: Offset | undefined, offset: Offset): void {
  if (wanted !== undefined && wanted <= offset) return
  throw new HeadwaterError(
    'BEHIND_RECEIPT',
    `The past at offset ${offset} is not known to hold the receipt.`,
    {
      hint: 'The past does not change: ask the live views, or open a later moment.',
      facts: { offset },
    },
  )
}

function tooMany(): HeadwaterError {
  return new HeadwaterError('TOO_MANY_OPEN', `${MOST_OPEN} moments of the past are open in this tab.`, {
    hint: 'Close those that are not shown any more.',
    facts: { limit: MOST_OPEN },
  })
}

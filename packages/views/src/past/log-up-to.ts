/**
 * A log as it stands up to an offset: what is folded from it ends there, wherever the log itself goes on to. Offsets keep
 * their meaning; what was voided later does not stand here either.
 */
import { type EventBatch, emptyBatch, type Log, type Offset } from '@headwater/log'

/** Events of a batch, as the log's own. */
const BATCH_EVENTS = 2_000

/** `log` up to `end()`, which is the end of a commit and may be moved forward. For reading only. */
export function logUpTo(log: Log, end: () => Offset): Log {
  return {
    ...log,
    get head() {
      return end()
    },
    hint: () => undefined,
    refresh: async () => end(),
    read: async (after, options = {}) => {
      const through = end()
      if (after >= through) return emptyBatch(after)
      const maxEvents = Math.min(options.maxEvents ?? BATCH_EVENTS, through - after)
      return cutBatch(await log.read(after, { ...options, maxEvents }), through)
    },
  }
}

/** Where offsets were lost with a damaged record, a batch may end further on than it was asked to. */
function cutBatch(batch: EventBatch, end: Offset): EventBatch {
  if (batch.through <= end) return batch
  const isIn = ({ offset }: { readonly offset: Offset }): boolean => offset <= end
  const { events, skipped, quarantined } = batch
  return {
    ...batch,
    events: events.filter(isIn),
    skipped: skipped.filter(isIn),
    quarantined: quarantined.filter(isIn),
    through: end,
  }
}

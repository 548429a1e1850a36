/**
 * The engine's side of `append`: takes batches apart into packed drafts, hands each commit to the log, and reports how
 * each ended. The log groups what comes together; nothing here waits for one commit before it starts the next.
 */
import { errorToData, type Log } from '@headwater/log'
import { type AppendEntry, unpackBatch } from '../append-columns.ts'
import type { AppendBatch, CallId } from '../protocol.ts'
import type { Reporter } from './reporter.ts'

/** Appends on their way. */
export interface Appends {
  readonly start: (batch: AppendBatch) => void
  readonly cancel: (id: CallId) => void
  /** Resolves when nothing is on its way. */
  readonly idle: () => Promise<void>
}

/** Appends to `log`, reporting to `reporter`. */
export function createAppends(log: Log, reporter: Reporter): Appends {
  const abortable = new Map<CallId, AbortController>()
  const underWay = new Set<Promise<void>>()

  const run = async (entry: AppendEntry): Promise<void> => {
    const controller = entry.isAbortable ? new AbortController() : undefined
    if (controller) abortable.set(entry.id, controller)
    try {
      const receipt = await log.append(entry.packed, {
        durability: entry.durability,
        ...(entry.since === undefined ? {} : { retriedSince: entry.since }),
        ...(controller ? { signal: controller.signal } : {}),
      })
      reporter.receipt(entry.id, receipt)
    } catch (error) {
      reporter.report({ type: 'appendFailed', id: entry.id, error: errorToData(error) })
    } finally {
      abortable.delete(entry.id)
    }
  }
  return {
    start: (batch) => {
      const runs = unpackBatch(batch).map(run)
      const all = Promise.all(runs).then(() => {
        underWay.delete(all)
      })
      underWay.add(all)
    },
    cancel: (id) => abortable.get(id)?.abort(),
    idle: async () => {
      await Promise.all(underWay)
    },
  }
}

/**
 * The engine's side of `append`: takes batches apart into packed drafts, hands each commit to the log, and reports how
 * each ended. The log groups what comes together; nothing here waits for one commit before it starts the next.
 */
import { type AppendOptions, errorToData, type Log } from '@headwater/log'
import { type AppendEntry, isOneCommit, unpackBatch } from '../append-columns.ts'
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
  let underWay = 0
  let onIdle: (() => void)[] = []

  const end = (id: CallId): void => {
    abortable.delete(id)
    underWay--
    if (underWay > 0) return
    for (const idle of onIdle) idle()
    onIdle = []
  }
  const run = (entry: AppendEntry): void => {
    const { id, packed } = entry
    underWay++
    const controller = entry.isAbortable ? new AbortController() : undefined
    if (controller) abortable.set(id, controller)
    log.append(packed, optionsOf(entry, controller)).then(
      (receipt) => {
        reporter.receipt(id, receipt)
        end(id)
      },
      (error: unknown) => {
        reporter.report({ type: 'appendFailed', id, error: errorToData(error) })
        end(id)
      },
    )
  }
  return {
    start: (batch) => {
      if (isOneCommit(batch)) log.prepare() // of no use to a strict one, which gives it up
      for (const entry of unpackBatch(batch)) run(entry)
    },
    cancel: (id) => abortable.get(id)?.abort(),
    idle: () => new Promise((resolve) => (underWay === 0 ? resolve() : onIdle.push(resolve))),
  }
}

function optionsOf(
  { durability, since }: AppendEntry,
  controller: AbortController | undefined,
): AppendOptions {
  return {
    durability,
    ...(since === undefined ? {} : { retriedSince: since }),
    ...(controller ? { signal: controller.signal } : {}),
  }
}

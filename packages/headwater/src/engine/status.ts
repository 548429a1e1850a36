/**
 * How the engine fares, told to the page when it changed and at most ten times a second. Nothing that is told waits for
 * storage: how much the log holds is looked up beside it and told when it is known.
 */
import { type ErrorData, errorToData, type Log, type Scheduler } from '@headwater/log'
import type { Views } from '@headwater/views'
import type { EngineStatus } from '../protocol.ts'
import { type LogSize, MEASURE_EVERY_MS } from './log-size.ts'

/** What it is given. */
export interface StatusOptions {
  readonly log: Log
  readonly size: LogSize
  readonly views: Pick<Views, 'status' | 'onStatus'>
  readonly scheduler: Scheduler
  readonly report: (status: EngineStatus) => void
}

/** The status of one engine. */
export interface Status {
  readonly current: () => EngineStatus
  readonly setLeads: (leads: boolean) => void
  /** Tells what changed, however short a time ago it last did. */
  readonly tellNow: () => void
  /** Background work failed; shown until the page is closed. */
  readonly setError: (error: unknown) => void
  readonly close: () => void
}

const REPORT_EVERY_MS = 100

/** Watches `log` and `views`. */
export function watchStatus({ log, size, views, scheduler, report }: StatusOptions): Status {
  let leads = false
  let error: ErrorData | undefined
  let told = ''
  let next: { readonly dueMs: number; readonly cancel: () => void } | undefined
  let closed = false

  const current = (): EngineStatus => ({
    error,
    head: log.head,
    replica: log.replica,
    ...size.current(),
    readOnly: log.readOnly && errorToData(log.readOnly),
    leads,
    views: views.status(),
  })
  const tell = (): void => {
    next = undefined
    size.measure().then((measured) => measured && soon(), setError)
    const status = current()
    const text = JSON.stringify(status)
    if (text !== told) report(status)
    told = text
    if (size.isOld()) later(MEASURE_EVERY_MS)
  }
  /** What is due sooner takes the place of what was planned for later. */
  const later = (delayMs: number): void => {
    const dueMs = scheduler.elapsedMs() + delayMs
    if (closed || (next && next.dueMs <= dueMs)) return
    next?.cancel()
    next = { dueMs, cancel: scheduler.after(delayMs, tell) }
  }
  const soon = (): void => later(REPORT_EVERY_MS)
  const setError = (cause: unknown): void => {
    error = errorToData(cause)
    soon()
  }
  const offs = [log.subscribe(soon), views.onStatus(soon), () => next?.cancel()]
  return {
    current,
    setLeads: (now) => {
      leads = now
      soon()
    },
    tellNow: () => {
      if (closed) return
      next?.cancel()
      tell()
    },
    setError,
    close: () => {
      closed = true
      for (const off of offs) off()
    },
  }
}

/**
 * How the engine fares, told to the page when it changed and at most ten times a second.
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
  let cancel: (() => void) | undefined
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
  const tell = async (): Promise<void> => {
    cancel = undefined
    await size.measure().catch(setError)
    if (closed) return
    const status = current()
    const text = JSON.stringify(status)
    if (text !== told) report(status)
    told = text
    if (size.isOld()) later(MEASURE_EVERY_MS)
  }
  const later = (delayMs: number): void => {
    if (!closed) cancel ??= scheduler.after(delayMs, () => void tell())
  }
  const soon = (): void => later(REPORT_EVERY_MS)
  const setError = (cause: unknown): void => {
    error = errorToData(cause)
    soon()
  }
  const offs = [log.subscribe(soon), views.onStatus(soon), () => cancel?.()]
  return {
    current,
    setLeads: (now) => {
      leads = now
      soon()
    },
    setError,
    close: () => {
      closed = true
      for (const off of offs) off()
    },
  }
}

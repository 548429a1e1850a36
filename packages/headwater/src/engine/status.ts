/**
 * How the engine fares, told to the page when it changed and at most ten times a second. The size of the log is asked
 * of the store at most once a second: it is a figure to look at, not one to wait for.
 */
import { type ErrorData, errorToData, type Log, type Scheduler } from '@headwater/log'
import type { Views } from '@headwater/views'
import type { EngineStatus } from '../protocol.ts'

/** What it is given. */
export interface StatusOptions {
  readonly log: Log
  readonly views: Pick<Views, 'status' | 'onStatus'>
  readonly scheduler: Scheduler
  readonly report: (status: EngineStatus) => void
}

/** The status of one engine. */
export interface Status {
  current(): EngineStatus
  setLeads(leads: boolean): void
  setError(error: unknown): void
  close(): void
}

const REPORT_EVERY_MS = 100
const SIZE_EVERY_MS = 1_000

/** Watches `log` and `views`; `size` is what the log held at opening. */
export async function watchStatus(options: StatusOptions): Promise<Status> {
  const { log, views, scheduler, report } = options
  let size = await log.size()
  let sizedMs = scheduler.elapsedMs()
  let sizedHead = log.head
  let leads = false
  let error: ErrorData | undefined
  let told = ''
  let cancel: (() => void) | undefined
  let closed = false

  const current = (): EngineStatus => ({
    error,
    head: log.head,
    replica: log.replica,
    records: size.records,
    bytes: size.bytes,
    readOnly: log.readOnly && errorToData(log.readOnly),
    leads,
    views: views.status(),
  })
  const tell = async (): Promise<void> => {
    cancel = undefined
    await measure()
    if (closed) return
    const status = current()
    const text = JSON.stringify(status)
    if (text !== told) report(status)
    told = text
    if (sizedHead !== log.head) later(SIZE_EVERY_MS)
  }
  const measure = async (): Promise<void> => {
    if (scheduler.elapsedMs() - sizedMs < SIZE_EVERY_MS || sizedHead === log.head) return
    sizedMs = scheduler.elapsedMs()
    sizedHead = log.head
    try {
      size = await log.size()
    } catch (cause) {
      if (!closed) error = errorToData(cause)
    }
  }
  const later = (delayMs: number): void => {
    if (!closed) cancel ??= scheduler.after(delayMs, () => void tell())
  }
  const soon = (): void => {
    later(REPORT_EVERY_MS)
  }
  const offHead = log.subscribe(soon)
  const offViews = views.onStatus(soon)
  return {
    current,
    setLeads: (now) => {
      leads = now
      soon()
    },
    setError: (cause) => {
      error = errorToData(cause)
      soon()
    },
    close: () => {
      closed = true
      cancel?.()
      offHead()
      offViews()
    },
  }
}

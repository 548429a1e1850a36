/**
 * The reports of one engine on their way to the page: what is said in one microtask travels as one message, in order,
 * and receipts travel as columns of numbers, so that ten thousand un-awaited appends are not ten thousand messages.
 */
import type { Receipt } from '@headwater/log'
import type { CallId, Report } from '../protocol.ts'

/** Takes the reports of one microtask. */
export type Send = (reports: readonly Report[]) => void

/** Collects reports. */
export interface Reporter {
  readonly report: (report: Report) => void
  readonly receipt: (id: CallId, receipt: Receipt) => void
}

interface Column {
  readonly replica: string
  readonly held: Receipt['held']
  readonly numbers: number[]
}

/** A reporter that hands what it collects to `send`. */
export function createReporter(send: Send): Reporter {
  let reports: Report[] = []
  let columns: Column[] = []
  let scheduled = false

  const flush = (): void => {
    scheduled = false
    const batch: Report[] = [...columns.map(columnToReport), ...reports]
    reports = []
    columns = []
    send(batch)
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(flush)
  }
  return {
    report: (report) => {
      reports.push(report)
      schedule()
    },
    receipt: (id, receipt) => {
      const { replica, held } = receipt
      let column = columns.at(-1)
      if (column?.replica !== replica || column.held !== held) {
        column = { replica, held, numbers: [] }
        columns.push(column)
      }
      column.numbers.push(id, receipt.firstSequence, receipt.offset, receipt.timestamp)
      schedule()
    },
  }
}

function columnToReport({ replica, held, numbers }: Column): Report {
  return { type: 'appended', replica, held, numbers: new Float64Array(numbers) }
}

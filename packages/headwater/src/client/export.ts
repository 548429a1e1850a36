/**
 * The page's side of an export: a stream of text that asks the engine for a run of commits whenever its reader has room,
 * so that nothing piles up, and whoever stops reading stops the work.
 */
import { type Offset, ORIGIN } from '@headwater/log'
import type { CallsUnderWay } from './calls.ts'

const SILENCE_MS = 60_000

/** How to export. */
export interface ExportOptions {
  readonly onProgress?: (events: number) => void
  readonly signal?: AbortSignal
}

/** The whole log as lines of text. */
export function streamExport(
  ask: CallsUnderWay['ask'],
  { onProgress, signal }: ExportOptions,
): ReadableStream<string> {
  const stop = new AbortController()
  let after: Offset = ORIGIN
  let events = 0
  return new ReadableStream<string>(
    {
      pull: async (controller) => {
        const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
        const run = await ask('exportRun', { after }, { silenceMs: SILENCE_MS, signal: both })
        after = run.through
        events += run.events
        if (run.text !== '') controller.enqueue(run.text)
        if (run.events > 0) onProgress?.(events)
        if (run.done) controller.close()
      },
      cancel: () => stop.abort(),
    },
    { highWaterMark: 1 },
  )
}

/** Exports the log as a file. The stream runs into a blob, which browsers keep on disk, never into one large string. */
import type { Database } from 'headwater'
import { formatCount } from '../format.ts'
import type { Tracker } from '../model.ts'
import { startTask, tell, tellFailure } from '../page/notice-store.ts'

/** Exports and says how it went. Never rejects. */
export async function exportFile(db: Database<Tracker>): Promise<void> {
  const controller = new AbortController()
  const task = startTask('Exporting the log', () => controller.abort())
  const { head } = db.status.get().log
  try {
    const lines = db.exportEvents({
      signal: controller.signal,
      onProgress: (events) =>
        task.update({ share: events / Math.max(1, head), detail: `${formatCount(events)} events` }),
    })
    const bytes = lines.pipeThrough(new TextEncoderStream())
    download(await new Response(bytes).blob())
    tell(`Exported ${formatCount(head)} events`)
  } catch (error) {
    if (controller.signal.aborted) tell('The export was cancelled')
    else tellFailure('Exporting the log')(error)
  } finally {
    task.end()
  }
}

const KEPT_MS = 60_000

function download(blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = `headwater-${new Date().toISOString().slice(0, 10)}.ndjson`
  link.click()
  // The browser reads the address after the click, and nothing says when it has.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}

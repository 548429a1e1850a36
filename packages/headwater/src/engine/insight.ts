/**
 * What `insight.ts` promises beside the views' own controls, put together from what log and views say. Loaded when it is
 * first asked for: most pages never do.
 */
import { type EventRegistry, type Log, type Offset, ORIGIN, type StoredEvent } from '@headwater/log'
import { eventKeys, type Views } from '@headwater/views'
import type { StorageReport, TouchedRow } from '../insight.ts'
import type { LogWindow, ReadLogOptions } from '../log-window.ts'
import { readLogWindow } from './log-window.ts'

/** What it is answered from. */
export interface InsightSource {
  readonly log: Log
  readonly events: EventRegistry
  readonly views: Pick<Views, 'touched' | 'status'>
}

/** Events by conditions. Each comes with the keys of its own type, then those of the views that take it. */
export function readLog(
  { log, events, views }: InsightSource,
  wanted: Omit<ReadLogOptions, 'signal'>,
  signal: AbortSignal,
): Promise<LogWindow> {
  const own = ({ type, data }: StoredEvent): string | readonly string[] => events.get(type)?.key?.(data) ?? []
  const keysOf = (event: StoredEvent): readonly string[] => [
    ...new Set([...eventKeys(own, event), ...views.touched(event).map(({ key }) => key)]),
  ]
  return readLogWindow({ log, keysOf, signal }, wanted)
}

/** What the event at an offset concerns; nothing where none stands. */
export async function readTouched(
  { log, views }: InsightSource,
  offset: Offset,
  signal: AbortSignal,
): Promise<readonly TouchedRow[]> {
  if (!Number.isSafeInteger(offset) || offset <= ORIGIN) return []
  const { events } = await log.read((offset - 1) as Offset, { maxEvents: 1, signal })
  return events.flatMap((event) => (event.offset === offset ? views.touched(event) : []))
}

/** What is stored. */
export async function readStorage({
  log,
  views,
}: InsightSource): Promise<Pick<StorageReport, 'log' | 'snapshots'>> {
  const { bytes, records } = await log.size()
  const snapshots = views
    .status()
    .flatMap(({ kind, name, snapshot }) =>
      snapshot && kind !== 'aggregate' ? [{ view: name, ...snapshot }] : [],
    )
  return { log: { bytes, records }, snapshots }
}

/**
 * What a tab tells the others of its device: which one it is, and what its log holds. Told when the log grew, at most once
 * a second, so that the replicas panel of every device can set the version vectors side by side.
 */
import type { Database, Json } from 'headwater'
import { device } from './device.ts'
import { partOf, showPart } from './presence.ts'

/** A device as its tab told it. */
export interface ShownDevice {
  readonly number: number
  readonly replica: string
  /** The last sequence held, by replica. */
  readonly vector: Readonly<Record<string, number>>
}

const PART = 'device'
const TELL_EVERY_MS = 1_000
/** Presence takes 4 KiB: of more replicas, those with the most events are told. */
const REPLICAS_AT_MOST = 60

/** Tells for as long as the page lives. */
export function showDevice(db: Database): void {
  const { presence } = db
  if (presence === undefined) return
  let toldHead = -1
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = async (): Promise<void> => {
    const { head, replica } = db.status.get().log
    toldHead = head
    const vector = bounded(await db.vector())
    showPart(presence, PART, { number: device.number, replica, vector })
  }
  const look = (): void => {
    const { state, log } = db.status.get()
    if (timer !== undefined || state !== 'open' || log.head === toldHead) return
    timer = setTimeout(() => {
      timer = undefined
      // A log that cannot be read says so in the status; the next change tries again.
      tell().catch(() => undefined)
    }, TELL_EVERY_MS)
  }
  db.status.subscribe(look)
  look()
}

function bounded(vector: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const entries = Object.entries(vector)
  if (entries.length <= REPLICAS_AT_MOST) return vector
  return Object.fromEntries(entries.toSorted((a, b) => b[1] - a[1]).slice(0, REPLICAS_AT_MOST))
}

/** Reads what another tab shows; nothing where it shows no device (another build may show what it likes). */
export function readDevice(state: Json): ShownDevice | undefined {
  const told = partOf(state, PART)
  if (told === undefined) return undefined
  const [number, replica, vector] = [partOf(told, 'number'), partOf(told, 'replica'), partOf(told, 'vector')]
  if (typeof number !== 'number' || typeof replica !== 'string') return undefined
  if (typeof vector !== 'object' || vector === null) return undefined
  const counts = Object.entries(vector).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  )
  return { number, replica, vector: Object.fromEntries(counts) }
}

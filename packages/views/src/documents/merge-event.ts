/**
 * What one event does to one document, in memory and in the view's state, in one synchronous step. Where an update cannot be
 * merged only that is written, and the document in memory is worthless. Every decision here (what waits, when a base is
 * made, what is kept beside it) is a function of the log, never of what happens to be in memory.
 */
import { encodeKey } from '../key.ts'
import { bytesToText, joinBytes } from './base64.ts'
import { type Merging, setRow } from './changing.ts'
import type { DocumentEvent } from './event.ts'
import type { HeldPart, WaitingUpdate } from './loaded.ts'
import { makeBase } from './make-base.ts'
import { hasArrived, type Merged, mergeUpdate } from './merging.ts'
import { PARTS, QUARANTINED, UPDATES, updateKey, WAITING } from './stored.ts'

/** Merges an event. False when its update was quarantined and the document in memory is to be read again. */
export function mergeEvent(merging: Merging, content: DocumentEvent): boolean {
  const update = content.parts === 1 ? content.bytes : takePart(merging, content)
  if (update === undefined) return true
  const isWhole = mergeOne(merging, update) && mergeArrived(merging)
  if (isWhole) makeBase(merging)
  return isWhole
}

/** Sets an update aside, and says why. */
export function quarantineEvent({ document, event, write }: Merging, why: string): void {
  const { replica, sequence, offset } = event
  write(QUARANTINED, encodeKey([document.id, offset]), { replica, sequence, why })
  setRow({ document, event, write }, { quarantined: document.row.quarantined + 1 })
}

/** The whole update, once its last part is there. */
function takePart({ document, event, write }: Merging, content: DocumentEvent): Uint8Array | undefined {
  const { whole, part, parts, bytes } = content
  const held = document.parts.get(whole) ?? new Map<number, HeldPart>()
  document.parts.set(whole, held)
  if (held.has(part)) return undefined
  const key = encodeKey([document.id, whole, part])
  held.set(part, { key, bytes })
  if (held.size < parts) {
    write(PARTS, key, bytesToText(bytes))
    setRow({ document, event, write }, { parts: document.row.parts + 1 })
    return undefined
  }
  document.parts.delete(whole)
  for (const [number, { key: partKey }] of held) if (number !== part) write(PARTS, partKey, undefined)
  setRow({ document, event, write }, { parts: document.row.parts - (held.size - 1) })
  return joinBytes([...held].sort(([a], [b]) => a - b).map(([, each]) => each.bytes))
}

function mergeOne(merging: Merging, update: Uint8Array): boolean {
  const merged = mergeOrFail(merging, update)
  if (merged === undefined) return false
  if (merged.missing) wait(merging, update, merged.missing)
  else if (merged.changed) hold(merging, update, 0)
  return true
}

/** Updates that waited for what has come are merged, again and again while that brings something. */
function mergeArrived(merging: Merging): boolean {
  const { document } = merging
  for (let nth = 1; ; ) {
    const next = document.waiting.find(({ missing }) => hasArrived(document.doc, missing))
    if (next === undefined) return true
    const merged = mergeOrFail(merging, next.update, next)
    if (merged === undefined) return false
    if (merged.missing) {
      const { missing } = merged
      document.waiting = document.waiting.map((each) => (each === next ? { ...next, missing } : each))
    } else {
      stopWaiting(merging, next)
      hold(merging, next.update, nth++)
    }
  }
}

/** Nothing when the update throws: then it is quarantined. */
function mergeOrFail(merging: Merging, update: Uint8Array, waited?: WaitingUpdate): Merged | undefined {
  try {
    return mergeUpdate(merging.document.doc, update)
  } catch (error) {
    if (waited) stopWaiting(merging, waited)
    quarantineEvent(merging, error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function hold(merging: Merging, update: Uint8Array, nth: number): void {
  const { document, event, write } = merging
  const key = updateKey(document.id, event.offset, nth)
  const text = bytesToText(update)
  write(UPDATES, key, text)
  document.updates.push({ key, offset: event.offset, bytes: text.length })
  document.size += update.length
  const { updates, bytes } = document.row
  setRow(merging, { updates: updates + 1, bytes: bytes + update.length })
}

function wait(merging: Merging, update: Uint8Array, missing: ReadonlyMap<number, number>): void {
  const { document, event, write } = merging
  const key = updateKey(document.id, event.offset, 0)
  write(WAITING, key, bytesToText(update))
  document.waiting = [...document.waiting, { key, update, missing }]
  setRow(merging, { waiting: document.row.waiting + 1 })
}

function stopWaiting(merging: Merging, waited: WaitingUpdate): void {
  const { document, write } = merging
  write(WAITING, waited.key, undefined)
  document.waiting = document.waiting.filter((each) => each !== waited)
  setRow(merging, { waiting: document.row.waiting - 1 })
}

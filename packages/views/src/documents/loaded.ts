/**
 * A document in memory, as a fold needs it: merged, with what waits beside it. It is loaded from what is stored, and then
 * changed in the same step as that, so that it is always what the view's state holds.
 */

import type { Doc } from 'yjs'
import { decodeKey } from '../key.ts'
import { joinBytes, textToBytes } from './base64.ts'
import { createMergingDocument, mergeAgain, mergeUpdate, stateOf } from './merging.ts'
import type { DocumentRow, StoredDocument, StoredText } from './stored.ts'

/** A document in memory. */
export interface LoadedDocument {
  readonly id: string
  readonly doc: Doc
  row: DocumentRow
  /** Updates that are held by themselves, oldest first. */
  updates: HeldUpdate[]
  /** Updates that wait for others, oldest first. */
  waiting: readonly WaitingUpdate[]
  /** Parts of updates that are not complete, by what they share. */
  readonly parts: Map<string, Map<number, HeldPart>>
  /** About how many bytes it takes, as updates. */
  size: number
  /** Its text, while it is that of the row's version. */
  text: string | undefined
}

/** An update in the state. */
export interface HeldUpdate {
  readonly key: string
  readonly offset: number
  readonly bytes: number
}

/** An update that waits. */
export interface WaitingUpdate {
  readonly key: string
  readonly update: Uint8Array
  readonly missing: ReadonlyMap<number, number>
}

/** A part of an update. */
export interface HeldPart {
  readonly key: string
  readonly bytes: Uint8Array
}

/** Loads a document. */
export function loadDocument(id: string, stored: StoredDocument): LoadedDocument {
  const { row } = stored
  const updates = stored.updates.map(({ key, text }) => ({ key, offset: offsetOf(key), bytes: text.length }))
  const state = stored.base.length > 0 ? [joinBytes(stored.base.map(textToBytes))] : []
  const newer = stored.updates.filter((_, i) => updates[i]!.offset > row.base)
  const merged = [...state, ...newer.map(({ text }) => textToBytes(text))]
  const doc = mergeStored(id, merged)
  return {
    id,
    doc,
    row,
    updates,
    waiting: stored.waiting.flatMap((each) => waitAgain(doc, each)),
    parts: groupParts(stored.parts),
    size: merged.reduce((sum, { length }) => sum + length, 0),
    text: undefined,
  }
}

/** Merges what was merged before; should that fail as one, then one by one without what fails. */
export function mergeStored(id: string, updates: readonly Uint8Array[]): Doc {
  const doc = createMergingDocument(id)
  try {
    mergeAgain(doc, updates)
    return doc
  } catch {
    return updates.reduce((whole, update) => mergeOrLeave(id, whole, update), createMergingDocument(id))
  }
}

function mergeOrLeave(id: string, doc: Doc, update: Uint8Array): Doc {
  const trial = createMergingDocument(id)
  try {
    mergeAgain(trial, [stateOf(doc), update])
    return trial
  } catch {
    return doc // this one is at fault: the document goes on without it
  }
}

/** What it holds of an update that waits is merged; the rest goes on waiting. */
function waitAgain(doc: Doc, { key, text }: StoredText): readonly WaitingUpdate[] {
  const update = textToBytes(text)
  const { missing } = mergeUpdate(doc, update)
  return missing ? [{ key, update, missing }] : []
}

function groupParts(stored: readonly StoredText[]): LoadedDocument['parts'] {
  const parts: LoadedDocument['parts'] = new Map()
  for (const { key, text } of stored) {
    const [, whole, part] = decodeKey(key)
    const known = parts.get(String(whole)) ?? new Map<number, HeldPart>()
    known.set(Number(part), { key, bytes: textToBytes(text) })
    parts.set(String(whole), known)
  }
  return parts
}

function offsetOf(key: string): number {
  return Number(decodeKey(key)[1])
}

/**
 * Making a document's base anew: the updates that came since the last one become part of it once they weigh half of what the
 * document holds, at least 64 KiB, or are 4,096. So a large document is written again seldom, and what is written again in
 * all is bounded by a few times what was typed. Some of the newest updates stay beside the base, so that who has a document
 * open can go on from there.
 */
import type { Offset } from '@headwater/log'
import { encodeKey } from '../key.ts'
import { bytesToText } from './base64.ts'
import { type Merging, setRow } from './changing.ts'
import type { HeldUpdate } from './loaded.ts'
import { stateOf, weightOf } from './merging.ts'
import { BASES, type DocumentRow, PIECE_BYTES, UPDATES } from './stored.ts'

const LEAST_BYTES = 65_536
const MOST_UPDATES = 4_096
/** What one event could carry. A longer update came in parts, and is stored in pieces, as part of the base. */
const LONG_TEXT = 400_000
const KEPT_UPDATES = 64
const KEPT_TEXT = 65_536

/** Makes the base anew when it is time. */
export function makeBase(merging: Merging): void {
  const { document, event, write } = merging
  const { row, updates } = document
  if (!isDue(row, updates.at(-1))) return
  const state = stateOf(document.doc)
  for (let piece = 0; piece < row.pieces; piece++)
    write(BASES, pieceKey(document.id, row.base, piece), undefined)
  let pieces = 0
  for (let at = 0; at < state.length; at += PIECE_BYTES) {
    const text = bytesToText(state.subarray(at, at + PIECE_BYTES))
    write(BASES, pieceKey(document.id, event.offset, pieces++), text)
  }
  const kept = newestDropped(updates) ?? row.kept
  for (const { key, offset } of updates) if (offset <= kept) write(UPDATES, key, undefined)
  document.updates = updates.filter(({ offset }) => offset > kept)
  document.size = state.length
  const weight = weightOf(document.doc)
  setRow(merging, { base: event.offset, pieces, kept, updates: 0, bytes: 0, weight })
}

function isDue({ updates, bytes, weight }: DocumentRow, newest: HeldUpdate | undefined): boolean {
  if (newest === undefined || updates === 0) return false
  if (updates >= MOST_UPDATES || newest.bytes > LONG_TEXT) return true
  return bytes >= Math.max(LEAST_BYTES, weight / 2)
}

/** The offset up to which updates need not be held by themselves any more. */
function newestDropped(updates: readonly HeldUpdate[]): Offset | undefined {
  let text = 0
  for (let i = updates.length - 1, kept = 0; i >= 0; i--, kept++) {
    text += updates[i]!.bytes
    if (kept >= KEPT_UPDATES || text > KEPT_TEXT) return updates[i]!.offset as Offset
  }
  return undefined
}

function pieceKey(id: string, base: Offset, piece: number): string {
  return encodeKey([id, base, piece])
}

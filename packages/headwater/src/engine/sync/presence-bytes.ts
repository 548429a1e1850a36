/**
 * Presence as bytes, at most 4 KiB: 12 bytes that name the tab, one that says what this is, and a state as JSON. Opaque to
 * whoever passes it on; what cannot be read is not there.
 */
import { bytesToId, type Json, type LogId, writeId } from '@headwater/log'
import { MAX_PRESENCE_BYTES } from '../../presence.ts'

/** What a tab says: its state, that it shows none any more, or that it wants to know who is here. */
export type PresenceWord =
  | { readonly type: 'state'; readonly tab: string; readonly state: Json }
  | { readonly type: 'gone'; readonly tab: string }
  | { readonly type: 'who'; readonly tab: string }

const ID_BYTES = 12
const HEAD_BYTES = ID_BYTES + 1
const KINDS = ['gone', 'state', 'who'] as const

/** The word of a tab; `text` is the JSON of a state. */
export function encodePresence(type: PresenceWord['type'], tab: LogId, text = ''): Uint8Array {
  const body = new TextEncoder().encode(text)
  const bytes = new Uint8Array(HEAD_BYTES + body.length)
  writeId(tab, bytes, 0)
  bytes[ID_BYTES] = KINDS.indexOf(type)
  bytes.set(body, HEAD_BYTES)
  return bytes
}

/** The word in the bytes; undefined when there is none. */
export function parsePresence(bytes: Uint8Array): PresenceWord | undefined {
  if (bytes.length < HEAD_BYTES || bytes.length > HEAD_BYTES + MAX_PRESENCE_BYTES) return undefined
  const tab = bytesToId(bytes)
  const type = KINDS[bytes[ID_BYTES] ?? KINDS.length]
  if (type !== 'state') return type && { type, tab }
  const state = parseState(bytes.subarray(HEAD_BYTES))
  return state && { type, tab, state: state.value }
}

function parseState(bytes: Uint8Array): { readonly value: Json } | undefined {
  try {
    const value: Json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return { value }
  } catch {
    return undefined // foreign bytes that are no JSON: nobody is shown for them
  }
}

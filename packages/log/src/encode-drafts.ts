/**
 * The second step of a draft: checked bodies become the bytes of a commit's events section. Between the two steps bodies are
 * text, which crosses threads as fast as bytes do; the bodies of many commits are encoded by one call, since a call for each
 * costs more than the work in it. Bodies of raw bytes are bytes all the way.
 */
import { BODY_END_BYTES, COMMA, encodeBodies, encodeTable, type WrittenType } from './events-section.ts'
import type { CommitId } from './identity.ts'

/** The body of an event: its JSON, or raw bytes, as its type says. */
export type EventBody = string | Uint8Array

/** Drafts checked, validated and written as JSON where they are not raw bytes. */
export interface CheckedDrafts {
  readonly commitId: CommitId
  /** The type of each event. */
  readonly types: readonly WrittenType[]
  readonly bodies: readonly EventBody[]
}

/** Drafts checked, validated and encoded; what `Log.append` stores behind a header. */
export interface PackedDrafts {
  readonly commitId: CommitId
  readonly count: number
  /** Table of types and index: the head of the commit without its header (FORMAT.md). */
  readonly head: Uint8Array
  readonly bodies: Uint8Array
}

/** Encodes checked drafts. */
export function encodeDrafts({ commitId, types, bodies }: CheckedDrafts): PackedDrafts {
  const outline = { commitId, types, lengths: bodies.map(({ length }) => length) }
  return encodeTogether([outline], joinBodies(bodies))[0]!
}

/** Bodies of several commits one behind the other, in two runs. */
export interface JoinedBodies {
  /** Of each event its JSON and a comma; of one of raw bytes the comma alone. */
  readonly text: string
  /** The raw bytes; undefined when there are none. */
  readonly raw: Uint8Array | undefined
}

/** Joins bodies for `encodeTogether`. */
export function joinBodies(bodies: readonly EventBody[]): JoinedBodies {
  const isText = (body: EventBody): body is string => typeof body === 'string'
  if (bodies.every(isText))
    return { text: bodies.length === 1 ? `${bodies[0]},` : `${bodies.join(',')},`, raw: undefined }
  const texts = bodies.map((body) => (isText(body) ? body : ''))
  const raws = bodies.flatMap((body) => (isText(body) ? [] : [body]))
  const raw = new Uint8Array(raws.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const bytes of raws) {
    raw.set(bytes, at)
    at += bytes.length
  }
  return { text: `${texts.join(',')},`, raw }
}

/** Encodes the drafts of several commits, whose bodies were joined. */
export function encodeTogether(
  commits: readonly DraftOutline[],
  { text, raw }: JoinedBodies,
): readonly PackedDrafts[] {
  const units: number[] = []
  for (const { types, lengths } of commits)
    for (let i = 0; i < lengths.length; i++) units.push(types[i]!.raw ? 0 : lengths[i]!)
  const all = encodeBodies(text, units)
  const packed: PackedDrafts[] = []
  let [event, at, rawAt] = [0, 0, 0]
  for (const { commitId, types, lengths: own } of commits) {
    const count = types.length
    const isMixed = raw !== undefined && types.some((type) => type.raw)
    const texts = all.lengths === units && !isMixed ? own : all.lengths.slice(event, event + count)
    const from = at
    for (const length of texts) at += length + BODY_END_BYTES
    event += count
    let [lengths, bodies]: [readonly number[], Uint8Array] = [texts, all.bytes.subarray(from, at)]
    if (isMixed) {
      lengths = texts.map((length, i) => (types[i]!.raw ? own[i]! : length))
      bodies = weave(bodies, raw.subarray(rawAt), types, lengths)
      rawAt += types.reduce((sum, type, i) => sum + (type.raw ? lengths[i]! : 0), 0)
    }
    packed.push({ commitId, count, head: encodeTable(types, lengths), bodies })
  }
  return packed
}

/** The bodies of a commit, in order, from its texts and its raw bytes. */
function weave(
  texts: Uint8Array,
  raw: Uint8Array,
  types: readonly WrittenType[],
  lengths: readonly number[],
): Uint8Array {
  const bodies = new Uint8Array(lengths.reduce((sum, length) => sum + length + BODY_END_BYTES, 0))
  let [at, textAt, rawAt] = [0, 0, 0]
  lengths.forEach((length, i) => {
    const isRaw = types[i]!.raw === true
    bodies.set(isRaw ? raw.subarray(rawAt, rawAt + length) : texts.subarray(textAt, textAt + length), at)
    at += length + BODY_END_BYTES
    bodies[at - BODY_END_BYTES] = COMMA
    textAt += (isRaw ? 0 : length) + BODY_END_BYTES
    rawAt += isRaw ? length : 0
  })
  return bodies
}

/** Checked drafts without their bodies: the length of each instead, in UTF-16 units, or bytes where they are raw. */
export interface DraftOutline extends Omit<CheckedDrafts, 'bodies'> {
  readonly lengths: readonly number[]
}

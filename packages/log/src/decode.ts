/**
 * From a stored record to the events that folds are given: bodies to text, text to JSON, JSON lifted to the version that
 * this build knows, all of it frozen. The bodies of a record become text by one call of the decoder; while all of it is
 * ASCII, places in the text are places in the bytes, else they are counted once. What this build cannot take becomes an
 * event with a `fault`, so that decoding never fails inside a record that is whole.
 */
import { readU16, readU32 } from './bytes.ts'
import { timestampToMs } from './clock.ts'
import { HeadwaterError } from './error.ts'
import type { EventType, StoredEvent } from './event.ts'
import { ENCODING, INDEX_ENTRY_BYTES, type TypeEntry } from './events-section.ts'
import type { Offset, Sequence } from './identity.ts'
import type { RecordCommit, RecordView } from './record.ts'
import { recordCommits } from './record.ts'
import type { EventRegistry } from './registry.ts'

/** A record with its commits parsed; its text is made when it is first needed. */
export interface OpenRecord {
  readonly view: RecordView
  readonly commits: readonly RecordCommit[]
  text?: BodiesText
}

/** Which events of a record are wanted. */
export interface Wanted {
  /** The first offset wanted. */
  readonly from: number
  /** The last offset wanted. */
  readonly through: number
  /** Only these types; all known ones when undefined. */
  readonly types?: ReadonlySet<string> | undefined
}

/** Where decoded events go. */
export interface Decoded {
  readonly events: StoredEvent[]
  /** How many events of types that no definition of this build names, by type. */
  readonly unknown: Map<string, number>
}

/** The text of all bodies of a record; `starts` says where each begins when the text is not ASCII. */
interface BodiesText {
  readonly text: string
  readonly starts: Uint32Array | undefined
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Parses a record's commits, or refuses it. */
export function openRecord(view: RecordView): OpenRecord | HeadwaterError {
  const commits = recordCommits(view)
  return commits instanceof HeadwaterError ? commits : { view, commits }
}

/** Decodes the wanted events of a record behind those already decoded. */
export function decodeEvents(
  record: OpenRecord,
  wanted: Wanted,
  registry: EventRegistry,
  decoded: Decoded,
): void {
  record.text ??= bodiesText(record)
  const { text, starts } = record.text
  const base = record.view.bodiesAt
  let ordinal = 0
  for (const commit of record.commits) {
    const first = ordinal
    ordinal += commit.head.count
    if (commit.firstOffset > wanted.through) return
    if (commit.firstOffset + commit.head.count <= wanted.from) continue
    decodeCommit(record.view, commit, wanted, registry, decoded, (i, from, to) =>
      text === ''
        ? decoder.decode(record.view.bytes.subarray(from, to))
        : starts
          ? text.slice(starts[first + i], starts[first + i + 1])
          : text.slice(from - base, to - base),
    )
  }
}

/** Decodes the one event at `offset`, its body alone. */
export function decodeEventAt(
  record: OpenRecord,
  offset: Offset,
  registry: EventRegistry,
): StoredEvent | undefined {
  const decoded: Decoded = { events: [], unknown: new Map() }
  const commit = record.commits.findLast(({ firstOffset }) => firstOffset <= offset)
  if (!commit) return undefined
  const wanted = { from: offset, through: offset }
  decodeCommit(record.view, commit, wanted, registry, decoded, (_, from, to) =>
    decoder.decode(record.view.bytes.subarray(from, to)),
  )
  return decoded.events[0]
}

type TextOf = (index: number, from: number, to: number) => string

function decodeCommit(
  view: RecordView,
  commit: RecordCommit,
  wanted: Wanted,
  registry: EventRegistry,
  decoded: Decoded,
  textOf: TextOf,
): void {
  const { head, firstOffset } = commit
  const events = head.types.map(({ type }) => registry.get(type))
  const time = timestampToMs(head.timestamp)
  let to = commit.bodiesAt
  for (let i = 0; i < head.count; i++) {
    const entry = head.indexAt + i * INDEX_ENTRY_BYTES
    const from = to
    to += readU32(head.bytes, entry + 2)
    const offset = (firstOffset + i) as Offset
    if (offset < wanted.from) continue
    if (offset > wanted.through) return
    const place = readU16(head.bytes, entry)
    const event = events[place]
    const stored = head.types[place]!
    if (!event) decoded.unknown.set(stored.type, (decoded.unknown.get(stored.type) ?? 0) + 1)
    if (!event || (wanted.types && !wanted.types.has(event.type))) continue
    const lifted = bodyOf(view, commit, stored, event, registry, from, to, i, textOf)
    decoded.events.push(
      Object.freeze({
        type: event.type,
        ...lifted,
        offset,
        replica: head.replica,
        sequence: (head.firstSequence + i) as Sequence,
        timestamp: head.timestamp,
        time,
      }),
    )
  }
}

type Body = Pick<StoredEvent, 'version' | 'data' | 'fault'>

function bodyOf(
  view: RecordView,
  { head }: RecordCommit,
  stored: TypeEntry,
  event: EventType,
  registry: EventRegistry,
  from: number,
  to: number,
  index: number,
  textOf: TextOf,
): Body {
  const { version } = stored
  if (head.keyId !== 0) return { version, data: null, fault: encrypted(stored.type) }
  if (stored.encoding === ENCODING.raw) return { version, data: view.bytes.slice(from, to) }
  let data: unknown
  try {
    data = JSON.parse(textOf(index, from, to))
  } catch (cause) {
    return { version, data: null, fault: unreadable(stored.type, cause) }
  }
  return registry.lift(event, version, data)
}

/** All bodies as one text; the empty text when they are not UTF-8 as a whole, and each must be decoded alone. */
function bodiesText(record: OpenRecord): BodiesText {
  const bodies = record.view.bytes.subarray(record.view.bodiesAt)
  const mixed = record.commits.some(
    ({ head }) => head.keyId !== 0 || head.types.some((t) => t.encoding !== ENCODING.json),
  )
  if (mixed) return { text: '', starts: undefined }
  try {
    const text = decoder.decode(bodies)
    return { text, starts: text.length === bodies.length ? undefined : startsOf(record, bodies) }
  } catch {
    return { text: '', starts: undefined } // a body is not UTF-8: decoding alone, that event gets its fault
  }
}

/** Where each body begins in the text, in UTF-16 units: all bytes count one but the continuing ones, four-byte leads two. */
function startsOf(record: OpenRecord, bodies: Uint8Array): Uint32Array {
  const starts = new Uint32Array(record.view.count + 1)
  let event = 0
  let at = 0
  let units = 0
  for (const { head } of record.commits) {
    for (let i = 0; i < head.count; i++) {
      const end = at + readU32(head.bytes, head.indexAt + i * INDEX_ENTRY_BYTES + 2)
      for (; at < end; at++) units += unitsOfByte(bodies[at]!)
      starts[++event] = units
    }
  }
  return starts
}

function unitsOfByte(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0
  return byte >= 0xf0 ? 2 : 1
}

function encrypted(type: string): HeadwaterError {
  return new HeadwaterError(
    'FORMAT_NEWER',
    `A stored "${type}" is encrypted, which this build cannot read.`,
    {
      hint: 'A newer build of the app wrote it: reload the app.',
      facts: { type },
    },
  )
}

function unreadable(type: string, cause: unknown): HeadwaterError {
  return new HeadwaterError('COMMIT_DAMAGED', `The body of a stored "${type}" is no JSON.`, {
    hint: 'It came so from another replica; export the log and report it to its author.',
    facts: { type },
    cause,
  })
}

/**
 * From a stored record to the events that folds are given: bodies to JSON, JSON lifted to the version that this build
 * knows, all of it frozen. The bodies of a record lie together, a comma behind each, so that one call of the decoder and
 * one of the parser read all of them; single events are read alone. What this build cannot take becomes an event with a
 * `fault`, so that decoding never fails inside a record that is whole.
 */
import { readU16, readU32 } from './bytes.ts'
import { timestampToMs } from './clock.ts'
import { HeadwaterError } from './error.ts'
import type { EventType, StoredEvent } from './event.ts'
import { BODY_END_BYTES, ENCODING, INDEX_ENTRY_BYTES, type TypeEntry } from './events-section.ts'
import type { Offset, ReplicaId, Sequence } from './identity.ts'
import { type Content, contentFault, judgeTypes, MARK, quarantine, type Verdict } from './judgement.ts'
import type { PassedOver } from './log.ts'
import type { RecordCommit, RecordView } from './record.ts'
import { recordCommits } from './record.ts'
import type { EventRegistry } from './registry.ts'
import { isLeftOut, type Voids } from './voids.ts'

/** A record with its commits parsed. */
export interface OpenRecord {
  readonly view: RecordView
  readonly commits: readonly RecordCommit[]
  /** The parsed bodies, while the record is being read; empty when they cannot be parsed together. */
  values?: unknown[] | undefined
  /** What became of commits that had to be judged, by first offset, while the record is being read. */
  verdicts?: Map<Offset, Verdict> | undefined
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
  readonly skipped: PassedOver[]
  readonly quarantined: PassedOver[]
}

/** Nothing decoded yet. */
export function createDecoded(): Decoded {
  return { events: [], unknown: new Map(), skipped: [], quarantined: [] }
}

/** What decoding takes beside the bytes. */
export interface Reading {
  readonly registry: EventRegistry
  /** Events of voided commits and of duplicates are left out. */
  readonly voids: Voids
  /** Whose commits this log wrote: what they hold was checked when it was appended. */
  readonly own: ReadonlySet<ReplicaId>
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Parses a record's commits, or refuses it. */
export function openRecord(view: RecordView): OpenRecord | HeadwaterError {
  const commits = recordCommits(view)
  return commits instanceof HeadwaterError ? commits : { view, commits }
}

/** Decodes the wanted events of a record behind those already decoded. */
export function decodeEvents(record: OpenRecord, wanted: Wanted, reading: Reading, decoded: Decoded): void {
  const { registry, voids } = reading
  const takeValue = (body: Body): unknown => {
    record.values ??= parseTogether(record)
    return takeFrom(record.values, body) ?? parseAlone(body)
  }
  for (const commit of record.commits) {
    if (commit.firstOffset > wanted.through) break
    if (commit.firstOffset + commit.head.count <= wanted.from) continue
    if (voids.version > 0 && isLeftOut(voids, commit.firstOffset)) continue
    const decoding: Decoding = { record, commit, wanted, registry, decoded, takeValue }
    if (isTrusted(commit, reading)) decodeCommit(decoding)
    else decodeJudged(decoding, reading)
  }
  if (wanted.through >= record.view.lastOffset) record.values = record.verdicts = undefined
}

/** What this log wrote at the versions that this build knows was checked when it was appended. */
function isTrusted({ head }: RecordCommit, { registry, own }: Reading): boolean {
  return (
    own.has(head.replica) && head.types.every(({ type, version }) => registry.get(type)?.version === version)
  )
}

/** A commit is judged once, as a whole, though a batch may begin or end inside it. */
function decodeJudged(decoding: Decoding, reading: Reading): void {
  const { record, commit, wanted, decoded } = decoding
  record.verdicts ??= new Map()
  const verdict = record.verdicts.get(commit.firstOffset) ?? judge(decoding, reading)
  record.verdicts.set(commit.firstOffset, verdict)
  if (verdict.type === 'taken') decodeCommit(decoding, verdict.contents)
  if (verdict.type === 'taken' || commit.firstOffset < wanted.from) return
  decoded[verdict.type].push(verdict.passed)
  for (const [type, count] of verdict.unknown)
    decoded.unknown.set(type, (decoded.unknown.get(type) ?? 0) + count)
}

function judge(decoding: Decoding, { registry, own }: Reading): Verdict {
  const { commit, record } = decoding
  const unknown = judgeTypes(commit, registry)
  if (unknown) return unknown
  const contents: Content[] = []
  const isOwn = own.has(commit.head.replica)
  let from = commit.bodiesAt
  for (let i = 0; i < commit.head.count; i++) {
    const entry = commit.head.indexAt + i * INDEX_ENTRY_BYTES
    const stored = commit.head.types[readU16(commit.head.bytes, entry)]!
    const to = from + readU32(commit.head.bytes, entry + 2)
    const event = registry.get(stored.type)
    const body = { record, place: commit.firstPlace + i, from, to }
    const content = event ? contentOf(decoding, stored, event, body) : MARK
    const fault = event && contentFault(content, event, isOwn && stored.version === event.version)
    if (fault) return quarantine(commit, i, fault)
    contents.push(content)
    from = to + BODY_END_BYTES
  }
  return { type: 'taken', contents }
}

/** Decodes the one event at `offset`, its body alone. */
export function decodeEventAt(
  record: OpenRecord,
  offset: Offset,
  registry: EventRegistry,
): StoredEvent | undefined {
  const decoded = createDecoded()
  const commit = record.commits.findLast(({ firstOffset }) => firstOffset <= offset)
  const wanted = { from: offset, through: offset }
  if (commit) decodeCommit({ record, commit, wanted, registry, decoded, takeValue: parseAlone })
  return decoded.events[0]
}

/** A body's place: among the events of its record, and among its bytes. */
interface Body {
  readonly record: OpenRecord
  readonly place: number
  readonly from: number
  readonly to: number
}

interface Decoding {
  readonly record: OpenRecord
  readonly commit: RecordCommit
  readonly wanted: Wanted
  readonly registry: EventRegistry
  readonly decoded: Decoded
  takeValue(body: Body): unknown
}

function decodeCommit(decoding: Decoding, contents?: readonly Content[]): void {
  const { commit, record, wanted, registry, decoded } = decoding
  const { head, firstOffset } = commit
  const events = head.types.map(({ type }) => registry.get(type))
  const time = timestampToMs(head.timestamp)
  let next = commit.bodiesAt
  for (let i = 0; i < head.count; i++) {
    const entry = head.indexAt + i * INDEX_ENTRY_BYTES
    const from = next
    const to = from + readU32(head.bytes, entry + 2)
    next = to + BODY_END_BYTES
    const offset = (firstOffset + i) as Offset
    if (offset < wanted.from) continue
    if (offset > wanted.through) return
    const type = readU16(head.bytes, entry)
    const event = events[type]
    if (!event || (wanted.types && !wanted.types.has(event.type))) continue
    const body = { record, place: commit.firstPlace + i, from, to }
    const { version, data, fault } = contents?.[i] ?? contentOf(decoding, head.types[type]!, event, body)
    const { replica, timestamp } = head
    const sequence = (head.firstSequence + i) as Sequence
    const stored = { type: event.type, version, data, offset, replica, sequence, timestamp, time }
    decoded.events.push(Object.freeze(fault ? { ...stored, fault } : stored))
  }
}

function contentOf(decoding: Decoding, stored: TypeEntry, event: EventType, body: Body): Content {
  const { version, type } = stored
  if (decoding.commit.head.keyId !== 0) return { version, data: null, fault: encrypted(type) }
  if ((stored.encoding === ENCODING.raw) !== (event.raw === true))
    return { version, data: null, fault: otherEncoding(type) }
  if (event.raw)
    return decoding.registry.lift(event, version, body.record.view.bytes.slice(body.from, body.to))
  let data: unknown
  try {
    data = decoding.takeValue(body)
  } catch (cause) {
    return { version, data: null, fault: unreadable(type, cause) }
  }
  return decoding.registry.lift(event, version, data)
}

/** A value that was parsed with the others; each is given once, because an upcaster may change it. */
function takeFrom(values: unknown[], { place }: Body): unknown {
  const value = values[place]
  values[place] = undefined
  return value
}

function parseAlone({ record, from, to }: Body): unknown {
  return JSON.parse(decoder.decode(record.view.bytes.subarray(from, to)))
}

/**
 * The bodies of a record by one call of the parser, or, where some are no JSON, those of each commit that is JSON by one; none
 * of those that cannot be parsed: each of them must be read alone.
 */
function parseTogether({ view, commits }: OpenRecord): unknown[] {
  if (commits.every(isJson)) return parseBodies(view.bytes.subarray(view.bodiesAt), view.count)
  const values: unknown[] = []
  for (const [i, commit] of commits.entries()) {
    if (!isJson(commit)) continue
    const bodies = view.bytes.subarray(commit.bodiesAt, commits[i + 1]?.bodiesAt)
    for (const [n, value] of parseBodies(bodies, commit.head.count).entries())
      values[commit.firstPlace + n] = value
  }
  return values
}

function isJson({ head }: RecordCommit): boolean {
  return head.keyId === 0 && head.types.every(({ encoding }) => encoding === ENCODING.json)
}

function parseBodies(bytes: Uint8Array, count: number): unknown[] {
  try {
    const values: unknown = JSON.parse(`[${decoder.decode(bytes.subarray(0, -BODY_END_BYTES))}]`)
    return Array.isArray(values) && values.length === count ? values : []
  } catch {
    return [] // read alone, the body at fault is the only one that gets a fault
  }
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

function otherEncoding(type: string): HeadwaterError {
  return new HeadwaterError('FORMAT_NEWER', `A stored "${type}" is encoded as this build does not know it.`, {
    hint: 'Another build of the app wrote it: reload the app.',
    facts: { type },
  })
}

function unreadable(type: string, cause: unknown): HeadwaterError {
  return new HeadwaterError('COMMIT_DAMAGED', `The body of a stored "${type}" is no JSON.`, {
    hint: 'It came so from another replica; export the log and report it to its author.',
    facts: { type },
    cause,
  })
}

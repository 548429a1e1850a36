/**
 * One whole commit as one line of text, and back, byte for byte.
 *
 *     line  := {"headwater":1,"replica":…,"commit":…,"sequence":…,"timestamp":…,"derived"?:true,"events":[event,…]}
 *            | {"headwater":1,"bytes":base64 of the commit}
 *     event := {"type":…,"version":…,"data":…}
 *
 * The first form is for people and other programs. It is written only after it has been read back and gave the author's
 * very bytes; what it cannot give back (raw bodies, bodies that another writer spelled otherwise, extensions) takes the
 * second form. So every line of an export restores its commit exactly, whoever wrote it.
 */
import {
  type CommitHead,
  type CommitHeader,
  type CommitId,
  type Draft,
  type EventType,
  encodeCommit,
  HeadwaterError,
  isId,
  type Json,
  packDrafts,
  parseCommit,
  type Random,
  type ReplicaId,
  type Sequence,
  type Timestamp,
} from '@headwater/log'
import { createDraftRegistry } from '../draft-registry.ts'

/** Marks a line of an export. Raised when a reader of the old form could misunderstand the new one. */
const LINE_VERSION = 1

/** A commit as text, without a line break. Errors: those of `parseCommit`. */
export function commitToLine(bytes: Uint8Array): string {
  const head = parseCommit(bytes)
  if (head instanceof HeadwaterError) throw head
  const line = readableLine(head)
  if (line !== undefined && givesBack(line, bytes)) return line
  return JSON.stringify({ headwater: LINE_VERSION, bytes: bytesToBase64(bytes) })
}

function readableLine(head: CommitHead): string | undefined {
  const { replica, commitId, firstSequence, timestamp, derived, keyId, extensions, types } = head
  if (keyId !== 0 || extensions.length > 0 || types.some(({ encoding }) => encoding !== 0)) return undefined
  const events = eventTexts(head)
  if (events === undefined) return undefined
  const fields = {
    headwater: LINE_VERSION,
    replica,
    commit: commitId,
    sequence: firstSequence,
    timestamp,
    ...(derived ? { derived } : {}),
  }
  return `${JSON.stringify(fields).slice(0, -1)},"events":[${events.join(',')}]}`
}

/**
 * As FORMAT.md of the log has it: an index entry is the type's place (u16) and the length of the body (u32); behind each
 * body stands a comma. Were that to change, lines would no longer be given back, and go as bytes.
 */
const ENTRY_BYTES = 6
const BODY_END_BYTES = 1

function eventTexts({ bytes, types, indexAt, bodiesAt }: CommitHead): readonly string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const texts: string[] = []
  let at = bodiesAt
  for (let entry = indexAt; entry < bodiesAt; entry += ENTRY_BYTES) {
    const type = types[view.getUint16(entry, true)]
    const end = at + view.getUint32(entry + 2, true)
    const body = decodeText(decoder, bytes.subarray(at, end))
    if (type === undefined || body === undefined || /[\r\n]/.test(body)) return undefined
    texts.push(`{"type":${JSON.stringify(type.type)},"version":${type.version},"data":${body}}`)
    at = end + BODY_END_BYTES
  }
  return texts
}

function decodeText(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined // not UTF-8: the caller writes the bytes instead
  }
}

function givesBack(line: string, bytes: Uint8Array): boolean {
  let read: Uint8Array | undefined
  try {
    read = lineToCommit(JSON.parse(line))
  } catch {
    return false // another writer's spelling: the caller writes the bytes instead
  }
  return read?.length === bytes.length && read.every((byte, at) => byte === bytes[at])
}

/** Whether a parsed line claims to be of an export. */
export function isCommitLine(line: unknown): line is { readonly headwater: unknown } {
  return typeof line === 'object' && line !== null && 'headwater' in line
}

/** The commit of a parsed line. Errors: `COMMIT_DAMAGED`, `FORMAT_NEWER`, those of `packDrafts`. */
export function lineToCommit(line: unknown): Uint8Array {
  const fields = members(line)
  if (fields?.headwater !== LINE_VERSION) throw newer(fields?.headwater)
  const bytes = typeof fields.bytes === 'string' ? base64ToBytes(fields.bytes) : rebuild(fields)
  const head = parseCommit(bytes)
  if (head instanceof HeadwaterError) throw head
  return bytes
}

function rebuild(fields: Readonly<Record<string, unknown>>): Uint8Array {
  const { replica, commit, sequence, timestamp, derived, events } = fields
  if (!isId(replica) || !isId(commit)) throw damaged('its replica or commit is no id')
  if (!isCount(sequence) || !isCount(timestamp)) throw damaged('its sequence or timestamp is no number')
  if (!Array.isArray(events)) throw damaged('it has no events')
  const header: CommitHeader = {
    replica: replica as ReplicaId,
    commitId: commit as CommitId,
    firstSequence: sequence as Sequence,
    timestamp: timestamp as Timestamp,
    derived: derived === true,
  }
  const drafts = events.map(parseDraft)
  const types = createDraftRegistry(typesAsStored(drafts))
  return encodeCommit(header, packDrafts(drafts, types, noRandom, header.commitId))
}

function parseDraft(event: unknown): Draft {
  const fields = members(event)
  const version = fields?.version
  if (typeof fields?.type !== 'string' || !isCount(version) || !('data' in fields)) {
    throw damaged('an event lacks its type, version or data')
  }
  return { type: fields.type, version, data: fields.data }
}

/** Event types that take any data as they are: an export's events were checked when they were appended. */
function typesAsStored(drafts: readonly Draft[]): readonly EventType[] {
  const types = new Map<string, EventType>()
  for (const { type, version } of drafts) {
    const known = types.get(type) ?? anyData(type, version)
    if (known.version !== version) throw damaged('a type has two versions in it')
    types.set(type, known)
  }
  return [...types.values()]
}

function anyData(type: string, version: number): EventType {
  const createDraft = (data: unknown): Draft => ({ type, version, data })
  const validate = (value: unknown) => ({ value })
  const schema = { '~standard': { version: 1, vendor: 'headwater', validate } } as const
  return Object.assign(createDraft, { type, version, schema, key: undefined, upcast: {} })
}

const noRandom: Random = {
  bytes: () => {
    throw new Error('bug in headwater: a line has its own commit id')
  },
}

function bytesToBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8_192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  }
  return btoa(binary)
}

function base64ToBytes(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw damaged('its bytes are no base64', cause)
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isMembers = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMembers ? (value as Readonly<Record<string, Json>>) : undefined // JSON.parse gave it
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0
}

function damaged(why: string, cause?: unknown): HeadwaterError {
  return new HeadwaterError('COMMIT_DAMAGED', `A commit of an export cannot be rebuilt: ${why}.`, {
    hint: 'The file was changed after it was exported; export again, or leave the line out.',
    cause,
  })
}

function newer(version: unknown): HeadwaterError {
  return new HeadwaterError(
    'FORMAT_NEWER',
    `The line is of version ${String(version)} of the export format.`,
    {
      hint: `This build reads version ${LINE_VERSION}: reload the app, or update it.`,
    },
  )
}

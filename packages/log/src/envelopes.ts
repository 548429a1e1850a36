/**
 * Envelopes: what a hub said of a commit, beside the author's bytes and outside their hash. The log keeps those that came with
 * other people's commits and understands none of them: a hub that has forgotten a commit can be given it again, together
 * with its own word on whose it is. They are no part of any law: losing them loses no event.
 *
 * They lie in runs, one for the commits of a replica that came together (FORMAT.md, "envelopes").
 */
import { readU16, readU64, writeU16, writeU64 } from './bytes.ts'
import type { ReplicaId, Sequence } from './identity.ts'

/** The longest envelope that is kept, in bytes; a longer one is passed over. */
export const MAX_ENVELOPE_BYTES = 4_096

/** The commit of a replica that ends with a sequence. */
export interface CommitEnd {
  readonly replica: ReplicaId
  readonly lastSequence: Sequence
}

/** A commit's envelope. */
export interface Enveloped extends CommitEnd {
  readonly envelope: Uint8Array
}

/** Envelopes of one replica's commits, by the last sequence of each. */
export type EnvelopeRun = ReadonlyMap<number, Uint8Array>

const ENTRY_BYTES = 10

/** Sorts envelopes into runs, one a replica; what is no envelope is passed over. */
export function envelopeRuns(enveloped: readonly Enveloped[]): ReadonlyMap<ReplicaId, EnvelopeRun> {
  const runs = new Map<ReplicaId, Map<number, Uint8Array>>()
  for (const { replica, lastSequence, envelope } of enveloped) {
    if (envelope.length === 0 || envelope.length > MAX_ENVELOPE_BYTES) continue
    const run = runs.get(replica)
    if (run) run.set(lastSequence, envelope)
    else runs.set(replica, new Map([[lastSequence, envelope]]))
  }
  return runs
}

/** Writes a run, ascending. */
export function encodeRun(run: EnvelopeRun): Uint8Array {
  const entries = [...run].sort(([a], [b]) => a - b)
  const bytes = new Uint8Array(entries.reduce((sum, [, { length }]) => sum + ENTRY_BYTES + length, 0))
  let at = 0
  for (const [lastSequence, envelope] of entries) {
    writeU64(bytes, at, lastSequence)
    writeU16(bytes, at + 8, envelope.length)
    bytes.set(envelope, at + ENTRY_BYTES)
    at += ENTRY_BYTES + envelope.length
  }
  return bytes
}

/** Reads a stored run, as far as it can be read. */
export function parseRun(stored: unknown): EnvelopeRun {
  const run = new Map<number, Uint8Array>()
  if (!(stored instanceof Uint8Array)) return run
  for (let at = 0; at + ENTRY_BYTES <= stored.length; ) {
    const end = at + ENTRY_BYTES + readU16(stored, at + 8)
    if (end > stored.length) break
    run.set(readU64(stored, at), stored.slice(at + ENTRY_BYTES, end))
    at = end
  }
  return run
}

/**
 * What is stored beside a group's base: the newest stamp folded, and which build of each part the base holds whole.
 *
 * ```
 * meta = { format: 1, newest: [timestamp, replica, sequence] | null, parts: { id: build, … },
 *          passed?: [skipped commits, quarantined commits] }
 * ```
 *
 * Meta of another format is no meta: the group then starts over, which costs time and never an answer.
 */
import { isId, type Json, type ReplicaId, type Sequence, type Timestamp } from '@headwater/log'
import type { Stamp } from '../table/stamp.ts'
import { type GroupCore, NONE_PASSED, type PassedCounts } from './core.ts'

const META_FORMAT = 1

/** What meta says. */
export interface GroupMeta {
  readonly newest: Stamp | undefined
  /** By part id, the build that the base holds. */
  readonly builds: ReadonlyMap<string, number>
  readonly passed: PassedCounts
}

/** Meta of a core as it is now. */
export function metaOf({ newest, slots, passed }: GroupCore): Json {
  const { skipped, quarantined } = passed
  const whole = slots.flatMap(({ id, whole: part }) => (part ? [[id, part.build] as const] : []))
  return {
    format: META_FORMAT,
    newest: newest ? [newest.timestamp, newest.replica, newest.sequence] : null,
    parts: Object.fromEntries(whole),
    ...(skipped + quarantined > 0 ? { passed: [skipped, quarantined] } : {}),
  }
}

/** What stored meta says; nothing when it cannot be used. */
export function parseMeta(meta: Json): GroupMeta | undefined {
  if (!isRecord(meta) || meta.format !== META_FORMAT || !isRecord(meta.parts)) return undefined
  const builds = new Map<string, number>()
  for (const [id, build] of Object.entries(meta.parts)) {
    if (typeof build !== 'number' || !Number.isSafeInteger(build)) return undefined
    builds.set(id, build)
  }
  const passed = parsePassed(meta.passed)
  if (!passed) return undefined
  if (meta.newest === null) return { newest: undefined, builds, passed }
  const newest = parseStamp(meta.newest)
  return newest && { newest, builds, passed }
}

function parsePassed(value: Json | undefined): PassedCounts | undefined {
  if (value === undefined) return NONE_PASSED
  if (!Array.isArray(value)) return undefined
  const [skipped, quarantined] = value as readonly Json[]
  if (!Number.isSafeInteger(skipped) || !Number.isSafeInteger(quarantined)) return undefined
  return { skipped: Number(skipped), quarantined: Number(quarantined) }
}

function parseStamp(value: Json | undefined): Stamp | undefined {
  if (!Array.isArray(value)) return undefined
  const [timestamp, replica, sequence] = value as readonly Json[]
  if (!Number.isSafeInteger(timestamp) || !isId(replica) || !Number.isSafeInteger(sequence)) return undefined
  return { timestamp: timestamp as Timestamp, replica: replica as ReplicaId, sequence: sequence as Sequence }
}

function isRecord(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

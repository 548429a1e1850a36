/**
 * Appending to SQLite: the judgement of each commit with facts read in the transaction that stores it. Statements are
 * prepared once; a workspace's head is read at its first use in a transaction and written once at its end.
 */
import { assert, type ReplicaId, type Sequence, type Timestamp } from '@headwater/log'
import type { Position } from '@headwater/replication'
import type Database from 'libsql'
import { type Facts, type Judgement, judge } from '../judge.ts'
import { type Offer, parseOffer } from '../offer.ts'
import { placeOffer } from '../place.ts'
import { ROLLING_START } from '../rolling-hash.ts'
import { type Outcome, type Placed, type ReplicaState, START, type StorePolicy } from '../store.ts'
import type { QueuedAppend } from './calls.ts'
import { prepare } from './statement.ts'

/** A workspace's row as a transaction moves it. */
interface MovingWorkspace {
  readonly id: number
  readonly name: string
  position: Position
  rolling: Uint8Array
  bytes: number
  replicas: number
}

type Accepted = Extract<Judgement, { type: 'store' }>

/** Takes appends of any workspaces; the caller holds the transaction. */
export function createAppender(
  database: Database.Database,
  policy: StorePolicy,
): (appends: readonly QueuedAppend[]) => readonly (readonly Outcome[])[] {
  const statements = prepareAll(database)
  return (appends) => {
    const moving = new Map<string, MovingWorkspace>()
    const outcomes = appends.map((append) => takeAll(append, statements, moving, policy))
    for (const { id, position, rolling, bytes, replicas } of moving.values())
      statements.moveWorkspace.run(position, rolling, bytes, replicas, id)
    return outcomes
  }
}

type Statements = ReturnType<typeof prepareAll>

function prepareAll(database: Database.Database) {
  return {
    findWorkspace: prepare(
      database,
      'SELECT id, position, rolling, bytes, replicas FROM workspaces WHERE name = ?',
    ),
    addWorkspace: prepare(
      database,
      'INSERT INTO workspaces (name, position, rolling, bytes, replicas) VALUES (?, 0, ?, 0, 0) RETURNING id',
    ),
    moveWorkspace: prepare(
      database,
      'UPDATE workspaces SET position = ?, rolling = ?, bytes = ?, replicas = ? WHERE id = ?',
    ),
    findReplica: prepare(
      database,
      'SELECT sequence, hash, timestamp, subject FROM replicas WHERE workspace = ? AND replica = ?',
    ),
    putReplica: prepare(
      database,
      'INSERT INTO replicas (workspace, replica, sequence, hash, timestamp, subject) VALUES (?, ?, ?, ?, ?, ?) ' +
        'ON CONFLICT DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, ' +
        'timestamp = excluded.timestamp, subject = excluded.subject',
    ),
    findEnd: prepare(
      database,
      'SELECT hash, timestamp FROM commits WHERE workspace = ? AND replica = ? AND last = ? AND voided = 0',
    ),
    addCommit: prepare(
      database,
      'INSERT INTO commits (workspace, position, replica, first, last, timestamp, voided, size, hash, previous, ' +
        'rolling, envelope, bytes) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)',
    ),
    findReplaced: prepare(
      database,
      'SELECT 1 FROM replaced WHERE workspace = ? AND replica = ? AND sequence = ? AND hash = ?',
    ),
    addReplaced: prepare(
      database,
      'INSERT OR IGNORE INTO replaced (workspace, replica, sequence, hash) VALUES (?, ?, ?, ?)',
    ),
    firstFallen: prepare(
      database,
      'SELECT min(first) AS first FROM commits WHERE workspace = ? AND replica = ? AND last >= ? AND voided = 0',
    ),
    voidFrom: prepare(
      database,
      'UPDATE commits SET voided = 1 WHERE workspace = ? AND replica = ? AND last >= ? AND voided = 0',
    ),
  }
}

function takeAll(
  append: QueuedAppend,
  statements: Statements,
  moving: Map<string, MovingWorkspace>,
  policy: StorePolicy,
): readonly Outcome[] {
  const { workspace: name, context } = append
  return append.commits.map((commit) => {
    const offer = parseOffer(commit)
    if ('type' in offer) return offer
    const workspace = moving.get(name) ?? findWorkspace(name, statements)
    const judgement = judge(offer, context, factsOf(workspace, name, statements), policy)
    if (judgement.type !== 'store') return judgement
    const target = workspace ?? createWorkspace(name, statements)
    moving.set(name, target)
    const sealing = { stampKey: policy.stampKey, nowMs: context.nowMs }
    return { type: 'stored', placed: store(offer, judgement, target, statements, sealing) }
  })
}

function findWorkspace(name: string, { findWorkspace }: Statements): MovingWorkspace | undefined {
  const row = findWorkspace.get(name)
  return (
    row && {
      name,
      id: row.number('id'),
      position: row.number<Position>('position'),
      rolling: row.bytes('rolling'),
      bytes: row.number('bytes'),
      replicas: row.number('replicas'),
    }
  )
}

function createWorkspace(name: string, { addWorkspace }: Statements): MovingWorkspace {
  const row = addWorkspace.get(name, ROLLING_START)
  assert(row, 'a row was added')
  return { id: row.number('id'), name, position: START, rolling: ROLLING_START, bytes: 0, replicas: 0 }
}

function factsOf(workspace: MovingWorkspace | undefined, name: string, statements: Statements): Facts {
  const id = workspace?.id ?? 0 // no workspace has it
  return {
    workspace: name,
    replica: (replica) => findReplica(id, replica, statements),
    replicaCount: () => workspace?.replicas ?? 0,
    hashAt: (replica, sequence) => statements.findEnd.get(id, replica, sequence)?.bytes('hash'),
    isReplaced: (replica, sequence, hash) =>
      statements.findReplaced.get(id, replica, sequence, hash) !== undefined,
  }
}

function findReplica(id: number, replica: ReplicaId, { findReplica }: Statements): ReplicaState | undefined {
  const row = findReplica.get(id, replica)
  return (
    row && {
      sequence: row.number<Sequence>('sequence'),
      hash: row.bytes('hash'),
      timestamp: row.number<Timestamp>('timestamp'),
      subject: row.textOrNone('subject'),
    }
  )
}

function store(
  offer: Offer,
  { subject, state, originals }: Accepted,
  workspace: MovingWorkspace,
  statements: Statements,
  sealing: { readonly stampKey: Uint8Array; readonly nowMs: number },
): Placed {
  const { head, replica, lastSequence, previous, hash, replaces } = offer
  for (const one of originals) voidFrom(workspace, one.replica, one.sequence, statements)
  for (const one of replaces) statements.addReplaced.run(workspace.id, one.replica, one.sequence, one.hash)
  if (findReplica(workspace.id, replica, statements) === undefined) workspace.replicas++
  const to = { workspace: workspace.name, head: workspace, subject, isVoiding: originals.length > 0 }
  const placed = placeOffer(offer, to, sealing)
  const { position, rolling, envelope } = placed
  const place = [workspace.id, position, replica, head.firstSequence, lastSequence, head.timestamp]
  statements.addCommit.run(...place, head.bytes.length, hash, previous, rolling, envelope, head.bytes)
  putReplica(workspace.id, replica, state, statements)
  workspace.position = position
  workspace.rolling = rolling
  workspace.bytes += head.bytes.length
  return placed
}

function putReplica(id: number, replica: ReplicaId, state: ReplicaState, { putReplica }: Statements): void {
  putReplica.run(id, replica, state.sequence, state.hash, state.timestamp, state.subject ?? null)
}

/** Voids the commit that ends with `sequence` and all that build on it: their author reissues those as well. */
function voidFrom(
  { id }: MovingWorkspace,
  replica: ReplicaId,
  sequence: Sequence,
  statements: Statements,
): void {
  const first = statements.firstFallen.get(id, replica, sequence)?.numberOrNone('first')
  if (first === undefined) return // an older original of the same chain took it along
  statements.voidFrom.run(id, replica, sequence)
  const before = statements.findEnd.get(id, replica, first - 1)
  const end = {
    sequence: (before ? first - 1 : 0) as Sequence, // where a standing commit ends, or nowhere
    hash: before?.bytes('hash') ?? new Uint8Array(32),
    timestamp: before?.number<Timestamp>('timestamp') ?? (0 as Timestamp), // before every stamp
  }
  const subject = findReplica(id, replica, statements)?.subject
  putReplica(id, replica, { ...end, subject }, statements)
}

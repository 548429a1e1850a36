/**
 * Reading from SQLite: runs of standing commits, bounded in bytes and in rows looked at. What to send is chosen from an index
 * that holds no bytes; the bytes of each gapless stretch are then read by one statement.
 */
import type { ReplicaId, Sequence } from '@headwater/log'
import type Database from 'libsql'
import { ROLLING_START } from '../rolling-hash.ts'
import {
  type ChainEnd,
  type HubCommit,
  type HubRun,
  type Position,
  type ReadBounds,
  START,
} from '../store.ts'
import type { SqliteEngine } from './calls.ts'
import { prepare, type Row } from './statement.ts'

type Reads = Pick<SqliteEngine, 'read' | 'head' | 'chains' | 'hashesOf' | 'rollingHash'>

/** Rows of the index that one read looks at, at most: the thread is held for a few milliseconds. */
const MAX_ROWS = 4_096

/** Reading, over prepared statements. */
export function createReads(database: Database.Database): Reads {
  const find = prepare(database, 'SELECT id, position FROM workspaces WHERE name = ?')
  const chains = prepare(
    database,
    'SELECT replica, sequence, hash FROM replicas WHERE workspace = ? AND sequence > 0',
  )
  const end = prepare(
    database,
    'SELECT hash FROM commits WHERE workspace = ? AND replica = ? AND last = ? AND voided = 0',
  )
  const rolling = prepare(database, 'SELECT rolling FROM commits WHERE workspace = ? AND position = ?')
  const idOf = (name: string): number => find.get(name)?.number('id') ?? 0 // no workspace has it
  const readRun = createRuns(database)
  return {
    read: (name, after, bounds) => readRun(idOf(name), after, bounds),
    head: (name) => find.get(name)?.number<Position>('position') ?? START,
    chains: (name) => chains.all(idOf(name)).map(toChainEnd),
    hashesOf(name, replica, sequences) {
      const id = idOf(name)
      return sequences.map((sequence) => end.get(id, replica, sequence)?.bytes('hash'))
    },
    rollingHash: (name, position) =>
      position === START ? ROLLING_START : rolling.get(idOf(name), position)?.bytes('rolling'),
  }
}

function createRuns(
  database: Database.Database,
): (id: number, after: Position, bounds: ReadBounds) => HubRun {
  const index = prepare(
    database,
    'SELECT position, voided, replica, last, size FROM commits WHERE workspace = ? AND position > ? ' +
      `ORDER BY position LIMIT ${MAX_ROWS}`,
  )
  const stretch = prepare(
    database,
    'SELECT position, replica, last, bytes, previous, envelope FROM commits ' +
      'WHERE workspace = ? AND position BETWEEN ? AND ? ORDER BY position',
  )
  return (id, after, bounds) => {
    const { stretches, through } = choose(index.all(id, after), after, bounds)
    return { commits: stretches.flatMap(([from, to]) => stretch.all(id, from, to).map(toCommit)), through }
  }
}

function toChainEnd(row: Row): ChainEnd {
  return {
    replica: row.text<ReplicaId>('replica'),
    sequence: row.number<Sequence>('sequence'),
    hash: row.bytes('hash'),
  }
}

function toCommit(row: Row): HubCommit {
  return {
    position: row.number<Position>('position'),
    replica: row.text<ReplicaId>('replica'),
    lastSequence: row.number<Sequence>('last'),
    bytes: row.bytes('bytes'),
    previous: row.bytes('previous'),
    envelope: row.bytes('envelope'),
  }
}

interface Choice {
  /** First and last position of each gapless stretch. */
  readonly stretches: readonly (readonly [Position, Position])[]
  readonly through: HubRun['through']
}

function choose(rows: readonly Row[], after: Position, { maxBytes, held }: ReadBounds): Choice {
  const stretches: [Position, Position][] = []
  let bytes = 0
  let through = after
  for (const row of rows) {
    const position = row.number<Position>('position')
    if (row.number('voided') === 0 && row.number('last') > (held?.get(row.text<ReplicaId>('replica')) ?? 0)) {
      const size = row.number('size')
      if (stretches.length > 0 && bytes + size > maxBytes) break
      bytes += size
      const open = stretches.at(-1)
      if (open?.[1] === position - 1) open[1] = position
      else stretches.push([position, position])
    }
    through = position
  }
  return { stretches, through }
}

/**
 * Reading from SQLite, in two steps: `list` reads an index that holds no bytes, from which the hub chooses what its reader
 * lacks; `readStretches` the bytes of each gapless stretch by one statement.
 */
import type { ReplicaId, Sequence } from '@headwater/log'
import type { Position } from '@headwater/replication'
import type Database from 'libsql'
import { ROLLING_START } from '../rolling-hash.ts'
import { type ChainEnd, type HubCommit, START } from '../store.ts'
import type { IndexEntry, IndexRun, SqliteEngine } from './calls.ts'
import { prepare, type Row } from './statement.ts'

type Reads = Pick<
  SqliteEngine,
  'list' | 'readStretches' | 'head' | 'chains' | 'subjectOf' | 'hashesOf' | 'rollingHash'
>

/** Rows of one list: the thread is held for about a millisecond. */
const MAX_ROWS = 1_024

/** Reading, over prepared statements. */
export function createReads(database: Database.Database): Reads {
  const find = prepare(database, 'SELECT id, position FROM workspaces WHERE name = ?')
  const chains = prepare(
    database,
    'SELECT replica, sequence, hash FROM replicas WHERE workspace = ? AND sequence > 0',
  )
  const owner = prepare(database, 'SELECT subject FROM replicas WHERE workspace = ? AND replica = ?')
  const end = prepare(
    database,
    'SELECT hash FROM commits WHERE workspace = ? AND replica = ? AND last = ? AND voided = 0',
  )
  const rolling = prepare(database, 'SELECT rolling FROM commits WHERE workspace = ? AND position = ?')
  const idOf = (name: string): number => find.get(name)?.number('id') ?? 0 // no workspace has it
  const rollingAt = (name: string, position: Position): Uint8Array | undefined =>
    position === START ? ROLLING_START : rolling.get(idOf(name), position)?.bytes('rolling')
  const lists = createLists(database)
  return {
    list: (name, after) =>
      lists.list(idOf(name), after, find.get(name)?.number<Position>('position') ?? START),
    readStretches: (name, stretches, through) => ({
      commits: stretches.flatMap(([from, to]) => lists.read(idOf(name), from, to)),
      rolling: rollingAt(name, through) ?? new Uint8Array(),
    }),
    head: (name) => find.get(name)?.number<Position>('position') ?? START,
    chains: (name) => chains.all(idOf(name)).map(toChainEnd),
    subjectOf: (name, replica) => owner.get(idOf(name), replica)?.textOrNone('subject'),
    hashesOf(name, replica, sequences) {
      const id = idOf(name)
      return sequences.map((sequence) => end.get(id, replica, sequence)?.bytes('hash'))
    },
    rollingHash: rollingAt,
  }
}

interface Lists {
  list(id: number, after: Position, head: Position): IndexRun
  read(id: number, from: Position, to: Position): readonly HubCommit[]
}

function createLists(database: Database.Database): Lists {
  const index = prepare(
    database,
    'SELECT position, voided, replica, last, size FROM commits WHERE workspace = ? AND position > ? ' +
      `ORDER BY position LIMIT ${MAX_ROWS}`,
  )
  const stretch = prepare(
    database,
    'SELECT position, replica, first, last, bytes, previous, envelope FROM commits ' +
      'WHERE workspace = ? AND position BETWEEN ? AND ? AND voided = 0 ORDER BY position',
  )
  return {
    list: (id, after, head) => ({ entries: index.all(id, after).map(toEntry), head }),
    read: (id, from, to) => stretch.all(id, from, to).map(toCommit),
  }
}

function toEntry(row: Row): IndexEntry {
  return {
    position: row.number<Position>('position'),
    replica: row.text<ReplicaId>('replica'),
    lastSequence: row.number<Sequence>('last'),
    size: row.number('size'),
    isVoided: row.number('voided') !== 0,
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
    firstSequence: row.number<Sequence>('first'),
    lastSequence: row.number<Sequence>('last'),
    bytes: row.bytes('bytes'),
    previous: row.bytes('previous'),
    envelope: row.bytes('envelope'),
  }
}

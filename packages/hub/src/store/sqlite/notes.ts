/** What the hub keeps beside commits: how far replicas and streams are, the list of workspaces, revocations. */
import type { ReplicaId } from '@headwater/log'
import type { Position } from '@headwater/replication'
import type Database from 'libsql'
import type { SqliteEngine } from './calls.ts'
import { prepare } from './statement.ts'
import { inTransaction } from './transaction.ts'

/** The calls about these. */
export type Notes = Pick<SqliteEngine, 'note' | 'seen' | 'recall' | 'workspaces' | 'revoke' | 'revocations'>

/** Makes them over prepared statements. */
export function createNotes(database: Database.Database): Notes {
  const putSeen = prepare(
    database,
    'INSERT INTO seen (workspace, replica, position, at) VALUES (?, ?, ?, ?) ' +
      'ON CONFLICT DO UPDATE SET position = excluded.position, at = excluded.at',
  )
  const putStream = prepare(
    database,
    'INSERT INTO streams (workspace, stream, position, mark) VALUES (?, ?, ?, ?) ' +
      'ON CONFLICT DO UPDATE SET position = excluded.position, mark = excluded.mark',
  )
  const recall = prepare(database, 'SELECT position, mark FROM streams WHERE workspace = ? AND stream = ?')
  const seen = prepare(database, 'SELECT replica, position, at FROM seen WHERE workspace = ?')
  const workspaces = prepare(
    database,
    'SELECT name AS workspace, position AS head, replicas, bytes FROM workspaces ORDER BY name',
  )
  const revoke = prepare(
    database,
    'INSERT INTO revoked (subject, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)',
  )
  const revocations = prepare(database, 'SELECT subject, at AS atMs FROM revoked')
  return {
    note(notes) {
      for (const note of notes) {
        if (note.type === 'seen')
          putSeen.run(note.workspace, note.seen.replica, note.seen.position, note.seen.seenAtMs)
        else putStream.run(note.workspace, note.token.stream, note.token.position, note.token.mark)
      }
    },
    recall(workspace, stream) {
      const row = recall.get(workspace, stream)
      return row && { stream, position: row.number<Position>('position'), mark: row.bytes('mark') }
    },
    seen: (workspace) =>
      seen.all(workspace).map((row) => ({
        replica: row.text<ReplicaId>('replica'),
        position: row.number<Position>('position'),
        seenAtMs: row.number('at'),
      })),
    workspaces: () =>
      workspaces.all().map((row) => ({
        workspace: row.text('workspace'),
        head: row.number<Position>('head'),
        replicas: row.number('replicas'),
        bytes: row.number('bytes'),
      })),
    revoke: ({ subject, atMs }) => inTransaction(database, () => revoke.run(subject, atMs)),
    revocations: () =>
      revocations.all().map((row) => ({ subject: row.text('subject'), atMs: row.number('atMs') })),
  }
}

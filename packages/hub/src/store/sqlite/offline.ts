/** What the command line does on a database beside a hub that may be running: it lists and revokes, and opens for a moment only. */
import { existsSync } from 'node:fs'
import Database from 'libsql'
import { configInvalid } from '../../config-invalid.ts'
import type { Revocation, WorkspaceSummary } from '../store.ts'
import { createNotes } from './notes.ts'

/** The workspaces of a database. Errors: `CONFIG_INVALID` when there is none. */
export function listWorkspaces(file: string): readonly WorkspaceSummary[] {
  return withDatabase(file, (database) => createNotes(database).workspaces())
}

/** Makes the tokens that a subject has worthless; a running hub reads it within 2 s. Errors: `CONFIG_INVALID`. */
export function revokeSubject(file: string, revocation: Revocation): void {
  withDatabase(file, (database) => createNotes(database).revoke(revocation))
}

function withDatabase<T>(file: string, run: (database: Database.Database) => T): T {
  if (!existsSync(file))
    throw configInvalid(`There is no database ${file}.`, 'Name the data directory with --data.')
  const database = new Database(file)
  try {
    database.pragma('busy_timeout=5000')
    return run(database)
  } finally {
    database.close()
  }
}

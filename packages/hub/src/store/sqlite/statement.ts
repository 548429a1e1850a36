/**
 * Prepared statements whose rows are read by column and kind. The library gives blobs as `Buffer` from one call and as
 * `ArrayBuffer` from another, and adds a column of its own: here, and only here, is what comes from the file parsed.
 */
import { assert } from '@headwater/log'
import type Database from 'libsql'

/** What a statement takes. */
export type Value = number | string | Uint8Array | null

/** A row. Reading a column as what it is not is a bug: only this hub writes the file. */
export interface Row {
  number<Result extends number = number>(column: string): Result
  /** Undefined where it is null. */
  numberOrNone(column: string): number | undefined
  text<Result extends string = string>(column: string): Result
  /** Undefined where it is null. */
  textOrNone(column: string): string | undefined
  bytes(column: string): Uint8Array
}

/** A prepared statement. */
export interface Statement {
  run(...values: readonly Value[]): void
  get(...values: readonly Value[]): Row | undefined
  all(...values: readonly Value[]): readonly Row[]
}

/** Prepares `sql`. */
export function prepare(database: Database.Database, sql: string): Statement {
  const statement = database.prepare<unknown[]>(sql)
  // A list is bound by place; a lone value would be taken for an object of names when it is bytes.
  return {
    run: (...values) => void statement.run([...values]),
    get(...values) {
      const row = statement.get([...values])
      return row === undefined ? undefined : toRow(row)
    },
    all: (...values) => statement.all([...values]).map(toRow),
  }
}

function toRow(row: unknown): Row {
  const columns = row as Readonly<Record<string, unknown>> // a row is an object, whatever is in it
  return {
    number<Result extends number>(column: string) {
      const value = columns[column]
      assert(typeof value === 'number' && Number.isSafeInteger(value), `${column} is a whole number`)
      return value as Result
    },
    numberOrNone(column) {
      const value = columns[column]
      assert(value === null || typeof value === 'number', `${column} is a number or null`)
      return value ?? undefined
    },
    text<Result extends string>(column: string) {
      const value = columns[column]
      assert(typeof value === 'string', `${column} is text`)
      return value as Result
    },
    textOrNone(column) {
      const value = columns[column]
      assert(value === null || typeof value === 'string', `${column} is text or null`)
      return value ?? undefined
    },
    bytes(column) {
      const value = columns[column]
      assert(value instanceof ArrayBuffer || value instanceof Uint8Array, `${column} is bytes`)
      return new Uint8Array(value)
    },
  }
}

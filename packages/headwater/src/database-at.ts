/**
 * What `db.at` gives: the tables and aggregates of a database as they stood at a moment. Their queries can be awaited and shown
 * as the live ones can, only that their answers never change.
 */
import type { Offset } from '@headwater/log'
import type { AggregateDefinition, AnyView, TableDefinition } from '@headwater/views'
import type { ViewOf } from './view-faces.ts'

/** The properties of the tables and aggregates among some views. */
export type PastViewName<Views> = {
  [Name in keyof Views]: Views[Name] extends TableDefinition | AggregateDefinition ? Name : never
}[keyof Views]

/** A database as it stood, by the views of its definition. */
export interface DatabaseAt<Views extends Readonly<Record<string, AnyView>>> {
  /** Everything up to here is in it: the end of a commit, or 0. */
  readonly offset: Offset
  /** Wall milliseconds of the last commit in it; 0 where there is none. */
  readonly time: number
  /** Its tables and aggregates. Their queries fail with `VIEW_PARKED` where a view stood still before this moment. */
  readonly views: { readonly [Name in PastViewName<Views>]: ViewOf<Views[Name]> }
  /** Lets go of it. Idempotent; later queries fail with `CLOSED`. */
  close(): Promise<void>
}

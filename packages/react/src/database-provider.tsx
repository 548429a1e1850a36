/**
 * Hands an open database to the components below. `DatabaseProvider` also takes the promise that `openDatabase`
 * returned: it then suspends until the database is open, so that a `Suspense` fallback is the opening state and an error
 * boundary shows why opening failed. Opening and closing stay with the app, since a database outlives any component.
 */
import type { Database, DatabaseDefinition } from 'headwater'
import { type Context, createContext, type ReactNode, use, useContext } from 'react'

/** The nearest provider's database; nothing outside of one. */
export const DatabaseContext: Context<Database | undefined> = createContext<Database | undefined>(undefined)

/** What `DatabaseProvider` is given. */
export interface DatabaseProviderProps {
  /** An open database, or the promise of one (the same promise at every render). */
  readonly database: Database | Promise<Database>
  readonly children?: ReactNode
}

/** Makes `database` the one that the hooks below use. */
export function DatabaseProvider({ database, children }: DatabaseProviderProps): ReactNode {
  const open = 'then' in database ? use(database) : database
  return <DatabaseContext value={open}>{children}</DatabaseContext>
}

/**
 * The database of the nearest provider. Given the definition, it is typed by it; a provider that holds a database of
 * another definition is refused. Throws outside of a provider.
 */
export function useDatabase<Definition extends DatabaseDefinition = DatabaseDefinition>(
  definition?: Definition,
): Database<Definition> {
  const database = useContext(DatabaseContext)
  if (database === undefined) throw new Error('No database here: put <DatabaseProvider database={…}> above.')
  if (definition !== undefined && definition.name !== database.definition.name)
    throw new Error(`The database here is "${database.definition.name}", not "${definition.name}".`)
  return database as Database<Definition>
}

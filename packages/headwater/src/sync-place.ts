/**
 * Where a database syncs, as plain data that crosses to the engine.
 */

/** What the engine connects to. */
export type SyncPlace =
  | {
      readonly type: 'hub'
      readonly url: string
      /** The database's own name where the app says none. */
      readonly workspace: string | undefined
      /** Whether the page is to be asked for a token at each connection. */
      readonly hasToken: boolean
    }
  | { readonly type: 'nearby'; readonly channel: string }

// Syncing as the compiler sees it: only a database opened with `sync` has it for certain.
import {
  type Database,
  defineDatabase,
  defineEvent,
  hub,
  nearby,
  openDatabase,
  type Presence,
  type Receipt,
  type Sync,
  type SyncedDatabase,
  type SyncStatus,
} from 'headwater'
import * as v from 'valibot'
import { same } from './assert.ts'

const Counted = defineEvent('counted', { schema: v.number(), key: () => 'all' })
const counters = defineDatabase({ name: 'counters', events: [Counted], views: {} })
const synced = await openDatabase(counters, {
  sync: hub({ url: 'wss://hub.example', token: async () => '' }),
})
const alone = await openDatabase(counters)

same<typeof synced, SyncedDatabase<typeof counters>>(true)
same<typeof synced.sync, Sync>(true)
same<typeof synced.presence, Presence>(true)
same<typeof alone.sync, Sync | undefined>(true)
same<ReturnType<typeof synced.sync.get>, SyncStatus>(true)
same<SyncStatus['state'], 'offline' | 'connecting' | 'catching up' | 'live' | 'paused' | 'refused'>(true)

// What syncs goes where any database is wanted.
const anyDatabase: Database<typeof counters> = synced
void anyDatabase
await openDatabase(counters, { sync: nearby({ channel: 'here' }) })
await synced.sync.reached(await synced.append(Counted(1)), 'hub', { deadlineMs: 100 })
synced.presence.set({ user: 'ann', at: [1, 2] })
synced.presence.set(undefined)
await synced.destroy({ force: true })

// @ts-expect-error: a database that was opened without `sync` may have none
alone.sync.pause()

// @ts-expect-error: a hub has an address
hub({ token: () => '' })

// @ts-expect-error: it is the hub that a commit reaches
await synced.sync.reached({} as Receipt, 'peer')

// @ts-expect-error: presence is JSON
synced.presence.set(new Date())

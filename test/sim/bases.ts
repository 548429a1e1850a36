// The stored bases of a device, read from its disk past all tabs: whatever a checkpoint has stored is whole, belongs to one
// offset that its log has, and equals what the log gives up to there (V2, V4).

import { createEventRegistry } from '@headwater/log'
import type { TableDefinition } from 'headwater'
import { buildOf } from '../../packages/log/src/registry.ts'
import { UPDATES } from '../../packages/views/src/documents/stored.ts'
import { tableFingerprint } from '../../packages/views/src/fingerprint.ts'
import { MANIFESTS, type ManifestRecord, PAGES, TEXTS } from '../../packages/views/src/indexeddb/schema.ts'
import { parseManifest } from '../../packages/views/src/state/manifest.ts'
import { type Page, parsePage } from '../../packages/views/src/state/page.ts'
import { type Build, definitions, type Task } from './app/model.ts'
import { foldable, naiveRows } from './app/naive.ts'
import { documentIds } from './app/naive-documents.ts'
import type { LoggedLog } from './oracle.ts'
import type { Disk, StoredContents } from './store/disk.ts'

const BASES_NAME = 'headwater:tasks:bases'

/** Manifests that were found right, by disk, so that each is looked at once. */
const seen = new WeakMap<Disk, Set<unknown>>()

/** Power was lost: what was found right may have lost what it stands on. */
export function forgetBases(disk: Disk): void {
  seen.delete(disk)
}

/** Throws when a table's newest base on the disk is not what its events give. */
export function checkBases(disk: Disk, log: LoggedLog): void {
  const database = disk.databases.get(BASES_NAME)
  if (!database || database.version === 0) return
  const known = seen.get(disk) ?? new Set()
  seen.set(disk, known)
  const texts = new Map(database.committed(TEXTS).map(({ key, value }) => [key, String(value)]))
  const newest = new Map<string, { readonly key: unknown; readonly family: string }>()
  for (const { key, value } of database.committed(MANIFESTS)) {
    const { lineage, family } = value as ManifestRecord
    newest.set(lineage, { key, family })
  }
  for (const { key, family } of newest.values()) {
    const text = texts.get(key as number)
    if (text === undefined || known.has(key)) continue
    known.add(key)
    checkBase(database, { name: String(key), family, text }, log)
  }
}

interface Base {
  readonly name: string
  readonly family: string
  readonly text: string
}

function checkBase(
  database: StoredContents,
  { name, family, text }: Base,
  { commits, head, lastMarker }: LoggedLog,
): void {
  const content = parseManifest(text)
  const rows = content?.maps.get('rows')
  if (!content || !rows || content.checkpoint < lastMarker) return
  if (content.checkpoint > head)
    throw new Error(`base ${name} is at ${content.checkpoint}, ahead of its log at ${head}`)
  if (content.maps.has(UPDATES)) {
    const events = commits
      .flatMap((commit) => commit.events)
      .filter(({ offset }) => offset <= content.checkpoint)
    const ids = entriesOf(database, rows).map(([id]) => id)
    compare(`base ${name} at ${content.checkpoint}: documents`, ids, documentIds(events))
    return
  }
  const stored = new Map(entriesOf(database, rows) as readonly (readonly [string, Task])[])
  const { build, table } = folderOf(family)
  const events = foldable(build, commits).filter(({ offset }) => offset <= content.checkpoint)
  const expected = naiveRows(build, events)
  compare(`base ${name} at ${content.checkpoint}: rows`, spell([...stored]), spell([...expected]))
  for (const index of table.indexes) {
    const map = [...content.maps].findLast(([map]) => map.startsWith(`index:${index.name}#`))?.[1]
    if (!map) continue
    const keys = entriesOf(database, map).map(([, key]) => String(key))
    const indexed = [...expected].flatMap(([key, row]) => index.keys(row).map(() => key))
    compare(`base ${name} at ${content.checkpoint}: index ${index.name}`, keys.sort(), indexed.sort())
  }
}

/** The build that folds bases of this family, and its table. */
function folderOf(family: string): Folder {
  const found = folders.find((each) => each.family === family)
  if (!found) throw new Error(`no build of the app has a table that stores bases as "${family}"`)
  return found
}

interface Folder {
  readonly build: Build
  readonly family: string
  readonly table: TableDefinition
}

const folders = (['old', 'new'] as const).flatMap((build): readonly Folder[] => {
  const { events, views } = definitions[build]
  return Object.values(views).flatMap((table) =>
    table.kind === 'table'
      ? [{ build, family: tableFingerprint(table, buildOf(createEventRegistry(events))), table }]
      : [],
  )
})

function entriesOf(
  database: StoredContents,
  { ids, firsts, counts }: { ids: readonly number[]; firsts: readonly string[]; counts: readonly number[] },
): readonly (readonly [string, unknown])[] {
  const pages = new Map(database.committed(PAGES).map(({ key, value }) => [key, value]))
  return ids.flatMap((id, i) => {
    const text = pages.get(id)
    const page: Page | undefined = parsePage(String(text), firsts[i]!, counts[i]!)
    if (!page) throw new Error(`page ${id} of a stored base is missing`)
    return page.keys.map((key, k) => [key, page.values[k]] as const)
  })
}

function spell(rows: readonly (readonly [string, Task])[]): readonly string[] {
  return rows.map(
    ([key, row]) => `${key} ${JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))}`,
  )
}

function compare(what: string, found: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((item, i) => item !== found[i])
  if (at < 0 && found.length === expected.length) return
  throw new Error(
    `${what} is wrong: ${found[at]} instead of ${expected[at]} at ${at}, ${found.length} of ${expected.length}`,
  )
}

/**
 * Folding events into documents: a commit at a time, in one step once its documents are in memory, so that what is read in
 * between is always whole commits. Merging commutes, so no event is ever late; what was voided is taken back first. An update
 * that cannot be merged is quarantined, and its document read again from what is stored, which is its last good state.
 */
import { type EventBatch, type HeadwaterError, latePart, type Offset, type StoredEvent } from '@headwater/log'
import { type GroupCore, moveTo } from '../group/core.ts'
import { type FoldOutcome, withPassed } from '../group/fold-run.ts'
import { runEnd } from '../table/run.ts'
import type { RowChange } from '../view.ts'
import { documentsOf } from './cache.ts'
import { type LoadedDocument, loadDocument } from './loaded.ts'
import { type DocumentRow, readDocument } from './stored.ts'
import { changeOf, type DocumentFold, mergeWatched, parseEvent, writerAt } from './watched.ts'

const takingBack = latePart('what was voided', () => import('./fold-voids.ts'))

/** Folds the events after the position. Rejects with what storage rejects with. */
export async function foldDocuments(
  fold: DocumentFold,
  { events, through, ...batch }: EventBatch,
): Promise<FoldOutcome> {
  const { core, pace, watch } = fold
  if (batch.voids.length > 0) {
    const { foldVoidedDocuments } = await takingBack()
    const outcome = await foldVoidedDocuments(fold, batch.voids)
    if (outcome.type !== 'folded') return outcome
  }
  const before = core.position
  const last = events.at(-1)?.offset ?? through
  let from = 0
  while (from < events.length) {
    const event = events[from]!
    if (event.offset <= core.position || !core.rules.types.has(event.type)) from++
    else {
      const to = runEnd(events, from, 1)
      const commit = events.slice(from, to).filter(({ type }) => core.rules.types.has(type))
      const fault = commit.find((each) => each.fault)?.fault
      if (fault) return parkBefore(core, event.offset, fault)
      watch?.begin(core.name, event.offset, last)
      await foldCommit(fold, commit, to === events.length ? through : events[to - 1]!.offset)
      const rest = pace.rest()
      if (rest) {
        watch?.end()
        await rest
      }
      from = to
    }
  }
  watch?.end()
  core.passed = withPassed(core.passed, batch, before, through)
  if (through > core.position) moveOn(core, through, [])
  return { type: 'folded' }
}

function parkBefore(core: GroupCore, offset: Offset, error: HeadwaterError): FoldOutcome {
  const before = (offset - 1) as Offset
  if (before > core.position) moveTo(core, before)
  return { type: 'parked', error, through: offset }
}

async function foldCommit(
  fold: DocumentFold,
  commit: readonly StoredEvent[],
  through: Offset,
): Promise<void> {
  const { core } = fold
  const parsed = commit.flatMap(parseEvent)
  const loaded = new Map<string, LoadedDocument>()
  for (const { content } of parsed) {
    if (!loaded.has(content.id)) loaded.set(content.id, await load(fold, content.id))
  }
  const before = new Map<string, DocumentRow>([...loaded].map(([id, { row }]) => [id, row]))
  for (const each of parsed) {
    const { id } = each.content
    if (mergeWatched(fold, loaded.get(id)!, each, writerAt(core, each.event.offset))) continue
    documentsOf(core).drop(id)
    loaded.set(id, await load(fold, id))
  }
  for (const document of loaded.values()) documentsOf(core).put(document)
  moveOn(
    core,
    through,
    [...loaded.values()].flatMap(({ id, row }) => changeOf(id, before.get(id)!, row)),
  )
}

async function load({ core, pace }: DocumentFold, id: string): Promise<LoadedDocument> {
  const known = documentsOf(core).get(id)
  if (known) return known
  return loadDocument(id, await pace.away(core.state.read((reader) => readDocument(reader, id))))
}

function moveOn(core: GroupCore, position: Offset, rows: readonly RowChange[]): void {
  moveTo(core, position)
  core.installed({ position, rows, history: [], parts: [] })
}

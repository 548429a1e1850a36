/**
 * Taking a file of events: read once to take its digest and check every line, then once more to store. So a file that is
 * refused has stored nothing, memory holds a batch at a time however long the file is, and the same file twice changes
 * nothing: an export's commits carry their identity, those of other programs get one from the digest.
 */
import {
  type EventRegistry,
  errorToData,
  HeadwaterError,
  type Log,
  type Random,
  type Scheduler,
  startSha256,
  type WallClock,
} from '@headwater/log'
import type { ImportReport } from '../database.ts'
import type { ImportArgs, Progress } from '../protocol.ts'
import { createDerivedCommits, type DerivedCommit } from './derived-commits.ts'
import { readLines } from './lines.ts'
import { createMerger, type Merger } from './merger.ts'
import { createTaker, type Taken, type Taker } from './taker.ts'

/** What an import needs. */
export interface ImportOptions extends ImportArgs {
  readonly log: Log
  readonly events: EventRegistry
  readonly random: Random
  readonly clock: WallClock
  readonly scheduler: Scheduler
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

const FAULTS_KEPT = 100
const SLICE_MS = 8
const PROGRESS_EVERY_MS = 100

/**
 * Imports. Errors: `IMPORT_LINE` (nothing stored), `FORK` where the log holds other content under the same identity,
 * `ABORTED`, and those of `Log.merge`. After an error while storing, importing the same file again goes on from there.
 */
export async function importEvents(options: ImportOptions): Promise<ImportReport> {
  const vector = await options.log.vector()
  const createPass = (): Taker =>
    createTaker({
      events: options.events,
      random: options.random,
      nowMs: options.clock.now(),
      vector,
    })
  const checked = await checkSource(options, createPass())
  const merger = createMerger(options, vector)
  const faults = await storeSource(options, createPass(), checked.digest, merger)
  const { imported, duplicates, refused } = merger.counts()
  const all = [...faults.kept, ...refused].sort((a, b) => a.line - b.line)
  return {
    lines: checked.lines,
    imported,
    duplicates,
    skipped: faults.count + refused.length,
    faults: all.slice(0, FAULTS_KEPT),
  }
}

interface Faults {
  readonly kept: readonly ImportReport['faults'][number][]
  readonly count: number
}

async function checkSource(
  options: ImportOptions,
  taker: Taker,
): Promise<{ readonly lines: number; readonly digest: Uint8Array }> {
  const digest = await startSha256()
  let lines = 0
  await pass(
    options,
    'check',
    (bytes) => digest.update(bytes),
    (line) => {
      lines++
      const taken = taker.take(line)
      if (taken.type === 'fault' && options.onFault === 'stop') throw taken.error
      return undefined
    },
  )
  return { lines, digest: digest.digest() }
}

async function storeSource(
  options: ImportOptions,
  taker: Taker,
  digest: Uint8Array,
  merger: Merger,
): Promise<Faults> {
  const derived = createDerivedCommits(digest, options.events, options.random)
  const kept: { line: number; error: ReturnType<typeof errorToData> }[] = []
  let count = 0
  let lastLine = 0
  await pass(options, 'store', undefined, (line) => {
    lastLine = line.number
    const taken = taker.take(line)
    if (taken.type === 'commit') return merger.addOwn(taken.bytes, line.number)
    if (taken.type === 'fault') {
      count++
      if (kept.length < FAULTS_KEPT) kept.push({ line: line.number, error: errorToData(taken.error) })
    }
    const closed = derived.add(eventOf(taken))
    return closed && addDerived(merger, closed, line.number - 1)
  })
  const last = derived.end()
  if (last) await addDerived(merger, last, lastLine)
  await merger.end()
  return { kept, count }
  function addDerived(to: Merger, commit: DerivedCommit, lineNumber: number): Promise<void> | undefined {
    return to.addDerived(derived.replica, commit, lineNumber)
  }
}

function eventOf(taken: Exclude<Taken, { type: 'commit' }>): Extract<Taken, { type: 'event' }> | undefined {
  return taken.type === 'event' ? taken : undefined
}

/** Reads the source once in slices, saying how far it is. */
async function pass(
  options: ImportOptions,
  phase: 'check' | 'store',
  onBytes: ((bytes: Uint8Array) => void) | undefined,
  onLine: (line: Parameters<Taker['take']>[0]) => Promise<void> | undefined,
): Promise<void> {
  const { source, scheduler, signal, onProgress } = options
  let sliceMs = scheduler.elapsedMs()
  let toldMs = sliceMs
  let lines = 0
  let bytes = 0
  for await (const line of readSource(source, onBytes)) {
    lines = line.number
    bytes = line.through
    if (line.fault !== undefined || line.text.trim() !== '') await onLine(line)
    const nowMs = scheduler.elapsedMs()
    if (nowMs - sliceMs < SLICE_MS) continue
    signal.throwIfAborted()
    await scheduler.nextTurn()
    sliceMs = scheduler.elapsedMs()
    if (sliceMs - toldMs < PROGRESS_EVERY_MS) continue
    toldMs = sliceMs
    onProgress({ phase, lines, bytes })
  }
  signal.throwIfAborted()
  onProgress({ phase, lines, bytes })
}

async function* readSource(
  source: Blob | string,
  onBytes: ((bytes: Uint8Array) => void) | undefined,
): ReturnType<typeof readLines> {
  try {
    yield* readLines(source, onBytes)
  } catch (cause) {
    if (cause instanceof HeadwaterError) throw cause
    throw new HeadwaterError('IMPORT_LINE', 'The file cannot be read.', {
      hint: 'It may have been changed or removed since it was chosen: choose it again.',
      cause,
    })
  }
}

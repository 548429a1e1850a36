/**
 * What page and engine say to each other: the calls with their arguments and results, the reports that the engine
 * sends by itself, and what a worker adds to both. Types only, all of them structured-cloneable; the same protocol is
 * spoken in process and across a worker.
 */
import type { ErrorData, JoinedBodies, Offset, Receipt, WrittenType } from '@headwater/log'
import type { VerifyReport, ViewDigest, ViewRequest, ViewStatus } from '@headwater/views'
import type { ImportReport } from './database.ts'
import type { StorageReport, TouchedRow } from './insight.ts'
import type { LogWindow, ReadLogOptions } from './log-window.ts'
import type { PresenceEntry } from './presence.ts'
import type { Storage } from './seams.ts'
import type { SyncStatus } from './sync.ts'
import type { SyncPlace } from './sync-place.ts'

/** Names a call, a commit under way or a watched query; unique in one client. */
export type CallId = number

interface Call<Args, Result> {
  readonly args: Args
  readonly result: Result
}

/** Every call to an open engine. All may be asked again after a worker's death: none does its work twice. */
export interface Calls {
  readonly query: Call<QueryArgs, unknown>
  readonly watch: Call<WatchArgs, void>
  readonly unwatch: Call<{ readonly watch: CallId }, void>
  readonly settled: Call<Waiting, void>
  readonly verify: Call<{ readonly view: string }, VerifyReport>
  readonly rebuild: Call<{ readonly view: string }, void>
  readonly exportRun: Call<{ readonly after: Offset }, ExportRun>
  readonly importEvents: Call<ImportArgs, ImportReport>
  /** The page became visible: time to look what other tabs did. */
  readonly look: Call<undefined, void>
  readonly pauseSync: Call<{ readonly reason: string }, void>
  readonly resumeSync: Call<undefined, void>
  readonly reached: Call<{ readonly receipt: Receipt; readonly deadlineMs: number }, void>
  /** The JSON of this tab's presence, or nothing when it shows none. */
  readonly present: Call<{ readonly text: string | undefined }, void>
  /** The answer to a `tokenWanted` report. */
  readonly giveToken: Call<{ readonly id: number; readonly answer: TokenAnswer }, void>
  /** Rejects with `UNSENT` while the hub lacks commits of this device. */
  readonly mayDestroy: Call<undefined, void>
  /** Opens the past at a moment, under an id of the page's. */
  readonly openPast: Call<{ readonly id: CallId; readonly moment: Moment }, PastPlace>
  /** Asks it; an engine that does not know the id opens it first. */
  readonly queryPast: Call<PastQueryArgs, unknown>
  readonly closePast: Call<{ readonly id: CallId }, void>
  readonly close: Call<undefined, void>
  readonly destroy: Call<undefined, void>

  // Looking inside (`insight.ts`)
  readonly pause: Call<{ readonly view: string }, void>
  readonly resume: Call<{ readonly view: string }, void>
  readonly dropSnapshot: Call<{ readonly view: string }, void>
  readonly readLog: Call<Omit<ReadLogOptions, 'signal'>, LogWindow>
  readonly touched: Call<{ readonly offset: Offset }, readonly TouchedRow[]>
  readonly digest: Call<{ readonly view: string }, ViewDigest>
  readonly vector: Call<undefined, Readonly<Record<string, number>>>
  readonly storage: Call<undefined, Pick<StorageReport, 'log' | 'snapshots'>>
}
export type Method = keyof Calls
export type Args<M extends Method> = Calls[M]['args']
export type Result<M extends Method> = Calls[M]['result']

export interface OpenArgs {
  readonly name: string
  readonly storage: Storage
  readonly deadlineMs: number
  /** With whom it syncs, if it does. */
  readonly sync?: SyncPlace
  /** What earlier engines of this page were folding when they died. */
  readonly died?: readonly FoldNote[]
}

/** What is being folded that may never end: some of these events, or (`alone`) this one and nothing else. */
export interface FoldNote {
  readonly view: string
  readonly from: Offset
  readonly through: Offset
  readonly alone: boolean
}

export interface Opened {
  readonly status: EngineStatus
}

/**
 * Commits on their way to the engine, in columns, since a list of objects takes longer to cross than the events in them.
 * How each ended comes as a report; the batch itself is not answered.
 */
export interface AppendBatch {
  /** The commit ids, 16 characters each, one behind the other. */
  readonly commitIds: string
  /** Numbers of commits and events (`append-columns.ts`). */
  readonly numbers: Float64Array
  /** The types of the events, each once. */
  readonly types: readonly WrittenType[]
  readonly bodies: JoinedBodies
}

/** What a page posts beside its calls. */
export interface AppendMessage {
  readonly append: AppendBatch
}

/** The point that an answer must include. */
export interface Waiting {
  readonly atLeast?: Receipt
  readonly deadlineMs: number
}

export interface QueryArgs extends Waiting {
  readonly request: ViewRequest
}

/** A moment of the past, in milliseconds of wall time or as an offset. */
export type Moment =
  | { readonly type: 'time'; readonly ms: number }
  | { readonly type: 'offset'; readonly offset: number }

/** Where a moment lies in this log: behind its last whole commit, which is of this time (0 at the origin). */
export interface PastPlace {
  readonly offset: Offset
  readonly time: number
}

export interface PastQueryArgs extends Waiting {
  readonly id: CallId
  readonly offset: Offset
  readonly request: ViewRequest
}

export interface WatchArgs {
  readonly watch: CallId
  readonly request: ViewRequest
}

/** Whole commits as lines of text, up to `through`; continue there until `done`. */
export interface ExportRun {
  readonly text: string
  readonly events: number
  readonly through: Offset
  readonly done: boolean
}

export interface ImportArgs {
  readonly source: Blob | string
  readonly onFault: 'stop' | 'skip'
}

/** What long work says on its way. */
export type Progress =
  | { readonly done: number; readonly total: number }
  | { readonly phase: 'check' | 'store'; readonly lines: number; readonly bytes: number }

/** How the engine fares. */
export interface EngineStatus {
  /** Why background work (packing, storing a base, looking at the log) failed the last time, if it did. */
  readonly error: ErrorData | undefined
  readonly head: Offset
  readonly replica: string
  readonly records: number
  readonly bytes: number
  readonly aside: number
  readonly readOnly: ErrorData | undefined
  readonly leads: boolean
  readonly views: readonly ViewStatus[]
}

/** What the engine says by itself. */
export type Report =
  | AppendedReport
  | { readonly type: 'appendFailed'; readonly id: CallId; readonly error: ErrorData }
  | AnswerReport
  | { readonly type: 'answerFailed'; readonly watch: CallId; readonly error: ErrorData }
  | { readonly type: 'progress'; readonly id: CallId; readonly progress: Progress }
  | { readonly type: 'status'; readonly status: EngineStatus }
  /** Sent at once, since it tells what the engine died in should it never be heard of again. */
  | { readonly type: 'folding'; readonly note: FoldNote | undefined }
  | { readonly type: 'sync'; readonly status: SyncStatus }
  | PresenceReport
  /** A connection begins: the page is to answer by `giveToken`. */
  | { readonly type: 'tokenWanted'; readonly id: number }
  /** Another tab destroyed the database: this engine has closed itself. */
  | { readonly type: 'gone' }

/** Who came or shows something else, and who has gone. */
export interface PresenceReport {
  readonly type: 'presence'
  readonly changed: readonly PresenceEntry[]
  readonly gone: readonly string[]
}

/** What came of asking the app for a token. */
export type TokenAnswer =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'failed'; readonly error: ErrorData }

/** Receipts in columns: for each commit its call id, first sequence, offset and timestamp. */
export interface AppendedReport {
  readonly type: 'appended'
  readonly replica: string
  readonly held: 'committed' | 'durable'
  readonly numbers: Float64Array
}

/** A live query's answer, as a difference to the one before. */
export interface AnswerReport {
  readonly type: 'answer'
  readonly watch: CallId
  /** Counts the reports of this watch from 1. A page that missed one asks to watch anew. */
  readonly revision: number
  /** Nothing when only `stale` or `error` changed. */
  readonly patch: Patch | undefined
  readonly stale: boolean
  readonly error: ErrorData | undefined
}

/**
 * How a value differs from the one before: a new value; or an object some of whose members differ; or a list made of
 * runs of the list before and of new values. `runs` holds pairs (start, count): a start of −1 takes the next `count`
 * of `values`, any other start takes `count` elements of the list before from there.
 */
export type Patch =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'members'; readonly members: Readonly<Record<string, Patch>> }
  | { readonly type: 'list'; readonly runs: readonly number[]; readonly values: readonly unknown[] }

/** How a call ended, across a worker, where errors lose their class. */
export type Outcome =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: ErrorData }

/** The worker's answer to the hand-shake: it has loaded, and holds the lock of its life. */
export interface Hello {
  /** The protocol and the definition that it serves, spelled to be compared (`link/hello.ts`). */
  readonly serves: string
}

/** What a worker answers to (`link/worker-calls.ts`). Rejects with `HeadwaterError`s. */
export interface WorkerSide {
  hello(lifeLock: string): Promise<Hello>
  open(args: OpenArgs): Promise<Opened>
  readonly call: <M extends Method>(id: CallId, method: M, args: Args<M>) => Promise<Result<M>>
  cancel(id: CallId): Promise<void>
  /** Answers as soon as the worker comes to it: by that it is known not to hang. */
  ping(): Promise<void>
}

/** A call of a method of `WorkerSide`, as it is posted. */
export interface CallMessage {
  readonly call: number
  readonly method: keyof WorkerSide
  readonly args: readonly unknown[]
}

/** How the call of that number ended. */
export interface AnswerMessage {
  readonly answer: number
  readonly outcome: Outcome
}

/** What a worker posts by itself. */
export interface ReportMessage {
  readonly reports: readonly Report[]
}

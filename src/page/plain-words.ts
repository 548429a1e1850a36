/**
 * The errors that a person can do something about, in words that need no knowledge of the engine: what it means for them,
 * and what can be done about it here. An error that is not listed is told by its own sentence and hint.
 */
import type { ErrorCode } from 'headwater'

/** What a button can do about an error. */
export type Remedy = 'reload' | 'export' | 'resume' | 'room'

export interface PlainWords {
  readonly title: string
  /** What still holds, and what to do. */
  readonly advice: string
  readonly remedies: readonly Remedy[]
}

const notLetIn: PlainWords = {
  title: 'The hub does not let this device in',
  advice:
    'All that is here stays and can be worked with. Sign in again, or ask who runs the hub, then try again.',
  remedies: ['resume'],
}

const standsStill: PlainWords = {
  title: 'This view stands still',
  advice:
    'It failed at an event. Nothing is lost: the log and the other views go on. The machine room shows why, and can fold it anew.',
  remedies: ['room'],
}

const WORDS: Readonly<Partial<Record<ErrorCode, PlainWords>>> = {
  STORAGE_FULL: {
    title: 'The disk is full',
    advice: 'What is stored stays and can be read. Free some space, or export the log and keep it elsewhere.',
    remedies: ['export', 'reload'],
  },
  READ_ONLY: {
    title: 'The log takes nothing new',
    advice: 'All that is stored can be read and exported.',
    remedies: ['export', 'reload'],
  },
  STORAGE_UNAVAILABLE: {
    title: 'The browser gives this page no storage',
    advice: 'Some private windows do that, and settings that block the data of sites. Allow it, then reload.',
    remedies: ['reload'],
  },
  STORAGE_BLOCKED: {
    title: 'Another tab holds the storage',
    advice: 'Close the other tabs of this page, then reload.',
    remedies: ['reload'],
  },
  STORAGE_LOST: {
    title: 'The connection to the storage is lost',
    advice: 'What was said to be stored is stored. A reload opens it again.',
    remedies: ['reload'],
  },
  FORMAT_NEWER: {
    title: 'This data is of a newer version of the page',
    advice:
      'Nothing was touched. Reload to get that version; should it stay so, close all tabs of this page first.',
    remedies: ['reload'],
  },
  EVENT_NEWER: {
    title: 'There are events of a newer version of the page',
    advice: 'They are kept, and shown once this tab is up to date.',
    remedies: ['reload'],
  },
  WORKER_UNAVAILABLE: {
    title: 'The part that works in the background did not start',
    advice: 'Without a connection that can happen at a first visit. What is stored is safe.',
    remedies: ['reload'],
  },
  WORKER_DIED: {
    title: 'The part that works in the background has died',
    advice: 'It was started anew and died again. What was said to be stored is stored.',
    remedies: ['reload'],
  },
  VIEW_PARKED: standsStill,
  FOLD_FAILED: standsStill,
  PART_UNAVAILABLE: {
    title: 'A part of the page could not be loaded',
    advice: 'There is no connection, or the page was changed since it was opened. The rest goes on.',
    remedies: ['reload'],
  },
  CLOSED: {
    title: 'The database is closed',
    advice: 'Another tab may have deleted it. A reload opens it again.',
    remedies: ['reload'],
  },
  UNAUTHORIZED: notLetIn,
  FORBIDDEN: notLetIn,
  REVOKED: notLetIn,
  WORKSPACE_MISMATCH: {
    title: 'This log belongs to another workspace',
    advice: 'It is not sent there. Open the workspace that it belongs to, or export it and import it here.',
    remedies: ['export'],
  },
  VERSION_UNSUPPORTED: {
    title: 'The hub speaks another version',
    advice:
      'All that is here can be worked with. Reload to get a newer version of the page, else the hub is the older one.',
    remedies: ['reload', 'resume'],
  },
  CLOCKS_DISAGREE: {
    title: 'The clock of this device is off by more than a day',
    advice: 'Set it, then try again: the order of what happened hangs on it.',
    remedies: ['resume'],
  },
}

export const plainWordsOf = (code: ErrorCode): PlainWords | undefined => WORDS[code]

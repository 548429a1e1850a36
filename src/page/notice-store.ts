/**
 * What the page has to tell: notices that go by themselves, errors that stay until dismissed, and tasks (an import, a
 * generator run) with their progress. A store outside of React, so that anything may tell; at most five of a kind.
 */
import { type FaultText, faultOf } from './fault-of.ts'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
  readonly stays: Stay
}

/** How long a notice is shown. */
type Stay = 'briefly' | 'until dismissed'

export interface Failure {
  readonly id: number
  /** What was being done: `Closing the issue`. */
  readonly what: string
  readonly error: FaultText
}

export interface Task {
  readonly id: number
  readonly title: string
  /** What it is at now, in words. */
  readonly detail: string
  /** 0 to 1; nothing while it cannot be told. */
  readonly share: number | undefined
  readonly cancel: () => void
}

export interface Told {
  readonly notices: readonly Notice[]
  readonly failures: readonly Failure[]
  readonly tasks: readonly Task[]
}

const MOST = 5
let told: Told = { notices: [], failures: [], tasks: [] }
let lastId = 0
const listeners = new Set<() => void>()

export const getTold = (): Told => told

export function subscribeToTold(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change(part: Partial<Told>): void {
  told = { ...told, ...part }
  for (const listener of listeners) listener()
}

export function tell(text: string, action?: Notice['action'], stays: Stay = 'briefly'): void {
  const notice = { id: ++lastId, text, stays, ...(action ? { action } : {}) }
  change({ notices: [...told.notices, notice].slice(-MOST) })
}

/** Tells that something failed. Fits a promise: `append(…).catch(tellFailure('Closing the issue'))`. */
export const tellFailure =
  (what: string) =>
  (error: unknown): void => {
    const failure = { id: ++lastId, what, error: faultOf(error) }
    change({ failures: [...told.failures, failure].slice(-MOST) })
  }

export function dismiss(id: number): void {
  const others = <Item extends { readonly id: number }>(items: readonly Item[]): readonly Item[] =>
    items.filter((item) => item.id !== id)
  change({ notices: others(told.notices), failures: others(told.failures) })
}

/** A running task, as its owner holds it. */
export interface TaskHandle {
  update(part: Partial<Pick<Task, 'detail' | 'share'>>): void
  end(): void
}

export function startTask(title: string, cancel: () => void): TaskHandle {
  const id = ++lastId
  change({ tasks: [...told.tasks, { id, title, detail: '', share: undefined, cancel }] })
  return {
    update: (part) =>
      change({ tasks: told.tasks.map((task) => (task.id === id ? { ...task, ...part } : task)) }),
    end: () => change({ tasks: told.tasks.filter((task) => task.id !== id) }),
  }
}

// Events of the simulated store, as far as `on…` handlers go: nobody here listens otherwise.

/** What a handler is given. */
export interface SimEvent {
  readonly type: string
  readonly target: unknown
  readonly preventDefault: () => void
  readonly stopPropagation: () => void
}

/** Calls `target.on<type>`; whether it prevented the default. */
export function fire(target: object, type: string, facts: Readonly<Record<string, unknown>> = {}): boolean {
  let isPrevented = false
  const event: SimEvent = {
    ...facts,
    type,
    target,
    preventDefault: () => {
      isPrevented = true
    },
    stopPropagation: () => undefined,
  }
  const handler: unknown = Reflect.get(target, `on${type}`)
  if (typeof handler === 'function') Reflect.apply(handler, target, [event])
  return isPrevented
}

/** A request: what was asked for, once it is answered. */
export class SimRequest {
  result: unknown = undefined
  error: DOMException | null = null
  transaction: unknown = null
  readyState: 'pending' | 'done' = 'pending'
  onsuccess: unknown = null
  onerror: unknown = null
  onblocked: unknown = null
  onupgradeneeded: unknown = null
}

/** Waiting for a state: no polling, a bound, and an end when the visitor leaves. */

/** Something that has a state now and tells when it changes. */
export interface Watched<State> {
  get(): State
  subscribe(listener: (state: State) => void): () => void
}

const PATIENCE_MS = 10_000

/** The first state of which it holds. Rejects after ten seconds, and with the signal's reason. */
export function until<State>(
  watched: Watched<State>,
  holds: (state: State) => boolean,
  signal: AbortSignal,
): Promise<State> {
  return new Promise((resolve, reject) => {
    const end = new AbortController()
    const settle = (act: () => void): void => {
      end.abort()
      act()
    }
    const look = (state: State): void => {
      if (!end.signal.aborted && holds(state)) settle(() => resolve(state))
    }
    const late = (): void =>
      settle(() => reject(new Error('What was waited for did not come in ten seconds.')))
    const timer = setTimeout(late, PATIENCE_MS)
    const stop = watched.subscribe(look)
    end.signal.addEventListener('abort', () => {
      clearTimeout(timer)
      stop()
    })
    signal.addEventListener('abort', () => settle(() => reject(signal.reason)), { signal: end.signal })
    look(watched.get())
  })
}

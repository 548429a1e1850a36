/** The time, renewed every half minute, for words such as "5 minutes ago". One timer for all that show an age. */
import { useSyncExternalStore } from 'react'

const RENEW_MS = 30_000
const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Nobody has renewed it while nobody looked.
  if (timer === undefined) now = Date.now()
  timer ??= setInterval(renew, RENEW_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function renew(): void {
  now = Date.now()
  for (const listener of listeners) listener()
}

export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

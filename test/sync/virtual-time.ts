// Virtual time for the tabs of one database, each of which can be frozen: its timers stand still until it thaws, as a browser
// freezes a page in the background. What is asynchronous by itself (storage, locks) goes on in turns of the real event loop.
import type { Scheduler } from '@headwater/log'

export interface VirtualTime {
  /** Lets so much time pass, with all that happens in it. */
  readonly pass: (ms: number) => Promise<void>
  /** The scheduler of one tab. */
  tab(): TabTime
}

export interface TabTime {
  readonly scheduler: Scheduler
  freeze(): void
  thaw(): void
  /** The tab is gone: none of its timers fires any more. */
  crash(): void
}

interface Timer {
  readonly atMs: number
  readonly run: () => void
  readonly tab: { state: 'awake' | 'frozen' | 'gone' }
}

export function createVirtualTime(): VirtualTime {
  let nowMs = 0
  let drawn = 0
  const timers = new Map<number, Timer>()
  const due = (endMs: number): [number, Timer] | undefined =>
    [...timers]
      .filter(([, { tab, atMs }]) => tab.state === 'awake' && atMs <= endMs)
      .sort(([a, x], [b, y]) => x.atMs - y.atMs || a - b)[0]
  return {
    pass: async (ms) => {
      const endMs = nowMs + ms
      for (;;) {
        await settle()
        const next = due(endMs)
        if (!next) break
        timers.delete(next[0])
        nowMs = Math.max(nowMs, next[1].atMs)
        next[1].run()
      }
      nowMs = endMs
    },
    tab: () => {
      const tab: Timer['tab'] = { state: 'awake' }
      const after = (delayMs: number, run: () => void): (() => void) => {
        const id = drawn++
        timers.set(id, { atMs: nowMs + Math.max(0, delayMs), run, tab })
        return () => timers.delete(id)
      }
      const set = (state: Timer['tab']['state']) => (): void => {
        tab.state = state
      }
      const scheduler = { elapsedMs: () => nowMs, nextTurn: settle, after }
      return { scheduler, freeze: set('frozen'), thaw: set('awake'), crash: set('gone') }
    },
  }
}

/** Everything that needs no time has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

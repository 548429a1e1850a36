/** The long work on one view that a person may ask for: rebuild and verify, one at a time, ended with the component. */
import type { LongWork, VerifyReport, ViewNameOf } from 'headwater'
import { useEffect, useRef, useState } from 'react'
import { useTracker } from '../database.ts'
import { formatCount } from '../format.ts'
import { type Tracker, tracker } from '../model.ts'
import { tellFailure } from '../page/notice-store.ts'

type Name = ViewNameOf<Tracker>

export interface ViewWork {
  /** What runs now, in a word. */
  readonly running: string | undefined
  readonly progress: { readonly done: number; readonly total: number } | undefined
  /** How the last work ended. */
  readonly outcome: Outcome | undefined
  readonly verify: () => void
  readonly rebuild: () => void
}

interface Outcome {
  readonly type: 'good' | 'bad'
  readonly text: string
}

interface State {
  readonly running?: string | undefined
  readonly progress?: ViewWork['progress']
  readonly outcome?: Outcome | undefined
}

const isName = (name: string): name is Name => Object.hasOwn(tracker.views, name)

export function useViewWork(name: string): ViewWork {
  const db = useTracker()
  const [state, setState] = useState<State>({})
  const controller = useRef<AbortController>(undefined)
  useEffect(() => () => controller.current?.abort(), [])

  const run = async (
    running: string,
    work: (view: Name, options: LongWork) => Promise<Outcome>,
  ): Promise<void> => {
    if (state.running !== undefined || !isName(name)) return
    controller.current = new AbortController()
    const { signal } = controller.current
    setState({ running })
    try {
      const outcome = await work(name, {
        signal,
        onProgress: (progress) => setState((before) => ({ ...before, progress })),
      })
      setState({ outcome })
    } catch (error) {
      setState({})
      if (!signal.aborted) tellFailure(`${running} ${name}`)(error)
    }
  }

  return {
    running: state.running,
    progress: state.progress,
    outcome: state.outcome,
    verify: () => void run('Verifying', async (view, options) => outcomeOf(await db.verify(view, options))),
    rebuild: () =>
      void run('Rebuilding', async (view, options) => {
        await db.rebuild(view, options)
        return { type: 'good', text: 'Rebuilt' }
      }),
  }
}

function outcomeOf({ equal, entries, difference }: VerifyReport): Outcome {
  if (equal) return { type: 'good', text: `${formatCount(entries)} entries, all equal` }
  return { type: 'bad', text: `Differs from the log, first at "${difference?.key}"` }
}

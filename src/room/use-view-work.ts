/** The work on one view that a person may ask for, one at a time, ended with the component, and how the last one went. */
import type { LongWork, VerifyReport } from 'headwater'
import { useEffect, useRef, useState } from 'react'
import { useTracker } from '../database.ts'
import { formatCount } from '../format.ts'
import { tellFailure } from '../page/notice-store.ts'
import { setBroken } from './break/switches.ts'
import { isViewName, type ViewName } from './view-name.ts'

export interface ViewWork {
  /** What runs now, in a word. */
  readonly running: string | undefined
  readonly progress: { readonly done: number; readonly total: number } | undefined
  /** How the last work ended. */
  readonly outcome: Outcome | undefined
  readonly verify: () => void
  readonly rebuild: () => void
  readonly pause: () => void
  readonly resume: () => void
  readonly dropSnapshot: () => void
  /** Its fold throws from the next event on. */
  readonly breakFold: () => void
  /** Takes the switch back and rebuilds. */
  readonly mend: () => void
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

type Work = (view: ViewName, options: LongWork) => Promise<Outcome>

const good = (text: string): Outcome => ({ type: 'good', text })

export function useViewWork(name: string): ViewWork {
  const db = useTracker()
  const { state, run } = useOneAtATime(name)
  return {
    running: state.running,
    progress: state.progress,
    outcome: state.outcome,
    verify: run('Verifying', async (view, options) => outcomeOf(await db.verify(view, options))),
    rebuild: run('Rebuilding', async (view, options) => {
      await db.rebuild(view, options)
      return good('Rebuilt')
    }),
    pause: run('Pausing', async (view) => {
      await db.pause(view)
      return good('Paused: it answers from where it stands')
    }),
    resume: run('Resuming', async (view) => {
      await db.resume(view)
      return good('Resumed')
    }),
    dropSnapshot: run('Dropping the snapshot of', async (view, options) => {
      await db.dropSnapshot(view, options)
      return good('Snapshot dropped, and folded again from the log')
    }),
    breakFold: run('Breaking', async (view) => {
      setBroken(view, true)
      return { type: 'bad', text: 'Broken: its fold throws at the next event' }
    }),
    mend: run('Mending', async (view, options) => {
      setBroken(view, false)
      await db.rebuild(view, options)
      return good('Mended, and rebuilt from the log')
    }),
  }
}

function useOneAtATime(name: string) {
  const [state, setState] = useState<State>({})
  const controller = useRef<AbortController>(undefined)
  useEffect(() => () => controller.current?.abort(), [])
  const start = async (running: string, work: Work): Promise<void> => {
    if (state.running !== undefined || !isViewName(name)) return
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
  const run = (running: string, work: Work) => (): void => void start(running, work)
  return { state, run }
}

function outcomeOf({ equal, entries, difference }: VerifyReport): Outcome {
  if (equal) return good(`${formatCount(entries)} entries, all equal`)
  return { type: 'bad', text: `Differs from the log, first at "${difference?.key}"` }
}

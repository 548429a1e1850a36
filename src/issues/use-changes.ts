/**
 * Makes changes, and takes them back: the last one with Ctrl or ⌘ and Z outside of fields, any one by the notice that tells
 * of it. What was taken back can be made again (with Shift). Remembers the last hundred of this page.
 */
import type { Database, Receipt } from 'headwater'
import { useEffect, useMemo } from 'react'
import { useTracker } from '../database.ts'
import type { Tracker } from '../model.ts'
import { tell, tellFailure } from '../page/notice-store.ts'
import { navigate } from '../route.ts'
import type { Change } from './changes.ts'

const MOST = 100
let made: readonly Change[] = []
let unmade: readonly Change[] = []

const without = (changes: readonly Change[], one: Change): readonly Change[] =>
  changes.filter((change) => change !== one)

/** Stores the change and tells of it. Rejects, with nothing told, when it is not stored. */
async function make(db: Database<Tracker>, change: Change): Promise<Receipt> {
  const receipt = await db.append(change.make())
  made = [...made, change].slice(-MOST)
  unmade = without(unmade, change)
  tell(change.what, { label: 'Undo', run: () => void unmake(db, change) })
  return receipt
}

/** Never rejects. */
async function unmake(db: Database<Tracker>, change: Change): Promise<void> {
  if (!made.includes(change)) return
  made = without(made, change)
  unmade = [...unmade, change].slice(-MOST)
  await db.append(change.unmake()).then(
    () => {
      tell(`Taken back: ${change.what}`, { label: 'Redo', run: () => void remake(db, change) })
      if (change.revives) navigate({ issue: change.issue })
    },
    (error: unknown) => {
      made = [...made, change]
      unmade = without(unmade, change)
      tellFailure('Undoing')(error)
    },
  )
}

async function remake(db: Database<Tracker>, change: Change): Promise<void> {
  if (unmade.includes(change)) await make(db, change).catch(tellFailure('Redoing'))
}

/** Makes a change; a new one ends what could be made again. */
export type MakeChange = (change: Change) => Promise<Receipt>

export function useMakeChange(): MakeChange {
  const db = useTracker()
  return useMemo(
    () => (change) => {
      unmade = []
      return make(db, change)
    },
    [db],
  )
}

/** Undo and redo by keyboard, while `isOn`. */
export function useUndoKeys(isOn: boolean): void {
  const db = useTracker()
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const step = stepOf(event)
      if (step === undefined || isInField(event.target)) return
      const change = (step === 'undo' ? made : unmade).at(-1)
      if (change === undefined) return
      event.preventDefault()
      void (step === 'undo' ? unmake(db, change) : remake(db, change))
    }
    if (isOn) addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [db, isOn])
}

function stepOf({ ctrlKey, metaKey, shiftKey, key }: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!ctrlKey && !metaKey) return undefined
  if (key.toLowerCase() === 'z') return shiftKey ? 'redo' : 'undo'
  return key.toLowerCase() === 'y' && ctrlKey ? 'redo' : undefined
}

/** Fields have an undo of their own. */
function isInField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  )
}

/** A form's changes: made one after the other, with what the form shows of them. */
import { useState } from 'react'
import type { Change } from './changes.ts'
import { useMakeChange } from './use-changes.ts'

export interface ChangeState {
  readonly pending: boolean
  /** Why the last one failed, until the next is tried. */
  readonly error: unknown
}

const IDLE: ChangeState = { pending: false, error: undefined }

/** Says whether the change was made; why it was not is in the state. */
export function useChange(): readonly [change: (change: Change) => Promise<boolean>, state: ChangeState] {
  const make = useMakeChange()
  const [state, setState] = useState(IDLE)
  const change = async (wanted: Change): Promise<boolean> => {
    setState({ pending: true, error: undefined })
    try {
      await make(wanted)
      setState(IDLE)
      return true
    } catch (error) {
      setState({ pending: false, error })
      return false
    }
  }
  return [change, state]
}

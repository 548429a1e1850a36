/**
 * The engine's side of watching over what may never end: says at once what is being folded, and knows what earlier engines
 * died in. What an engine died in among other events is folded alone by the next; what one died in alone is passed over.
 */
import type { FoldWatch } from '@headwater/views'
import type { FoldNote } from '../protocol.ts'
import type { Send } from './reporter.ts'

/** A watch that knows of earlier deaths. */
export function createFoldWatch(died: readonly FoldNote[], send: Send): FoldWatch {
  let isTold = false
  const tell = (note: FoldNote | undefined): void => {
    isTold = note !== undefined
    send([{ type: 'folding', note }])
  }
  const isIn = (view: string, offset: number, alone: boolean): boolean =>
    died.some(
      (note) => note.view === view && note.alone === alone && note.from <= offset && offset <= note.through,
    )
  return {
    begin: (view, from, through) => {
      if (!isTold) tell({ view, from, through, alone: false })
    },
    beginAlone: (view, offset) => tell({ view, from: offset, through: offset, alone: true }),
    end: () => {
      if (isTold) tell(undefined)
    },
    isSuspect: (view, offset) => isIn(view, offset, false),
    isBad: (view, offset) => isIn(view, offset, true),
  }
}

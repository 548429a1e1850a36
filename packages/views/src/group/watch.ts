/**
 * Watching over what may never end: merging another's update is a library's work on another's bytes, and a loop in it cannot
 * be left from within. Before such work it is told what is being folded, so that whoever ends a worker that hangs knows what
 * it hung in; the next worker takes those events one by one, and passes the one over in which it hung again.
 */
import type { Offset } from '@headwater/log'

/** Is told what is folded, and knows what went wrong before. */
export interface FoldWatch {
  /** From now on some of these events of the view are being folded, and other work may go on in between. Both inclusive. */
  begin(view: string, from: Offset, through: Offset): void
  /** From now on this event of the view is being folded, and nothing else until `end`. */
  beginAlone(view: string, offset: Offset): void
  /** Nothing that may hang is being done any more. */
  end(): void
  /** Whether a worker hung in a run of events of which this is one: it is to be folded alone. */
  isSuspect(view: string, offset: Offset): boolean
  /** Whether a worker hung in this event: it is not to be folded. */
  isBad(view: string, offset: Offset): boolean
}

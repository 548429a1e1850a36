/**
 * What a part of the client knows of the engine: that one is there, that there is none for now, or that there will be
 * none any more.
 */
import { HeadwaterError } from '@headwater/log'
import type { EngineLink } from '../link/engine-link.ts'
import type { ConnectedPart } from './connection.ts'

/** The line of one part. */
export interface Line extends ConnectedPart {
  readonly link: () => EngineLink | undefined
  /** Why no engine will come any more. */
  readonly failure: () => HeadwaterError | undefined
}

/** A line without an engine yet. */
export function createLine(): Line {
  let link: EngineLink | undefined
  let failure: HeadwaterError | undefined
  return {
    link: () => link,
    failure: () => failure,
    connect: (to) => {
      link = to
    },
    disconnect: () => {
      link = undefined
    },
    fail: (error) => {
      link = undefined
      failure = error
    },
  }
}

/** Throws what keeps a new wait from beginning: the line's failure, or an abort. */
export function checkLine(line: Line, signal: AbortSignal | undefined): void {
  const failure = line.failure()
  if (failure) throw failure
  if (signal?.aborted) throw abortedCall(signal)
}

/** What an aborted wait rejects with. */
export function abortedCall(signal: AbortSignal | undefined): HeadwaterError {
  return new HeadwaterError('ABORTED', 'The wait was aborted by its caller.', {
    hint: 'Ask again when it is wanted.',
    cause: signal?.reason,
  })
}

/**
 * Tokens: the app's function for them lives on the page, so the engine asks it at each connection and waits. One question is
 * open at a time; a later one ends the one before.
 */
import { dataToError, HeadwaterError } from '@headwater/log'
import type { TokenAnswer } from '../../protocol.ts'

/** Where tokens are asked for. */
export interface TokenDesk {
  /** A fresh token. Rejects with what the page says; bounded by who asks. */
  readonly ask: () => Promise<string>
  readonly give: (id: number, answer: TokenAnswer) => void
}

/** A desk at which nothing was asked yet. */
export function createTokenDesk(want: (id: number) => void): TokenDesk {
  let asked = 0
  let settle = (_answer: TokenAnswer | undefined): void => undefined
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        settle(undefined)
        settle = (answer) => {
          if (answer?.type === 'token') resolve(answer.token)
          else reject(answer ? dataToError(answer.error) : askedAgain())
        }
        want(++asked)
      }),
    give: (id, answer) => {
      if (id === asked) settle(answer)
    },
  }
}

function askedAgain(): HeadwaterError {
  return new HeadwaterError('ABORTED', 'Another connection asked for a token meanwhile.', {
    hint: 'The newer connection goes on.',
  })
}

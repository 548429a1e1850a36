/**
 * Calls to a worker, as numbered messages and their answers. Nothing but plain data crosses, and errors cross as data. A call
 * of a worker that has died is never answered: whoever calls watches its life (`worker-life.ts`).
 */
import { dataToError } from '@headwater/log'
import type { AnswerMessage, CallMessage, Outcome, WorkerSide } from '../protocol.ts'

/** The worker's methods, as the page calls them. */
export function callWorker(worker: Worker): WorkerSide {
  const waiting = new Map<number, (outcome: Outcome) => void>()
  let calls = 0
  worker.addEventListener('message', ({ data }: MessageEvent<Partial<AnswerMessage>>) => {
    const { answer = 0, outcome } = data
    if (outcome) waiting.get(answer)?.(outcome)
    waiting.delete(answer)
  })
  const ask = async (method: keyof WorkerSide, args: readonly unknown[]): Promise<unknown> => {
    const call = ++calls
    const answered = new Promise<Outcome>((resolve) => waiting.set(call, resolve))
    worker.postMessage({ call, method, args } satisfies CallMessage)
    const outcome = await answered
    if (outcome.type === 'done') return outcome.value
    throw dataToError(outcome.error)
  }
  // What each method answers with is said by its type alone: the hand-shake has made sure that both sides are of one build.
  return new Proxy({} as WorkerSide, {
    get:
      (_target, method: keyof WorkerSide) =>
      (...args: readonly unknown[]) =>
        ask(method, args),
  })
}

// The WebSocket of a tab: what the browser gives, over a connection of the simulated network. It opens or fails after a while,
// never in the task that asked for it.

import type { Socket } from '@headwater/replication'
import type { Connection } from '../../packages/replication/src/transport.ts'
import type { Chance } from './chance.ts'
import type { Actor } from './time.ts'

/** Reaches the hub now, or throws. */
export type Dial = (tab: Actor) => Connection

const [CONNECTING, OPEN, CLOSED] = [0, 1, 3]
const GONE = 1006

/** The factory of a tab's sockets. */
export function createSocketFactory(tab: Actor, chance: Chance, dial: Dial): () => Socket {
  return () => {
    const target = new EventTarget()
    const fire = (type: string, facts: object): void => {
      target.dispatchEvent(Object.assign(new Event(type), facts))
    }
    let readyState = CONNECTING
    let connection: Connection | undefined
    const end = (code: number, reason: string): void => {
      if (readyState === CLOSED) return
      readyState = CLOSED
      fire('close', { code, reason })
    }
    const open = (): void => {
      if (readyState !== CONNECTING) return
      try {
        connection = dial(tab)
      } catch {
        fire('error', {}) // a page is not told why
        end(GONE, '')
        return
      }
      readyState = OPEN
      fire('open', {})
      connection.listen({
        frame: (frame) => readyState === OPEN && fire('message', { data: frame.slice().buffer }),
        ended: (why) => end(GONE, why),
      })
    }
    tab.post(chance.between(1, 40), open)
    return {
      binaryType: 'arraybuffer',
      get readyState() {
        return readyState
      },
      send: (data) => connection?.send(data),
      close: (code = 1_000) => {
        connection?.close()
        tab.post(chance.between(0, 1), () => end(code, 'closed here'))
      },
      addEventListener: (type: string, listener: (event: never) => void) =>
        target.addEventListener(type, listener as (event: Event) => void), // fired with what each type of event has
    }
  }
}

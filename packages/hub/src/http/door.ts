/**
 * The door: what is judged by HTTP alone, before a socket exists. Whether the hub takes connections, whether the page that
 * asks may, how many come from one address; and, while there is no authentication, whether the request is really local.
 */
import type { IncomingMessage } from 'node:http'
import type { HubLimits } from '../hub-limits.ts'
import { addressOf, isLocal, isOriginAllowed, type OriginRules } from './origin.ts'

/** A refusal at the door. */
export interface Turned {
  readonly status: number
  readonly code: 'SHUTTING_DOWN' | 'FORBIDDEN' | 'UNAUTHORIZED' | 'RATE_LIMITED'
  readonly sentence: string
}

/** The door. */
export interface Door {
  readonly isOpen: boolean
  /** Why a request is turned away, or the address that it was let in from. */
  judge(request: IncomingMessage): Turned | { readonly address: string }
  /** Counts a connection from an address; the result says when it is gone. */
  count(address: string): () => void
  shut(): void
}

/** How the door judges. */
export interface DoorRules extends OriginRules {
  readonly limits: HubLimits
  /** Whether tokens are asked for later; else only this very machine is let in. */
  readonly hasAuthentication: boolean
}

/** Opens the door. */
export function createDoor(rules: DoorRules): Door {
  const connections = new Map<string, number>()
  let total = 0
  let isOpen = true
  const crowd = (address: string): Turned | undefined => {
    if (total >= rules.limits.connections)
      return turned(503, 'RATE_LIMITED', 'The hub has too many connections.')
    const isFull = (connections.get(address) ?? 0) >= rules.limits.connectionsPerAddress
    return isFull ? turned(429, 'RATE_LIMITED', 'This address has too many connections.') : undefined
  }
  return {
    get isOpen() {
      return isOpen
    },
    judge(request) {
      if (!isOpen) return turned(503, 'SHUTTING_DOWN', 'The hub is being stopped.')
      if (!rules.hasAuthentication && !isLocal(request))
        return turned(401, 'UNAUTHORIZED', 'The hub has no authentication and serves its own machine only.')
      if (!isOriginAllowed(request, rules))
        return turned(403, 'FORBIDDEN', 'Pages of this origin may not connect.')
      const address = addressOf(request, rules)
      return crowd(address) ?? { address }
    },
    count(address) {
      total++
      connections.set(address, (connections.get(address) ?? 0) + 1)
      return () => {
        total--
        const left = (connections.get(address) ?? 1) - 1
        if (left === 0) connections.delete(address)
        else connections.set(address, left)
      }
    },
    shut() {
      isOpen = false
    },
  }
}

function turned(status: number, code: Turned['code'], sentence: string): Turned {
  return { status, code, sentence }
}

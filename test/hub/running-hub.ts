// A hub on loopback, in this process, with tokens signed by a secret of its own.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  attachHub,
  createJwtAuthenticate,
  createMemoryHubStore,
  type Hub,
  type HubLog,
  type HubOptions,
  type HubStore,
  nodePlatform,
} from '@headwater/hub'
import { SignJWT } from 'jose'
import { STAMP_KEY } from '../contract/hub-store.contract.ts'

export const SECRET = new TextEncoder().encode('a secret of the tests, 32 bytes..')

export interface LogLine {
  readonly level: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly sentence: string
}

export interface RunningHub {
  readonly url: string
  readonly http: string
  readonly hub: Hub
  readonly store: HubStore
  readonly server: Server
  readonly lines: readonly LogLine[]
  close(): Promise<void>
}

/** Starts a hub; without `authenticate` it is open, on loopback. */
export async function startHub(options: Partial<HubOptions> = {}): Promise<RunningHub> {
  const store = options.store ?? createMemoryHubStore({ stampKey: STAMP_KEY }, nodePlatform.random)
  const lines: LogLine[] = []
  const line =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>>, sentence: string): void =>
      void lines.push({ level, fields, sentence })
  const log: HubLog = { info: line('info'), warn: line('warn'), error: line('error') }
  const server = createServer()
  const hub = await attachHub(server, { log, ...options, store })
  server.on('request', (request, response) => {
    if (!hub.handleRequest(request, response)) response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens at a port
  return {
    url: `ws://127.0.0.1:${port}/`,
    http: `http://127.0.0.1:${port}`,
    hub,
    store,
    server,
    lines,
    async close() {
      await hub.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
      await store.close()
    },
  }
}

/** Checks tokens signed with `SECRET`. */
export const authenticate = createJwtAuthenticate({ secret: SECRET }, nodePlatform.clock)

export interface TokenClaims {
  readonly sub?: string
  readonly workspace?: unknown
  readonly rights?: unknown
  /** Seconds from now; negative is expired. */
  readonly expiresInS?: number
  readonly issuedInS?: number
}

/** A token for Ann's garden, with what is said otherwise. */
export async function signToken(claims: TokenClaims = {}, secret: Uint8Array = SECRET): Promise<string> {
  const {
    sub = 'ann',
    workspace = 'garden',
    rights = ['read', 'append'],
    expiresInS = 600,
    issuedInS = 0,
  } = claims
  const nowS = Math.floor(Date.now() / 1_000)
  return await new SignJWT({ workspace, rights })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuedAt(nowS + issuedInS)
    .setExpirationTime(nowS + expiresInS)
    .sign(secret)
}

/** Waits, for what takes its time by design. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

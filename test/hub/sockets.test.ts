// The hub over real sockets on loopback: honest clients first, then tokens, origins and limits.

import { createMemoryHubStore, nodePlatform, START } from '@headwater/hub'
import { afterEach, describe, expect, test } from 'vitest'
import { STAMP_KEY } from '../contract/hub-store.contract.ts'
import { createAuthor } from './author.ts'
import { connectClient, connectRaw, createDevice, helloOf } from './client.ts'
import { authenticate, pause, type RunningHub, signToken, startHub } from './running-hub.ts'

const hubs: RunningHub[] = []
async function start(options: Parameters<typeof startHub>[0] = {}): Promise<RunningHub> {
  const hub = await startHub(options)
  hubs.push(hub)
  return hub
}
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()))
})

/** A device whose stamps are of today. */
function device(name: string, seed = 1) {
  const made = createDevice(createAuthor(name, seed))
  let at = Date.now() - 10_000
  return {
    ...made,
    write: () => made.write({ atMs: at++ }),
    get token() {
      return made.token
    },
    made,
  }
}

describe('honest clients', () => {
  test('what one writes, before and after connecting, comes to the others, and equal vectors end it (R3)', async () => {
    const { url } = await start()
    const [a, b] = [device('ann'), device('bob')]
    for (let i = 0; i < 5; i++) a.write()
    b.write()
    const [ca, cb] = [await connectClient(a.made, { url }), await connectClient(b.made, { url })]
    await Promise.all([ca.until(() => a.commits.length === 6), cb.until(() => b.commits.length === 6)])
    b.write()
    a.write()
    await Promise.all([ca.until(() => a.commits.length === 8), cb.until(() => b.commits.length === 8)])
    expect([...a.names()].sort()).toEqual([...b.names()].sort())
    await ca.until(() => ca.acknowledged() >= 7)
  })

  test('a session that comes back is sent only what is new, by its resume token', async () => {
    const { url, http } = await start()
    const [a, b] = [device('ann'), device('bob')]
    for (let i = 0; i < 20; i++) a.write()
    const ca = await connectClient(a.made, { url })
    const first = await connectClient(b.made, { url })
    await first.until(() => b.commits.length === 20 && b.token?.position === 20)
    first.socket.terminate()
    await first.session.ended
    const before = await bytesOut(http)
    a.write()
    const again = await connectClient(b.made, { url })
    await again.until(() => b.commits.length === 21)
    await ca.until(() => ca.acknowledged() >= 21)
    expect((await bytesOut(http)) - before).toBeLessThan(3_000)
  })

  test('a hub with another past says reset, and is sent what it lost (R1)', async () => {
    const store = createMemoryHubStore({ stampKey: STAMP_KEY }, nodePlatform.random)
    const one = await start({ store })
    const a = device('ann')
    for (let i = 0; i < 3; i++) a.write()
    const before = await connectClient(a.made, { url: one.url })
    await before.until(() => before.acknowledged() >= 3)
    const backup = store.backup()
    for (let i = 0; i < 3; i++) a.write()
    await before.until(() => before.acknowledged() >= 6)
    const restored = createMemoryHubStore({ stampKey: STAMP_KEY }, nodePlatform.random, backup)
    const two = await start({ store: restored })
    expect(await restored.head('garden')).toBe(3)
    const after = await connectClient(a.made, { url: two.url })
    await after.until(() => after.acknowledged() >= 6)
    expect(await restored.head('garden')).toBe(6)
  })

  test('a commit without the right to append is refused by name, and receiving goes on', async () => {
    const { url } = await start({ authenticate })
    const [a, b] = [device('ann'), device('bob')]
    b.write()
    const reader = await connectClient(b.made, {
      url,
      token: await signToken({ sub: 'bob', rights: ['read'] }),
    })
    await reader.until(() => reader.refusals.length === 1)
    expect(reader.refusals[0]).toMatchObject({ code: 'FORBIDDEN', replica: b.author.replica })
    a.write()
    await connectClient(a.made, { url, token: await signToken() })
    await reader.until(() => b.commits.length === 2)
  })

  test('a stamp far ahead is refused with the hub’s time', async () => {
    const { url } = await start()
    const a = createDevice(createAuthor('ann'))
    a.write({ atMs: Date.now() + 3_600_000 })
    const client = await connectClient(a, { url })
    await client.until(() => client.refusals.length > 0).catch(() => undefined)
    expect(client.refusals[0]?.code ?? (await client.session.ended).error.code).toBe('STAMP_AHEAD')
  })

  test('presence comes to the others of the workspace only, and is stored nowhere', async () => {
    const { url, store } = await start()
    const [a, b, c] = [device('ann'), device('bob'), device('cem')]
    const [ca, cb] = [await connectClient(a.made, { url }), await connectClient(b.made, { url })]
    const cc = await connectClient(c.made, { url, workspace: 'elsewhere' })
    await Promise.all([ca.live, cb.live, cc.live])
    ca.session.present(new Uint8Array([1, 2, 3]))
    await cb.until(() => cb.presences.length === 1)
    expect([...cb.presences[0]!]).toEqual([1, 2, 3])
    await pause(50)
    expect([ca.presences.length, cc.presences.length]).toEqual([0, 0])
    expect((await store.read('garden', START, { maxBytes: 1_000 })).commits).toEqual([])
  })

  test('a newer session of a replica closes the older one as superseded', async () => {
    const { url } = await start()
    const a = device('ann')
    const older = await connectClient(a.made, { url })
    await older.live
    const newer = await connectClient(a.made, { url })
    expect(await older.session.ended).toMatchObject({ error: { code: 'SUPERSEDED' }, again: 'never' })
    a.write()
    await newer.until(() => newer.acknowledged() === 1)
  })

  test('what a replica acknowledged is kept with the time', async () => {
    const { url, store } = await start()
    const [a, b] = [device('ann'), device('bob')]
    a.write()
    await connectClient(a.made, { url })
    const cb = await connectClient(b.made, { url })
    await cb.until(() => b.commits.length === 1)
    await expect.poll(async () => (await store.seen('garden')).length).toBe(2)
    const seen = (await store.seen('garden')).find(({ replica }) => replica === b.author.replica)
    expect(seen?.seenAtMs).toBeGreaterThan(Date.now() - 60_000)
  })
})

describe('tokens', () => {
  const bad: readonly (readonly [string, () => Promise<string>, string])[] = [
    ['none', async () => '', 'UNAUTHORIZED'],
    ['no token at all', async () => 'hello', 'UNAUTHORIZED'],
    ['expired', () => signToken({ expiresInS: -1 }), 'UNAUTHORIZED'],
    ['another secret', () => signToken({}, new Uint8Array(32)), 'UNAUTHORIZED'],
    ['alg: none', async () => unsigned(await signToken()), 'UNAUTHORIZED'],
    ['changed claims', async () => forged(await signToken({ workspace: 'other' })), 'UNAUTHORIZED'],
    ['wrong workspace', () => signToken({ workspace: 'elsewhere' }), 'FORBIDDEN'],
    ['no workspace', () => signToken({ workspace: 7 }), 'UNAUTHORIZED'],
    ['no right to read', () => signToken({ rights: ['append'] }), 'FORBIDDEN'],
    ['unknown rights', () => signToken({ rights: ['everything'] }), 'UNAUTHORIZED'],
    ['empty subject', () => signToken({ sub: '' }), 'UNAUTHORIZED'],
  ]
  for (const [name, token, code] of bad) {
    test(`${name}: refused as ${code}, and not one byte of the workspace is sent`, async () => {
      const { url, store } = await start({ authenticate })
      const ann = createAuthor('ann')
      const context = {
        subject: 'ann',
        replica: ann.replica,
        mayAppend: true,
        mayRelay: false,
        isOpen: false,
      }
      await store.append('garden', [ann.write()], { ...context, nowMs: Date.now() })
      const raw = await connectRaw({ url })
      raw.say(helloOf(createAuthor('eve').replica, { token: await token() }))
      expect(await raw.ended).toEqual({ code, closeCode: 1008 })
      expect(raw.heard.map(({ type }) => type)).toEqual(['bye'])
    })
  }

  test('another’s replica id is refused, whether its owner is there or not', async () => {
    const { url } = await start({ authenticate })
    const a = device('ann')
    a.write()
    const token = await signToken()
    const client = await connectClient(a.made, { url, token })
    await client.until(() => client.acknowledged() === 1)
    const steal = async () => {
      const raw = await connectRaw({ url })
      raw.say(helloOf(a.author.replica, { token: await signToken({ sub: 'eve' }) }))
      return await raw.ended
    }
    expect(await steal()).toMatchObject({ code: 'FORBIDDEN' })
    client.socket.terminate()
    await client.session.ended
    expect(await steal()).toMatchObject({ code: 'FORBIDDEN' })
    const fresh = device('new')
    const first = await connectClient(fresh.made, { url, token })
    await first.live
    const raw = await connectRaw({ url })
    raw.say(helloOf(fresh.author.replica, { token: await signToken({ sub: 'eve' }) }))
    expect(await raw.ended).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('a session ends within 5 s of its token’s end, and of `revoke`; a token issued later holds', async () => {
    const { url, hub } = await start({ authenticate })
    const [a, b] = [device('ann'), device('bob')]
    const startMs = Date.now()
    const bobs = await signToken({ sub: 'bob' })
    const expiring = await connectClient(a.made, { url, token: await signToken({ expiresInS: 2 }) })
    const revoked = await connectClient(b.made, { url, token: bobs })
    await Promise.all([expiring.live, revoked.live])
    await hub.revoke('bob')
    const revokedMs = Date.now()
    expect(await revoked.session.ended).toMatchObject({ error: { code: 'REVOKED' } })
    expect(Date.now() - revokedMs).toBeLessThan(5_000)
    expect(await expiring.session.ended).toMatchObject({ error: { code: 'UNAUTHORIZED' } })
    expect(Date.now() - startMs).toBeLessThan(7_000)
    const old = await connectClient(b.made, { url, token: bobs })
    expect(await old.session.ended).toMatchObject({ error: { code: 'REVOKED' } })
    const fresh = await connectClient(b.made, { url, token: await signToken({ sub: 'bob', issuedInS: 2 }) })
    await fresh.live
  })

  test('a revocation written by another process ends sessions within 5 s', async () => {
    const { url, store } = await start({ authenticate })
    const a = device('ann')
    const client = await connectClient(a.made, { url, token: await signToken() })
    await client.live
    const startMs = Date.now()
    await store.revoke({ subject: 'ann', atMs: startMs + 1 })
    expect(await client.session.ended).toMatchObject({ error: { code: 'REVOKED' } })
    expect(Date.now() - startMs).toBeLessThan(5_000)
  })

  test('after a revocation no further message is taken', async () => {
    const { url, hub, store } = await start({ authenticate })
    const a = device('ann')
    const client = await connectClient(a.made, { url, token: await signToken() })
    await client.live
    await hub.revoke('ann')
    a.write()
    await client.session.ended
    expect(await store.head('garden')).toBe(0)
  })
})

describe('at the door', () => {
  test('pages of other origins are turned away; the hub’s own and programs come in', async () => {
    const { url, http } = await start()
    await expect(connectRaw({ url, origin: 'https://evil.example' })).rejects.toMatchObject({ status: 403 })
    await expect(connectRaw({ url, origin: 'null' })).rejects.toMatchObject({ status: 403 })
    for (const origin of [http, undefined]) (await connectRaw({ url, ...(origin ? { origin } : {}) })).close()
    const listed = await start({ allowedOrigins: ['https://app.example'] })
    await expect(connectRaw({ url: listed.url, origin: listed.http })).rejects.toMatchObject({ status: 403 })
    const page = await connectRaw({ url: listed.url, origin: 'https://app.example' })
    page.close()
  })

  test('without authentication nothing but this machine is served, whatever a proxy or a name says', async () => {
    const { url } = await start()
    const forwarded = { 'x-forwarded-for': '203.0.113.9' }
    await expect(connectRaw({ url, headers: forwarded })).rejects.toMatchObject({ status: 401 })
    const rebound = { host: 'evil.example' }
    const page = { url, headers: rebound, origin: 'http://evil.example' }
    await expect(connectRaw(page)).rejects.toMatchObject({ status: 401 })
  })

  test('connections of one address are bounded; behind a trusted proxy the address is the one it names', async () => {
    const limits = { connectionsPerAddress: 2 }
    const { url } = await start({ authenticate, limits, isProxyTrusted: true })
    const from = (address: string) =>
      connectRaw({ url, headers: { 'x-forwarded-for': `1.1.1.1, ${address}` } })
    const first = await from('203.0.113.1')
    await from('203.0.113.1')
    await expect(from('203.0.113.1')).rejects.toMatchObject({ status: 429 })
    await from('203.0.113.2')
    first.close()
    await first.ended
    // The hub hears of the end after its peer.
    await expect.poll(() => from('203.0.113.1').catch(() => undefined)).toBeDefined()
  })

  test('other paths are left to the server’s owner', async () => {
    const { url, server } = await start({ path: '/hub' })
    server.on('upgrade', (request, socket) => {
      if (request.url === '/other') socket.end('HTTP/1.1 418 mine\r\n\r\n')
    })
    await expect(connectRaw({ url: `${url}other` })).rejects.toMatchObject({ status: 418 })
    const raw = await connectRaw({ url: `${url}hub?x=1` })
    raw.close()
  })

  test('health, readiness and metrics are answered, and name no workspace, subject or payload', async () => {
    const { url, http, hub } = await start({ authenticate })
    const a = device('ann')
    a.write()
    const client = await connectClient(a.made, { url, token: await signToken() })
    await client.until(() => client.acknowledged() === 1)
    expect((await fetch(`${http}/healthz`)).status).toBe(200)
    expect((await fetch(`${http}/readyz`)).status).toBe(200)
    const metrics = await (await fetch(`${http}/metrics`)).text()
    expect(metrics).toContain('headwater_hub_connections 1')
    expect(metrics).toContain('headwater_hub_commits_total{outcome="stored"} 1')
    expect(metrics).toMatch(/headwater_hub_append_seconds_count 1/)
    expect(metrics).not.toMatch(/garden|ann/)
    expect((await fetch(`${http}/nothing`)).status).toBe(404)
    await hub.close()
    expect((await fetch(`${http}/readyz`)).status).toBe(503)
  })

  test('a limit below the log’s own is refused at start', async () => {
    for (const limits of [
      { commitBytes: 1_000_000 },
      { frameBytes: 1_000_000 },
      { windowBytes: 100 },
      { helloMs: 0 },
    ])
      await expect(start({ limits })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})

describe('logs', () => {
  test('no token, payload or workspace content is logged', async () => {
    const { url, lines } = await start({ authenticate })
    const a = createDevice(createAuthor('ann'))
    a.write({ text: 'a secret payload', atMs: Date.now() })
    const token = await signToken()
    const client = await connectClient(a, { url, token })
    await client.until(() => client.acknowledged() === 1)
    client.socket.terminate()
    await client.session.ended
    await pause(50)
    const text = JSON.stringify(lines)
    expect(lines.length).toBeGreaterThan(0)
    expect(text).not.toContain('a secret payload')
    expect(text).not.toContain(token.slice(0, 20))
  })
})

async function bytesOut(http: string): Promise<number> {
  const text = await (await fetch(`${http}/metrics`)).text()
  return Number(/bytes_total\{direction="out"\} (\d+)/.exec(text)?.[1] ?? 0)
}

/** The token with `alg: none` and no signature. */
function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

/** The token with claims that its signature does not cover. */
function forged(token: string): string {
  const [header, claims = '', signature] = token.split('.')
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), workspace: '*' }
  return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
}

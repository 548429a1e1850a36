// Tokens that are signed by a key of a key set: one that is handed in, one that is fetched, one that cannot be fetched.
import { createServer, type Server } from 'node:http'
import { createJwtAuthenticate, type JwtOptions } from '@headwater/hub'
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'

const clock = { now: () => Date.now() }
const servers: Server[] = []
afterEach(() =>
  Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))),
)

/** A key pair, its public half as a set, and how it signs. */
async function createKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }
  const sign = (claims: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT({ workspace: 'garden', rights: ['read'], ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setSubject('ann')
      .setExpirationTime('5m')
      .sign(privateKey)
  return { jwk, publicKey, sign }
}

/** Serves a set of keys, and counts how often it is fetched. */
async function serveKeys(keys: () => JSONWebKeySet): Promise<{ url: string; fetched(): number }> {
  let fetched = 0
  const server = createServer((_request, response) => {
    fetched += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify(keys()))
  })
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}/keys.json`, fetched: () => fetched }
}

const check = (options: JwtOptions, token: string): Promise<unknown> => {
  const request = { token, workspace: 'garden', replica: 'AAAAAAAAAAAAAAAA', address: '127.0.0.1' }
  return createJwtAuthenticate(
    options,
    clock,
  )(request as Parameters<ReturnType<typeof createJwtAuthenticate>>[0])
}

describe('a key set', () => {
  test('lets in who is signed by one of its keys, and says whose it is', async () => {
    const key = await createKey('one')
    const access = await check({ jwks: { keys: [key.jwk] } }, await key.sign())
    expect(access).toMatchObject({ subject: 'ann', workspaces: ['garden'] })
  })

  test('turns away another key, a secret made of the public key, and no signature at all', async () => {
    const [key, other] = [await createKey('one'), await createKey('one')]
    const options = { jwks: { keys: [key.jwk] } }
    const forged = await new SignJWT({ workspace: 'garden', rights: ['read'] })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setSubject('ann')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(JSON.stringify(key.jwk)))
    const [, payload] = (await key.sign()).split('.')
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    for (const token of [await other.sign(), forged, unsigned])
      await expect(check(options, token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('is fetched once for many tokens', async () => {
    const key = await createKey('one')
    const served = await serveKeys(() => ({ keys: [key.jwk] }))
    const authenticate = createJwtAuthenticate({ jwksUrl: served.url }, clock)
    const ask = async () => authenticate({ token: await key.sign() } as Parameters<typeof authenticate>[0])
    expect(await ask()).toMatchObject({ subject: 'ann' })
    await Promise.all([ask(), ask(), ask()])
    expect(served.fetched()).toBe(1)
  })

  test('that cannot be fetched is no refusal of the token: it is tried again', async () => {
    const key = await createKey('one')
    const served = await serveKeys(() => ({ keys: [] }))
    const gone = servers.pop()!
    await new Promise((resolve) => gone.close(resolve))
    await expect(check({ jwksUrl: served.url }, await key.sign())).rejects.toMatchObject({ code: 'DEADLINE' })
  })
})

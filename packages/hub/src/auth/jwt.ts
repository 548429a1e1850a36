/**
 * Tokens as signed JSON (JWT, RFC 7519), checked by jose: signed with one shared secret (HS256) or by a key of a key set (JWKS).
 * Which algorithms are taken is fixed by which of the two it is, never by the token: `alg: none`, and a public key used
 * as a secret, are refused before anything else is looked at.
 *
 * Claims: `sub` (who), `workspace` (a name, a list of names, or `*`), `rights` (of `read`, `append`, `relay`), `exp`, `iat`.
 */
import { HeadwaterError, type WallClock } from '@headwater/log'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { configInvalid } from '../config-invalid.ts'
import { type Access, type Authenticate, type Right, unauthorized } from './access.ts'

/** How tokens are checked: by one of `secret`, `jwks` and `jwksUrl`. */
export interface JwtOptions {
  /** Shared secret for HS256, at least 32 bytes. */
  readonly secret?: Uint8Array
  /** A key set with public keys. */
  readonly jwks?: JSONWebKeySet
  /** Where a key set is fetched from; kept for 10 minutes, fetched at most every 30 s. */
  readonly jwksUrl?: string
  /** What `iss` and `aud` must be, if given. */
  readonly issuer?: string
  readonly audience?: string
}

/** Bytes of a shared secret, at least: as many as the hash has. */
export const MIN_SECRET_BYTES = 32

const PUBLIC_KEY_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
]

/** Checks tokens. Errors of the checks: `UNAUTHORIZED` with what is wrong; errors of this call: `CONFIG_INVALID`. */
export function createJwtAuthenticate(options: JwtOptions, clock: WallClock): Authenticate {
  const verify = createVerify(options)
  const { issuer, audience } = options
  const claims = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  }
  return async ({ token }) => {
    if (token === '') throw unauthorized('there is none')
    const currentDate = new Date(clock.now())
    try {
      return toAccess(await verify(token, { ...claims, requiredClaims: ['sub', 'exp'], currentDate }))
    } catch (cause) {
      throw toRefusal(cause)
    }
  }
}

type Verify = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>

function createVerify({ secret, jwks, jwksUrl }: JwtOptions): Verify {
  if ([secret, jwks, jwksUrl].filter((one) => one !== undefined).length !== 1)
    throw configInvalid('Tokens are checked by one of secret, jwks and jwksUrl.')
  if (secret !== undefined) {
    if (secret.length < MIN_SECRET_BYTES)
      throw configInvalid(`The secret has ${secret.length} bytes; ${MIN_SECRET_BYTES} is the least.`)
    return async (token, options) =>
      (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload
  }
  const keys = jwks ? createLocalJWKSet(jwks) : createRemoteJWKSet(toUrl(jwksUrl ?? ''))
  const algorithms = PUBLIC_KEY_ALGORITHMS
  return async (token, options) => (await jwtVerify(token, keys, { ...options, algorithms })).payload
}

function toUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw configInvalid(`"${text}" is no address of a key set.`)
  return new URL(text)
}

function toAccess({ sub, workspace, rights, iat, exp }: JWTPayload): Access {
  const workspaces = toNames(workspace)
  const names = toNames(rights)
  if (sub === undefined || exp === undefined)
    throw unauthorized('it does not say whose it is and how long it holds')
  if (!workspaces) throw unauthorized('it names no workspace')
  if (!names?.every(isRight)) throw unauthorized('its rights are not among read, append and relay')
  return {
    subject: sub,
    workspaces,
    rights: new Set(names),
    issuedAtMs: iat === undefined ? undefined : iat * 1_000,
    expiresAtMs: exp * 1_000,
    isOpen: false,
  }
}

function toNames(claim: unknown): readonly string[] | undefined {
  const list: unknown = typeof claim === 'string' ? [claim] : claim
  const isList = Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string')
  return isList ? list : undefined
}

function isRight(name: string): name is Right {
  return name === 'read' || name === 'append' || name === 'relay'
}

/** What to tell the bearer: never more than that the token does not hold, and in which respect. */
function toRefusal(cause: unknown): unknown {
  if (cause instanceof errors.JWTExpired) return unauthorized('it has expired', cause)
  if (cause instanceof errors.JWTClaimValidationFailed)
    return unauthorized(`its claim ${cause.claim} does not hold`, cause)
  if (cause instanceof errors.JWKSTimeout || cause instanceof TypeError) return keysMissing(cause)
  return cause instanceof errors.JOSEError
    ? unauthorized('it is not signed by a key of this hub', cause)
    : cause
}

function keysMissing(cause: unknown): HeadwaterError {
  return new HeadwaterError('DEADLINE', 'The keys that tokens are checked with cannot be fetched now.', {
    hint: 'It is tried again; look at the key set’s address if it lasts.',
    cause,
  })
}

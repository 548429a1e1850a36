/** The command line as typed options: parsed or refused, with what is known of each in one table that `--help` prints. */
import { parseArgs } from 'node:util'
import { configInvalid } from '../config-invalid.ts'
import { DEFAULT_HUB_LIMITS, type HubLimits } from '../hub-limits.ts'

/** The commands. */
export const COMMANDS = ['serve', 'backup', 'restore', 'revoke', 'workspaces'] as const
/** One of them. */
export type Command = (typeof COMMANDS)[number]

/** What was asked for. */
export interface Arguments {
  readonly command: Command
  /** What follows the command: a file, a subject. */
  readonly operands: readonly string[]
  readonly flags: Flags
}

/** Options as given. */
export interface Flags {
  readonly data: string
  readonly stampKey: string | undefined
  readonly host: string
  readonly port: number
  readonly path: string | undefined
  readonly secretFile: string | undefined
  readonly jwks: string | undefined
  readonly issuer: string | undefined
  readonly audience: string | undefined
  readonly origins: readonly string[] | undefined
  readonly isProxyTrusted: boolean
  readonly isUnsafe: boolean
  readonly isForced: boolean
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF'
  readonly limits: Partial<HubLimits>
  readonly logLevel: string
}

/** What `--help` says. */
export const HELP: string = `headwater-hub serve [options]          serve until SIGTERM
headwater-hub backup FILE [--data DIR]   copy the database, also while the hub runs
headwater-hub restore FILE [--force]     put a backup in its place; mints an epoch
headwater-hub revoke SUBJECT             make the tokens worthless that SUBJECT has
headwater-hub workspaces                 list them

  --data DIR            data directory                       ./headwater-hub
  --stamp-key FILE      key of the stamps, outside of it     beside the data directory
  --host HOST           address to listen at                 127.0.0.1
  --port PORT           port to listen at                    8787
  --path PATH           where connections are taken          everywhere
  --secret-file FILE    tokens are signed with this secret (HS256); or HEADWATER_HUB_SECRET
  --jwks FILE_OR_URL    tokens are signed by a key of this set
  --issuer TEXT         what iss must be
  --audience TEXT       what aud must be
  --origin ORIGIN       pages that may connect, repeated; * is all    the hub's own host
  --trust-proxy         a proxy sets X-Forwarded-For and X-Forwarded-Host
  --limit NAME=NUMBER   a limit, repeated: ${Object.keys(DEFAULT_HUB_LIMITS).join(', ')}
  --synchronous HOW     full, normal or off                  full
  --unsafe              accept a store that loses acknowledged commits with the machine
  --log-level LEVEL     debug, info, warn, error             info
  --force               restore over an existing database
`

/** Reads the arguments. Errors: `CONFIG_INVALID`. */
export function readArguments(args: readonly string[]): Arguments | 'help' {
  const { values, positionals } = parse(args)
  const [command, ...operands] = positionals
  if (values.help || command === undefined) return 'help'
  const known = COMMANDS.find((name) => name === command)
  if (known === undefined)
    throw configInvalid(`There is no command "${command}".`, 'See headwater-hub --help.')
  const wanted = known === 'serve' || known === 'workspaces' ? 0 : 1
  if (operands.length !== wanted)
    throw configInvalid(
      `"${command}" takes ${wanted} argument, not ${operands.length}.`,
      'See headwater-hub --help.',
    )
  return { command: known, operands, flags: toFlags(values) }
}

type Values = ReturnType<typeof parse>['values']

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const list = { type: 'string', multiple: true } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: text,
        'stamp-key': text,
        host: text,
        port: text,
        path: text,
        'secret-file': text,
        jwks: text,
        issuer: text,
        audience: text,
        origin: list,
        'trust-proxy': flag,
        limit: list,
        synchronous: text,
        unsafe: flag,
        'log-level': text,
        force: flag,
        help: flag,
      },
    })
  } catch (cause) {
    throw configInvalid(cause instanceof Error ? cause.message : String(cause), 'See headwater-hub --help.')
  }
}

function toFlags(values: Values): Flags {
  return {
    data: values.data ?? 'headwater-hub',
    stampKey: values['stamp-key'],
    host: values.host ?? '127.0.0.1',
    port: toNumber('port', values.port ?? '8787'),
    path: values.path,
    secretFile: values['secret-file'],
    jwks: values.jwks,
    issuer: values.issuer,
    audience: values.audience,
    origins: values.origin,
    isProxyTrusted: values['trust-proxy'] ?? false,
    isUnsafe: values.unsafe ?? false,
    isForced: values.force ?? false,
    synchronous: toSynchronous(values.synchronous ?? 'full'),
    limits: toLimits(values.limit ?? []),
    logLevel: toLogLevel(values['log-level'] ?? 'info'),
  }
}

function toSynchronous(text: string): Flags['synchronous'] {
  const upper = text.toUpperCase()
  if (upper === 'FULL' || upper === 'NORMAL' || upper === 'OFF') return upper
  throw configInvalid(`--synchronous is full, normal or off, not "${text}".`)
}

function toLogLevel(text: string): string {
  if (/^(trace|debug|info|warn|error|fatal|silent)$/.test(text)) return text
  throw configInvalid(`--log-level is debug, info, warn or error, not "${text}".`)
}

function toLimits(pairs: readonly string[]): Partial<HubLimits> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2)
      if (!Object.hasOwn(DEFAULT_HUB_LIMITS, name)) throw configInvalid(`There is no limit "${name}".`)
      return [name, toNumber(name, value)]
    }),
  )
}

function toNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw configInvalid(`"${text}" is no number for ${name}.`)
  return Number(text)
}

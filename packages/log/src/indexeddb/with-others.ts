/**
 * What a stored log does with the commits of others, and with what others must know of it: merging, chains, reissue, lease and
 * notes, put together. Loaded late (`late-others.ts`).
 */
import type { Exchange } from '../exchange.ts'
import { parseForeign } from '../foreign.ts'
import type { Head } from '../head.ts'
import type { Offset } from '../identity.ts'
import type { Log } from '../log.ts'
import { DEFAULT_MAX_BYTES } from '../run.ts'
import type { Voids } from '../voids.ts'
import { createChainStore } from './chain-store.ts'
import { createChains, type StandingHead } from './chains.ts'
import { createCommitIndex } from './commit-index.ts'
import { createExchange, type ExchangeContext } from './exchange.ts'
import { createMerging } from './merging.ts'

/** The acts. */
export type WithOthers = Omit<Exchange, 'clockOffsetMs' | 'harden'> & Pick<Log, 'merge' | 'readChained'>

/** Puts it together for one handle. */
export function createWithOthers(context: Omit<ExchangeContext, 'chains'>): WithOthers {
  const { gate, reader, writer, connection, look } = context
  const store = createChainStore(connection)
  const chains = createChains({ runs: reader.runs, store, look: async () => standingHead(await look()) })
  const voids = (): Voids => reader.standing().voids
  const merge = createMerging({
    writer,
    index: createCommitIndex(reader),
    chains,
    voids,
    random: context.random,
  })
  return {
    ...createExchange({ ...context, chains }),
    merge: async (commits, options = {}) => {
      gate.pass(options.signal)
      return merge(parseForeign(commits, options), options)
    },
    readChained: async (after, { maxBytes = DEFAULT_MAX_BYTES, signal } = {}) => {
      gate.pass(signal)
      return chains.read(after, maxBytes, signal)
    },
  }
}

function standingHead(head: Head): StandingHead {
  return { head: (head.nextOffset - 1) as Offset, voids: head.voids, own: head.own }
}

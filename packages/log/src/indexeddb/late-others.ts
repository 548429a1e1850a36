/**
 * The acts of a stored log that concern the commits of others, each of which loads their code when it is first called: a
 * database that neither imports nor syncs does without it.
 */
import { latePart } from '../late-part.ts'
import type { Gate } from '../refusals.ts'
import type { ExchangeContext } from './exchange.ts'
import type { WithOthers } from './with-others.ts'

/** The acts of one handle, loaded late. Errors, beside their own: `PART_UNAVAILABLE`. */
export function createLateOthers(gate: Gate, context: Omit<ExchangeContext, 'chains'>): WithOthers {
  const part = latePart('merging and replication', async () => {
    const { createWithOthers } = await import('./with-others.ts')
    return createWithOthers(context)
  })
  const late = (): Promise<WithOthers> => {
    gate.pass()
    return part()
  }
  return {
    merge: async (...args) => (await late()).merge(...args),
    readChained: async (...args) => (await late()).readChained(...args),
    chains: async () => (await late()).chains(),
    hashesOf: async (...args) => (await late()).hashesOf(...args),
    reissue: async (options) => (await late()).reissue(options),
    renew: async (options) => (await late()).renew(options),
    setAside: async (...args) => (await late()).setAside(...args),
    setClockOffset: async (...args) => (await late()).setClockOffset(...args),
    findReceipt: async (receipt) => (await late()).findReceipt(receipt),
    lease: {
      read: async () => (await late()).lease.read(),
      take: async (...args) => (await late()).lease.take(...args),
      beat: async (epoch) => (await late()).lease.beat(epoch),
    },
    notes: {
      get: async (name) => (await late()).notes.get(name),
      set: async (...args) => (await late()).notes.set(...args),
    },
    envelopes: {
      keep: async (...args) => (await late()).envelopes.keep(...args),
      find: async (ends) => (await late()).envelopes.find(ends),
    },
  }
}

/**
 * The lease, checked inside the transaction that stores: jobs that name an epoch are refused when another one is stored.
 */
import type { HeadwaterError } from '../error.ts'
import { type Lease, NO_LEASE, parseLease, supersededBy } from '../lease.ts'
import { LEASE } from './database.ts'
import type { Job } from './job.ts'
import { answerOf } from './request.ts'

/** Checks the jobs of one transaction. */
export interface LeaseGuard {
  readonly look: (meta: IDBObjectStore) => Promise<void>
  /** The jobs whose epoch is not the stored one. */
  refusals(): Map<Job, HeadwaterError>
}

/** A guard, when one of these jobs names an epoch. */
export function createLeaseGuard(jobs: readonly Job[]): LeaseGuard | undefined {
  if (jobs.every(({ epoch }) => epoch === undefined)) return undefined
  let stored: Lease = NO_LEASE
  return {
    look: async (meta) => {
      stored = parseLease(await answerOf<unknown>(meta.get(LEASE)))
    },
    refusals: () => {
      const refusals = new Map<Job, HeadwaterError>()
      for (const job of jobs) {
        const refusal = supersededBy(stored, job.epoch)
        if (refusal) refusals.set(job, refusal)
      }
      return refusals
    },
  }
}

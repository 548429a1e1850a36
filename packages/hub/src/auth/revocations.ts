/**
 * Subjects whose tokens were taken back. Revoking makes the tokens issued so far worthless; a token issued later holds. The
 * list lies in the store, where the command line writes too, so that it is read again every 2 s.
 */
import { HeadwaterError, type Scheduler, type WallClock } from '@headwater/log'
import type { HubStore } from '../store/store.ts'
import type { Access } from './access.ts'

/** The list, in memory. */
export interface Revocations {
  /** Whether the token behind this access was taken back. */
  isRevoked(access: Access): boolean
  /** Takes back all tokens that `subject` has, here at once and in the store when this resolves. */
  revoke(subject: string): Promise<void>
  stop(): void
}

const REFRESH_MS = 2_000

/** Reads the list and keeps reading it. Failures to read are told to `onError`; the list in memory goes on. */
export async function openRevocations(
  store: HubStore,
  { clock, scheduler }: { readonly clock: WallClock; readonly scheduler: Scheduler },
  onError: (error: unknown) => void,
): Promise<Revocations> {
  const revokedAtMs = new Map<string, number>()
  let cancel: (() => void) | undefined
  let isStopped = false
  const take = (subject: string, atMs: number): void => {
    if ((revokedAtMs.get(subject) ?? 0) < atMs) revokedAtMs.set(subject, atMs)
  }
  const refresh = async (): Promise<void> => {
    for (const { subject, atMs } of await store.revocations()) take(subject, atMs)
  }
  const schedule = (): void => {
    if (isStopped) return
    cancel = scheduler.after(REFRESH_MS, () => {
      refresh().catch(onError).finally(schedule)
    })
  }
  await refresh()
  schedule()
  return {
    isRevoked: ({ subject, issuedAtMs, isOpen }) =>
      !isOpen && (revokedAtMs.get(subject) ?? 0) >= (issuedAtMs ?? 0) && revokedAtMs.has(subject),
    async revoke(subject) {
      const atMs = clock.now()
      take(subject, atMs)
      await store.revoke({ subject, atMs })
    },
    stop() {
      isStopped = true
      cancel?.()
    },
  }
}

/** Why a session of a revoked subject ends. */
export function revoked(): HeadwaterError {
  return new HeadwaterError('REVOKED', 'The access was taken back.', {
    hint: 'Ask who runs the hub; a token issued from now on may hold again.',
  })
}

/**
 * Verifying a view (V7): the log is folded again on the side, with the same code over a state in memory, up to where the
 * live view stands, and both are compared entry by entry. A difference means a fold that is not deterministic, a function
 * that changed without its version, or a damaged base. The live view answers meanwhile; for the comparison it stands still.
 */
import type { Offset } from '@headwater/log'
import type { GroupOptions } from './group/unit.ts'
import { createViewGroup, type ViewGroup } from './group/view-group.ts'
import { createMemoryLocks } from './locks.ts'
import { foldUpTo } from './past/fold-up-to.ts'
import { logUpTo } from './past/log-up-to.ts'
import type { ProgressOptions } from './progress-options.ts'
import { createMemoryBaseStore } from './state/memory-base-store.ts'
import { createPageCache } from './state/page-cache.ts'
import type { View } from './view.ts'
import type { VerifyReport } from './views.ts'
import { aborted } from './waits.ts'

/** What is verified. */
export interface Verified {
  /** The definition's name. */
  readonly name: string
  readonly live: View
  /** The group that it belongs to, or derives from. */
  readonly group: ViewGroup
  readonly options: GroupOptions
  /** Makes the same view over another group; nothing for what the group answers itself. */
  readonly derive: ((group: ViewGroup, options: GroupOptions) => View) | undefined
  /** What it derives from beside that group; it is not folded again, and stands still as well. */
  readonly others: readonly ViewGroup[]
}

const CACHE_BYTES = 8 * 1_048_576
/** Events that are caught up with while the live view stands still. */
const EVENTS_AT_ONCE = 2_000

/** Verifies one view. Rejects with `ABORTED`, `VIEW_PARKED` where folding again fails, and what storage rejects with. */
export async function verifyView(verified: Verified, progress: ProgressOptions): Promise<VerifyReport> {
  const { group, derive, name } = verified
  let target = group.position
  const options = sideOptions(verified.options, () => target)
  const side = createViewGroup(options)
  try {
    await side.restore()
    do {
      await foldUpTo(side, options, progress)
      target = group.position
    } while (target - side.feedAfter > EVENTS_AT_ONCE)
    return await whileAllStill([group, ...verified.others], async () => {
      target = group.position
      await foldUpTo(side, options, progress)
      const recomputed = derive?.(side, options) ?? side
      const report = await compare(verified.live.digests(name), recomputed.digests(name), progress.signal)
      if (recomputed !== side) await recomputed.close()
      return { view: name, offset: target, ...report }
    })
  } finally {
    await side.close()
  }
}

/** Runs `act` while none of the groups folds or switches. */
export function whileAllStill<T>([first, ...rest]: readonly ViewGroup[], act: () => Promise<T>): Promise<T> {
  return first ? first.whileStill(() => whileAllStill(rest, act)) : act()
}

/** Everything of the live group's but where its bases are, which is memory. */
function sideOptions(options: GroupOptions, head: () => Offset): GroupOptions {
  const store = createMemoryBaseStore()
  return {
    ...options,
    log: logUpTo(options.log, head),
    head,
    headKnown: async () => undefined,
    store,
    locks: createMemoryLocks(),
    cache: createPageCache(CACHE_BYTES),
  }
}

type Comparison = Omit<VerifyReport, 'view' | 'offset'>
type Digests = AsyncIterable<readonly [key: string, digest: string]>

/** Both in key order: what only one side has is a difference at its key. */
async function compare(
  live: Digests,
  recomputed: Digests,
  signal: AbortSignal | undefined,
): Promise<Comparison> {
  const ours = live[Symbol.asyncIterator]()
  const theirs = recomputed[Symbol.asyncIterator]()
  for (let entries = 0; ; entries++) {
    if (signal?.aborted) throw aborted()
    const [one, other] = [await ours.next(), await theirs.next()]
    if (one.done && other.done) return { entries, equal: true }
    const difference = differenceOf(one.done ? undefined : one.value, other.done ? undefined : other.value)
    if (difference) return { entries, equal: false, difference }
  }
}

function differenceOf(
  live: readonly [string, string] | undefined,
  recomputed: readonly [string, string] | undefined,
): VerifyReport['difference'] {
  if (live?.[0] === recomputed?.[0] && live?.[1] === recomputed?.[1]) return undefined
  const isLive = live !== undefined && (recomputed === undefined || live[0] <= recomputed[0])
  const isRecomputed = recomputed !== undefined && (live === undefined || recomputed[0] <= live[0])
  return {
    key: (isLive ? live : recomputed)?.[0] ?? '',
    ...(isLive ? { live: live[1] } : {}),
    ...(isRecomputed ? { recomputed: recomputed[1] } : {}),
  }
}

/**
 * What the tabs of one database tell each other: "the head is now N" and "a base was stored". Both are hints (D2): no tab
 * waits for another, and a tab that hears nothing looks at the store itself, on a slow timer and when its page becomes
 * visible.
 */
import type { Log, Offset, Scheduler } from '@headwater/log'
import type { Views } from '@headwater/views'
import type { Platform } from '../seams.ts'

/** What it is given. */
export interface TabsOptions {
  readonly name: string
  readonly log: Log
  readonly views: Pick<Views, 'onCheckpoint' | 'noticeCheckpoint'>
  readonly scheduler: Scheduler
  readonly openChannel: Platform['openChannel']
  /** Another tab destroys the database. */
  readonly onDestroyed: () => void
  readonly onError: (error: unknown) => void
}

/** One tab among others. */
export interface Tabs {
  /** Looks at the store itself, now. */
  readonly look: () => Promise<void>
  readonly tellDestroyed: () => void
  /** Tells the others what they have not heard yet, and leaves. */
  readonly close: () => void
}

const LOOK_EVERY_MS = 5_000
/** A message to other tabs costs a quarter of a millisecond, as much as storing a small commit: one a frame is enough. */
const TELL_AFTER_MS = 16

/** Joins the tabs of a database. */
export function joinTabs(options: TabsOptions): Tabs {
  const { log, views, scheduler, onError } = options
  let heard = log.head
  let closed = false
  let stopTimer = (): void => undefined

  const channel = options.openChannel(options.name, (message) => {
    switch (message.type) {
      case 'head':
        heard = Math.max(heard, message.head) as Offset // what another tab's log said of the same log
        return log.hint(message.head as Offset)
      case 'checkpoint':
        return views.noticeCheckpoint()
      case 'destroyed':
        return options.onDestroyed()
      default: // what concerns syncing goes over a channel of its own
    }
  })
  const teller = createTeller(
    options,
    () => heard,
    (head) => {
      heard = head
      channel.post({ type: 'head', head })
    },
  )
  const look = async (): Promise<void> => {
    if (closed) return
    views.noticeCheckpoint()
    try {
      await log.refresh()
    } catch (error) {
      if (!closed) onError(error)
    }
  }
  const lookLater = (): void => {
    stopTimer = scheduler.after(LOOK_EVERY_MS, () => {
      void look().then(() => {
        if (!closed) lookLater()
      })
    })
  }
  const offHead = log.subscribe(teller.notice)
  const offCheckpoint = views.onCheckpoint(() => channel.post({ type: 'checkpoint' }))
  lookLater()
  return {
    look,
    tellDestroyed: () => channel.post({ type: 'destroyed' }),
    close: () => {
      closed = true
      stopTimer()
      teller.finish()
      offHead()
      offCheckpoint()
      channel.close()
    },
  }
}

/** The heads of a frame are one message, after the receipts; what was heard is not told again. */
function createTeller(
  { log, scheduler }: TabsOptions,
  heard: () => Offset,
  tell: (head: Offset) => void,
): { readonly notice: () => void; readonly finish: () => void } {
  let stop: (() => void) | undefined
  const tellNews = (): void => {
    if (log.head > heard()) tell(log.head)
  }
  return {
    notice: () => {
      if (log.head <= heard()) return
      stop ??= scheduler.after(TELL_AFTER_MS, () => {
        stop = undefined
        tellNews()
      })
    },
    finish: () => {
      stop?.()
      tellNews()
    },
  }
}

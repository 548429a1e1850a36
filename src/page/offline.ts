/**
 * Makes the built page work offline: registers the service worker that holds its files, and offers a new version once one
 * is ready. Nothing changes under a person's hands: a page goes on with the files that it began with until it is reloaded.
 * `npm start` has no service worker.
 */
import { tell } from './notice-store.ts'

const LOOK_EVERY_MS = 3_600_000

/** Registers after the page has loaded, so that keeping files does not compete with showing the page. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  if (document.readyState === 'complete') void register()
  else addEventListener('load', () => void register(), { once: true })
}

/** Never rejects: a page that cannot be kept is used online, as all pages are. */
async function register(): Promise<void> {
  const { Workbox } = await import('workbox-window')
  const worker = new Workbox('./service-worker.js')
  let isAsked = false
  worker.addEventListener('waiting', () => {
    const run = (): void => {
      isAsked = true
      worker.messageSkipWaiting()
    }
    tell('A new version of this page is ready', { label: 'Reload', run }, 'until dismissed')
  })
  worker.addEventListener('controlling', ({ isUpdate }) => {
    if (isAsked) location.reload()
    else if (isUpdate)
      tell(
        'Another tab changed this page to a new version',
        { label: 'Reload', run: () => location.reload() },
        'until dismissed',
      )
  })
  await worker.register().catch(() => undefined)
  lookForNews(worker)
}

/** A page that stays open for days looks when somebody comes back to it, at most once an hour. */
function lookForNews(worker: { update(): Promise<void> }): void {
  let lookedAt = performance.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' || performance.now() - lookedAt < LOOK_EVERY_MS) return
    lookedAt = performance.now()
    worker.update().catch(() => undefined) // offline: there is a next time
  })
}

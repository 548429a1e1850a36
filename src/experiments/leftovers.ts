/**
 * What runs store, and that nothing of it stays. Each run has a name, under which its databases are stored, and holds a lock of
 * that name while it lives. Databases of a run whose lock is free were left behind by a tab that was closed or reloaded in
 * the middle: the next visit deletes them, and leaves alone what other tabs are at.
 */

const PREFIX = 'headwater:experiment.'
const BOUND_MS = 5_000

/** Under which name a database of a run is opened. */
export const storedName = (run: string, name: string): string => `experiment.${run}.${name}`

/** Holds a run, until the returned function is called, which deletes what the run stored. */
export function holdRun(run: string): Promise<() => Promise<void>> {
  return new Promise((held, reject) => {
    const hold = (): Promise<void> =>
      new Promise((release) => {
        held(async () => {
          try {
            await deleteRun(run)
          } finally {
            release()
          }
        })
      })
    navigator.locks.request(lockName(run), hold).catch(reject)
  })
}

/** Deletes what runs left behind that nobody holds any more. */
export async function sweepLeftovers(): Promise<void> {
  const runs = new Set((await storedNames()).map(runOf))
  for (const run of runs) {
    await navigator.locks.request(lockName(run), { ifAvailable: true }, async (lock) => {
      if (lock) await deleteRun(run)
    })
  }
}

async function deleteRun(run: string): Promise<void> {
  const names = await storedNames()
  await Promise.all(names.filter((name) => runOf(name) === run).map(deleteStored))
}

/** Deletes one database of IndexedDB; a connection that is just being closed delays it. */
export function deleteStored(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => reject(new Error(`The browser did not delete "${name}": ${why}.`))
    const timer = setTimeout(refuse, BOUND_MS, 'something still has it open')
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => {
      clearTimeout(timer)
      resolve()
    }
    request.onerror = () => {
      clearTimeout(timer)
      refuse(String(request.error))
    }
  })
}

/** Names of all stored databases of experiments. Browsers of before 2024 may not tell; then nothing is found. */
async function storedNames(): Promise<readonly string[]> {
  if (!('databases' in indexedDB)) return []
  const stored = await indexedDB.databases()
  return stored.map(({ name = '' }) => name).filter((name) => name.startsWith(PREFIX))
}

/** `headwater:experiment.<run>.<name>:log` → `<run>`. */
const runOf = (stored: string): string => stored.slice(PREFIX.length).split('.')[0] ?? ''

const lockName = (run: string): string => `headwater-experiment:${run}`

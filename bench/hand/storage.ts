/**
 * IndexedDB as an expert uses it by hand: relaxed durability, `commit()` as soon as everything is issued, nothing
 * awaited inside a transaction. No library in between, so that the limit is the limit.
 */

/** Opens a database with these stores, keys handed in from outside. */
export function openStores(name: string, stores: readonly string[]): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    for (const store of stores) request.result.createObjectStore(store)
  }
  return answered(request)
}

/** The answer of a request. */
export function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the request failed'))
  })
}

/** Puts values in one transaction and resolves when it is complete. */
export function putAll(
  db: IDBDatabase,
  store: string,
  entries: readonly (readonly [IDBValidKey, unknown])[],
): Promise<void> {
  const transaction = db.transaction(store, 'readwrite', { durability: 'relaxed' })
  const target = transaction.objectStore(store)
  for (const [key, value] of entries) target.put(value, key)
  transaction.commit()
  return completed(transaction)
}

/** Resolves when a transaction is complete. */
export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'))
  })
}

/** Deletes a database, if it is there. */
export async function deleteStores(name: string): Promise<void> {
  await answered(indexedDB.deleteDatabase(name))
}

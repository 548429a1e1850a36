/**
 * The last receipts of this page, and how durably its appends ask to be stored: what the storage panel shows. Every append
 * of the page passes here; its receipt is noted as the engine gave it, with the time that it took.
 */
import type { Database, DatabaseDefinition, Durability, Receipt } from 'headwater'
import { useSyncExternalStore } from 'react'

export interface NotedReceipt {
  readonly receipt: Receipt
  readonly asked: Durability
  readonly tookMs: number
  readonly at: number
}

export interface Receipts {
  readonly last: readonly NotedReceipt[]
  /** What an append asks for that does not say. */
  readonly asked: Durability
}

const KEPT = 8
let receipts: Receipts = { last: [], asked: 'relaxed' }
const listeners = new Set<() => void>()

function change(next: Receipts): void {
  receipts = next
  for (const listener of listeners) listener()
}

/** The same database, whose appends are noted. */
export function noteReceipts<Definition extends DatabaseDefinition>(
  db: Database<Definition>,
): Database<Definition> {
  const append: Database<Definition>['append'] = async (drafts, options = {}) => {
    const asked = options.durability ?? receipts.asked
    const begun = performance.now()
    const receipt = await db.append(drafts, { ...options, durability: asked })
    const noted = { receipt, asked, tookMs: performance.now() - begun, at: Date.now() }
    change({ ...receipts, last: [noted, ...receipts.last].slice(0, KEPT) })
    return receipt
  }
  return { ...db, append }
}

export const setAskedDurability = (asked: Durability): void => change({ ...receipts, asked })

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useReceipts = (): Receipts => useSyncExternalStore(subscribe, () => receipts)

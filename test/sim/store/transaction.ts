// A transaction as a tab holds it. It is active while the task lasts that created it or brings one of its answers, then
// takes no more requests until the next answer; with none under way it commits by itself. Its requests are carried out in
// order, each as a message to the disk and one back.

import { createLane } from '../time.ts'
import type { Connection } from './connection.ts'
import type { DiskTransaction, Fault, StoredDatabase } from './disk.ts'
import { fire, SimRequest } from './events.ts'
import { SimObjectStore } from './object-store.ts'
import type { Records, Undo } from './records.ts'

/** What a request does to the records, and what it answers. Throws a `DOMException` to fail. */
export type Operation = (change: (undo: Undo) => void) => unknown

export class SimTransaction {
  readonly mode: IDBTransactionMode
  readonly durability: 'relaxed' | 'strict'
  readonly objectStoreNames: readonly string[]
  error: DOMException | null = null
  oncomplete: unknown = null
  onabort: unknown = null
  onerror: unknown = null

  readonly #connection: Connection
  readonly #database: StoredDatabase
  readonly #disk: DiskTransaction
  readonly #lane = createLane()
  #waiting: (() => void)[] = []
  readonly #pending = new Set<SimRequest>()
  #phase: 'active' | 'inactive' | 'committing' | 'finished' = 'active'
  /** Failures that the tab has not dealt with: a transaction with any is not committed. */
  #failures = 0
  #isTold = false
  /** Whether the disk has been told to commit, all requests before it carried out. */
  #isCommitting = false
  #onEnd: (committed: boolean) => void = () => undefined

  constructor(
    connection: Connection,
    stores: readonly string[],
    mode: IDBTransactionMode,
    durability: 'relaxed' | 'strict',
  ) {
    this.mode = mode
    this.durability = durability
    this.objectStoreNames = stores
    this.#connection = connection
    this.#database = connection.database
    this.#disk = {
      scope: new Set(stores),
      mode,
      durability,
      undo: [],
      before: new Map(),
      state: 'waiting',
      onStart: () => {
        for (const work of this.#waiting.splice(0)) work()
      },
    }
    connection.adopt(this)
    connection.send(() => this.#database.begin(this.#disk))
    this.#deactivateLater()
  }

  objectStore(name: string): SimObjectStore {
    if (this.#phase === 'finished') throw new DOMException('the transaction has ended', 'InvalidStateError')
    if (this.mode !== 'versionchange' && !this.#disk.scope.has(name))
      throw new DOMException(`"${name}" is outside the transaction`, 'NotFoundError')
    return new SimObjectStore(this, name)
  }

  commit(): void {
    if (this.#phase !== 'active') throw new DOMException('the transaction is not active', 'InvalidStateError')
    this.#requestCommit()
  }

  abort(): void {
    if (this.#phase === 'finished' || this.#phase === 'committing')
      throw new DOMException('the transaction has ended', 'InvalidStateError')
    this.#abortWith(null)
  }

  /** Called once it has ended, before its own handlers are. */
  whenEnded(then: (committed: boolean) => void): void {
    this.#onEnd = then
  }

  /** The records of a store of this database, at the disk. */
  records(name: string): Records {
    const records = this.#database.stores.get(name)
    if (!records) throw new DOMException(`there is no store "${name}"`, 'NotFoundError')
    return records
  }

  /** Changes the database itself, in an upgrade: at once, since nobody else can be there. */
  restructure(change: () => Undo): void {
    this.#mustBeActive()
    if (this.mode !== 'versionchange') throw new DOMException('no upgrade', 'InvalidStateError')
    this.#disk.undo.push(change())
  }

  /** Asks the disk for something; `request` is given again by cursors, which go on with one. */
  ask(operation: Operation, request: SimRequest = new SimRequest()): SimRequest {
    this.#mustBeActive()
    request.readyState = 'pending'
    request.transaction = this
    this.#pending.add(request)
    this.#atTheDisk(() => this.#carryOut(operation, request))
    return request
  }

  /** At the disk: whether anything can be put. */
  mustHaveRoom(): void {
    if (this.#connection.disk.weather.isFull) throw new DOMException('the disk is full', 'QuotaExceededError')
  }

  mustBeWritable(): void {
    if (this.mode === 'readonly') throw new DOMException('the transaction only reads', 'ReadOnlyError')
  }

  /** The tab is gone, or its handle: what was not being committed is taken back, and nobody is told. */
  drop(): void {
    this.#phase = 'finished'
    if (this.#isCommitting && this.#failures === 0) this.#database.commit(this.#disk)
    else this.#database.abort(this.#disk)
  }

  /** The browser takes the handle away. */
  lose(): void {
    if (this.#disk.state === 'done') return
    this.#refuse(new DOMException('the connection was closed', 'AbortError'))
  }

  #mustBeActive(): void {
    if (this.#phase !== 'active')
      throw new DOMException('the transaction is not active', 'TransactionInactiveError')
  }

  #atTheDisk(work: () => void): void {
    this.#connection.send(() => {
      if (this.#disk.state === 'waiting') this.#waiting.push(work)
      else work()
    })
  }

  #carryOut(operation: Operation, request: SimRequest): void {
    if (this.#disk.state === 'done') return
    try {
      const result = operation((undo) => this.#disk.undo.push(undo))
      this.#deliver(() => this.#succeed(request, result))
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      const reason = error
      this.#failures++
      this.#deliver(() => this.#fail(request, reason))
    }
  }

  #deliver(run: () => void): void {
    const { tab, disk } = this.#connection
    tab.post(disk.latencyMs(), run, this.#lane)
  }

  #succeed(request: SimRequest, result: unknown): void {
    if (!this.#answer(request)) return
    request.result = result
    fire(request, 'success')
  }

  #fail(request: SimRequest, reason: DOMException): void {
    if (!this.#answer(request)) return
    request.error = reason
    const isPrevented = fire(request, 'error')
    if (isPrevented) this.#failures--
    if (!isPrevented && this.#phase !== 'finished') this.#abortWith(reason)
  }

  #answer(request: SimRequest): boolean {
    if (!this.#pending.delete(request)) return false
    request.readyState = 'done'
    if (this.#phase === 'inactive') this.#phase = 'active'
    this.#deactivateLater()
    return true
  }

  #deactivateLater(): void {
    this.#connection.disk.time.atTaskEnd(() => {
      if (this.#phase !== 'active') return
      this.#phase = 'inactive'
      if (this.#pending.size === 0) this.#requestCommit()
    })
  }

  #requestCommit(): void {
    this.#phase = 'committing'
    const { disk } = this.#connection
    this.#atTheDisk(() => {
      this.#isCommitting = true
      disk.actor.post(disk.commitMs(this.durability), () => this.#commitOrNot())
    })
  }

  #commitOrNot(): void {
    if (this.#disk.state === 'done') return
    if (this.#failures > 0)
      this.#database.abort(this.#disk) // the tab is about to hear why
    else this.#endWith(this.#drawFault())
  }

  #drawFault(): Fault {
    const writes = this.mode === 'readwrite' && this.#disk.undo.length > 0
    return writes ? this.#connection.disk.drawFault() : 'none'
  }

  #endWith(fault: Fault): void {
    if (fault === 'none' || fault === 'false-abort' || fault === 'lost-completion')
      this.#database.commit(this.#disk)
    switch (fault) {
      case 'none':
        this.#deliver(() => this.#complete())
        break
      case 'abort':
        this.#refuse(new DOMException('the disk did not take it', 'UnknownError'))
        break
      case 'quota':
        this.#refuse(new DOMException('the disk is full', 'QuotaExceededError'))
        break
      case 'false-abort':
        this.#deliver(() => this.#tellAborted(new DOMException('internal error', 'UnknownError')))
        break
      case 'lost-completion':
        this.#phase = 'finished'
        this.#connection.fallSilent()
        break
      case 'closed':
        this.#connection.takeAway()
        break
    }
  }

  #refuse(reason: DOMException): void {
    this.#database.abort(this.#disk)
    this.#deliver(() => this.#tellAborted(reason))
  }

  #complete(): void {
    if (this.#phase === 'finished') return
    this.#phase = 'finished'
    this.#connection.release(this)
    this.#onEnd(true)
    fire(this, 'complete')
  }

  #abortWith(reason: DOMException | null): void {
    this.error = reason
    this.#phase = 'finished'
    this.#connection.send(() => this.#database.abort(this.#disk))
    this.#deliver(() => this.#tellAborted(reason))
  }

  #tellAborted(reason: DOMException | null): void {
    if (this.#isTold) return
    this.#isTold = true
    this.#phase = 'finished'
    this.#database.abort(this.#disk) // at the latest: the line may be cut from here on
    this.error = reason
    this.#connection.release(this)
    for (const request of this.#pending) {
      request.readyState = 'done'
      request.error = new DOMException('the transaction was aborted', 'AbortError')
      fire(request, 'error')
    }
    this.#pending.clear()
    this.#onEnd(false)
    fire(this, 'abort')
  }
}

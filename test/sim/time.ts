// Virtual time: one queue of tasks for the whole world. A task runs to its end, its microtasks with it, before the next
// begins; between tasks time jumps to when the next is due. How long things take is drawn by whoever posts them, and so is
// the interleaving: the same seed gives the same run.
//
// Tasks belong to actors: a tab, a disk, the network, the hub. A frozen actor's tasks wait until it is thawed, a dead one's
// never run.

/** Whose tasks these are. */
export interface Actor {
  readonly name: string
  readonly state: 'awake' | 'frozen' | 'dead'
  /** Runs `run` after `delayMs`, and not before what was posted to the same lane earlier. Returns how to take it back. */
  post(delayMs: number, run: () => void, lane?: Lane): () => void
  freeze(): void
  thaw(): void
  kill(): void
}

/** Tasks of one lane run in the order in which they were posted. */
export interface Lane {
  lastDueMs: number
}

export function createLane(): Lane {
  return { lastDueMs: 0 }
}

/** The clock of the world and who lives by it. */
export interface VirtualTime {
  /** Since the world began. */
  readonly nowMs: number
  /** Tasks run so far. */
  readonly tasks: number
  /** Time that work takes: it passes without a task. */
  spend(ms: number): void
  /** Runs `end` once the present task and its microtasks are through. */
  atTaskEnd(end: () => void): void
  createActor(name: string): Actor
  /** Runs the next task, when there is one. */
  runNext(): Promise<void>
  /** Runs tasks until none is due by then. */
  runFor(ms: number): Promise<void>
  /** Runs tasks until `isDone`, at most for `ms`; whether it was. */
  runUntil(isDone: () => boolean, ms: number): Promise<boolean>
  /** Takes note of something, for comparing two runs. */
  note(what: string): void
  /** A number for all that was noted and run so far. */
  readonly trace: number
}

interface Task {
  dueMs: number
  readonly order: number
  readonly actor: ActorState
  readonly run: () => void
  isCancelled: boolean
}

interface ActorState extends Actor {
  state: Actor['state']
  held: Task[]
}

/** How many of them one turn of the real event loop takes. */
const TURNS_AT_ONCE = 64
const { setImmediate } = globalThis // worlds over fake-indexeddb take the global one away
let turnsLeft = 0
let waiting: (() => void)[] = []

/**
 * Resolves when microtasks are through, as they are between two immediates. Immediates are asked for by the dozen, since a turn
 * of the real event loop costs more than most tasks.
 */
const microtasksThrough = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve)
    if (turnsLeft > 0) return
    turnsLeft = TURNS_AT_ONCE
    for (let i = 0; i < TURNS_AT_ONCE; i++) setImmediate(takeTurn)
  })

function takeTurn(): void {
  turnsLeft--
  const resolved = waiting
  waiting = []
  for (const resolve of resolved) resolve()
}

/** Runs tasks as they come until told to stop, for tests that wait for answers by themselves. */
export function keepRunning(time: VirtualTime): () => void {
  let isStopped = false
  const run = async (): Promise<void> => {
    while (!isStopped) {
      await time.runNext()
      await microtasksThrough()
    }
  }
  void run()
  return () => {
    isStopped = true
  }
}

/** Starts at 0. */
export function createVirtualTime(): VirtualTime {
  const queue = createTaskQueue()
  let nowMs = 0
  let tasks = 0
  let order = 0
  let trace = 0
  let ends: (() => void)[] = []
  const note = (what: string): void => {
    for (let i = 0; i < what.length; i++) trace = Math.imul(trace ^ what.charCodeAt(i), 16_777_619) | 0
  }

  const createActor = (name: string): Actor => {
    const actor: ActorState = {
      name,
      state: 'awake',
      held: [],
      post: (delayMs, run, lane) => {
        let dueMs = nowMs + delayMs
        if (lane) dueMs = lane.lastDueMs = Math.max(dueMs, lane.lastDueMs)
        const task: Task = { dueMs, order: order++, actor, run, isCancelled: false }
        if (actor.state !== 'dead') queue.push(task)
        return () => {
          task.isCancelled = true
        }
      },
      freeze: () => {
        if (actor.state === 'awake') actor.state = 'frozen'
      },
      thaw: () => {
        if (actor.state !== 'frozen') return
        actor.state = 'awake'
        for (const task of actor.held.splice(0)) {
          task.dueMs = nowMs
          queue.push(task)
        }
      },
      kill: () => {
        actor.state = 'dead'
        actor.held = []
      },
    }
    return actor
  }

  const runTask = async (task: Task): Promise<void> => {
    if (task.isCancelled || task.actor.state === 'dead') return
    if (task.actor.state === 'frozen') {
      task.actor.held.push(task)
      return
    }
    tasks++
    note(task.actor.name)
    task.run()
    await microtasksThrough()
    while (ends.length > 0) {
      const due = ends
      ends = []
      for (const end of due) end()
      await microtasksThrough()
    }
  }
  const runNext = async (): Promise<void> => {
    const next = queue.pop()
    if (!next) return
    nowMs = Math.max(nowMs, next.dueMs)
    await runTask(next)
  }
  const runUntil = async (isDone: () => boolean, ms: number): Promise<boolean> => {
    const endMs = nowMs + ms
    while (!isDone() && (queue.peek()?.dueMs ?? Number.POSITIVE_INFINITY) <= endMs) await runNext()
    if (isDone()) return true
    nowMs = Math.max(nowMs, endMs)
    return false
  }

  return {
    get nowMs() {
      return nowMs
    },
    get tasks() {
      return tasks
    },
    get trace() {
      return trace
    },
    spend: (ms) => {
      nowMs += ms
    },
    atTaskEnd: (end) => ends.push(end),
    createActor,
    runFor: async (ms) => {
      await runUntil(() => false, ms)
    },
    runNext,
    runUntil,
    note,
  }
}

interface TaskQueue {
  push(task: Task): void
  peek(): Task | undefined
  pop(): Task | undefined
}

/** A binary heap, by when a task is due and then by when it was posted. */
function createTaskQueue(): TaskQueue {
  const heap: Task[] = []
  const isBefore = (a: Task, b: Task): boolean =>
    a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
  const swap = (i: number, k: number): void => {
    const task = heap[i]!
    heap[i] = heap[k]!
    heap[k] = task
  }
  const sink = (from: number): void => {
    for (let i = from; ; ) {
      let least = i
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child
      if (least === i) return
      swap(i, least)
      i = least
    }
  }
  return {
    push: (task) => {
      heap.push(task)
      for (let i = heap.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1
        if (!isBefore(heap[i]!, heap[parent]!)) return
        swap(i, parent)
        i = parent
      }
    },
    peek: () => heap[0],
    pop: () => {
      const [first] = heap
      const last = heap.pop()
      if (!last || heap.length === 0) return first
      heap[0] = last
      sink(0)
      return first
    },
  }
}

/**
 * Which experiments a visitor has done and whether the first prediction was right, kept in this browser for the list of them.
 * Where the browser keeps nothing, it is remembered as long as the page is open.
 */
import * as v from 'valibot'

const entry = v.object({
  /** How the first prediction came out; nothing while none was made. */
  predicted: v.exactOptional(v.picklist(['right', 'wrong'])),
})
const stored = v.record(v.string(), entry)

export type Progress = Readonly<Record<string, Readonly<v.InferOutput<typeof entry>>>>

const KEY = 'headwater.experiments'
const listeners = new Set<() => void>()
let progress: Progress | undefined

export function getProgress(): Progress {
  progress ??= read()
  return progress
}

export function subscribeToProgress(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Notes that an experiment came to its end; `isRight` is what became of the prediction, if there was one. */
export function noteRun(slug: string, isRight: boolean | undefined): void {
  const before = getProgress()[slug]
  const first = isRight === undefined ? {} : { predicted: isRight ? ('right' as const) : ('wrong' as const) }
  progress = { ...getProgress(), [slug]: { ...first, ...before } }
  write(progress)
  for (const listener of listeners) listener()
}

function read(): Progress {
  try {
    const parsed = v.safeParse(stored, JSON.parse(localStorage.getItem(KEY) ?? '{}'))
    return parsed.success ? parsed.output : {}
  } catch {
    return {} // what is kept there is not ours, or the browser keeps nothing for this page
  }
}

function write(all: Progress): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(all))
  } catch {
    // The browser keeps nothing for this page: it is remembered until the page is closed.
  }
}

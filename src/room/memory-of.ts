/** What a view takes in memory, in words: a number only where it is one of its own. */
import { formatBytes } from '../format.ts'
import type { ViewStatus } from './use-view-status.ts'

interface Memory {
  readonly value: string
  readonly note: string
}

export function memoryOf({
  kind,
  memoryBytes,
  unmade,
}: Pick<ViewStatus, 'kind' | 'memoryBytes' | 'unmade'>): Memory {
  if (kind === 'aggregate') return { value: '–', note: "counted with its table's" }
  if (unmade) return { value: 'none yet', note: 'the first search waits for it' }
  return {
    value: formatBytes(memoryBytes),
    note: kind === 'search' ? 'the whole index' : 'beside the snapshot',
  }
}

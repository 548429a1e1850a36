/**
 * An event in a few words, for the log and the history of an issue. It is told from the stored data, which may come from
 * an import and be of another build, so nothing is taken for granted about its shape.
 */
import type { HistoryEntry } from 'headwater'

const SAID_LENGTH = 120

/** `Elif Demir assigned it to June Park`. */
export function describeEvent({ type, data }: Pick<HistoryEntry, 'type' | 'data'>): string {
  if (type.startsWith('headwater.document.')) return 'Somebody wrote in a description'
  const read = readerOf(data)
  const by = read('by') || 'Somebody'
  switch (type) {
    case 'issue.opened':
      return `${by} opened “${read('title')}”`
    case 'issue.edited':
      return `${by} changed ${changesOf(read, data)}`
    case 'issue.described':
      return `${by} began to write in the description`
    case 'issue.assigned':
      return read('assignee') ? `${by} assigned ${read('assignee')}` : `${by} took the assignment back`
    case 'issue.closed':
      return `${by} closed it`
    case 'issue.reopened':
      return `${by} opened it again`
    case 'issue.deleted':
      return `${by} deleted it`
    case 'issue.restored':
      return `${by} took the deletion back`
    case 'comment.added':
      return `${by} said “${cut(read('text'))}”`
    case 'comment.removed':
      return `${by} took a comment back`
    default:
      return `${by}: ${cut(JSON.stringify(data))}`
  }
}

type Read = (name: string) => string

function readerOf(data: HistoryEntry['data']): Read {
  return (name) => {
    const value = typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
}

function changesOf(read: Read, data: HistoryEntry['data']): string {
  const changed = (name: string): boolean =>
    typeof data === 'object' && data !== null && Object.hasOwn(data, name)
  const parts = [
    changed('title') ? `the title to “${cut(read('title'))}”` : '',
    changed('points') ? `the points to ${read('points')}` : '',
    changed('labels') ? 'the labels' : '',
    changed('body') ? 'the description' : '',
  ]
  return parts.filter(Boolean).join(', ') || 'nothing'
}

const cut = (text: string): string =>
  text.length > SAID_LENGTH ? `${text.slice(0, SAID_LENGTH - 1)}…` : text

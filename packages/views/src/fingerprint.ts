/**
 * Fingerprints: what a base was folded by, as short text. Any difference means another base, and so a rebuild; equal
 * fingerprints promise that the stored state can be used. Functions cannot be compared, so an author raises `version` when
 * one changes.
 */
import type {
  AggregateDefinition,
  DocumentsDefinition,
  SearchDefinition,
  TableDefinition,
} from './definition.ts'
import { digestJson } from './digest.ts'

/** Of a table: its name, version, and the event types that it folds with their versions. */
export function tableFingerprint({ name, version, rules }: TableDefinition): string {
  const events = rules.map(({ event }) => [event.type, event.version] as const)
  return `${name}@${digestJson(['table', version, ...events.sort(([a], [b]) => (a < b ? -1 : 1))])}`
}

/** Of an aggregate: name, version, its table's fingerprint, and its measures. */
export function aggregateFingerprint({ name, version, table, measures }: AggregateDefinition): string {
  const kinds = Object.entries(measures).map(([key, { kind, fraction }]) => [key, kind, fraction ?? null])
  return digestJson(['aggregate', name, version, tableFingerprint(table), ...kinds])
}

/** Of a search index: name, version, its table's fingerprint, fields and weights. */
export function searchFingerprint({ name, version, table, fields, documents }: SearchDefinition): string {
  const texts = Object.entries(documents).map(([field, of]) => [field, documentsFingerprint(of)])
  const parent = texts.length > 0 ? [tableFingerprint(table), ...texts] : tableFingerprint(table)
  return `${name}@${digestJson(['search', version, parent, fields])}`
}

/** Of a view of documents: its name, its version, and that of its events. */
export function documentsFingerprint({ name, version, event }: DocumentsDefinition): string {
  return `${name}@${digestJson(['documents', version, event.version])}`
}

/** Of a group: its table's fingerprint and the parts kept beside the rows, in whatever order they are defined. */
export function lineageFingerprint(family: string, parts: readonly string[]): string {
  return `${family}/${digestJson(['group', ...[...parts].sort()])}`
}

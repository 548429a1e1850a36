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

/**
 * Of a table: its name, version, the event types that it folds with their versions, and `build`: all event types of the
 * definition with their versions. Which commits are passed over depends on all of them, so that a build that knows another
 * type, or another version of one, folds its views anew; what was passed over is judged again then.
 */
export function tableFingerprint({ name, version, rules }: TableDefinition, build: string): string {
  const events = rules.map(({ event }) => [event.type, event.version] as const)
  return `${name}@${digestJson(['table', version, build, ...events.sort(([a], [b]) => (a < b ? -1 : 1))])}`
}

/** Of an aggregate: name, version, its table's fingerprint, and its measures. */
export function aggregateFingerprint(
  { name, version, table, measures }: AggregateDefinition,
  build: string,
): string {
  const kinds = Object.entries(measures).map(([key, { kind, fraction }]) => [key, kind, fraction ?? null])
  return digestJson(['aggregate', name, version, tableFingerprint(table, build), ...kinds])
}

/** Of a search index: name, version, its table's fingerprint, fields and weights. */
export function searchFingerprint(
  { name, version, table, fields, documents }: SearchDefinition,
  build: string,
): string {
  const texts = Object.entries(documents).map(([field, of]) => [field, documentsFingerprint(of, build)])
  const ofTable = tableFingerprint(table, build)
  const parent = texts.length > 0 ? [ofTable, ...texts] : ofTable
  return `${name}@${digestJson(['search', version, parent, fields])}`
}

/** Of a view of documents: its name, its version, that of its events, and `build`, as for a table. */
export function documentsFingerprint({ name, version, event }: DocumentsDefinition, build: string): string {
  return `${name}@${digestJson(['documents', version, build, event.version])}`
}

/** Of a group: its table's fingerprint and the parts kept beside the rows, in whatever order they are defined. */
export function lineageFingerprint(family: string, parts: readonly string[]): string {
  return `${family}/${digestJson(['group', ...[...parts].sort()])}`
}

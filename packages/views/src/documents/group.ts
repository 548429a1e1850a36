/**
 * A view of documents as a group: a definition that shares a table's stored state, checkpoints, adoption and rebuilds, and
 * the kind that folds documents into it, whose runtime is loaded when the group is opened.
 */
import type { DocumentsDefinition } from '../definition.ts'
import { documentsFingerprint, lineageFingerprint } from '../fingerprint.ts'
import type { GroupDefinition } from '../group/definition.ts'
import type { GroupKind } from '../group/kind.ts'
import type { FoldWatch } from '../group/watch.ts'
import { notLoaded } from '../not-loaded.ts'
import { table } from '../table/define.ts'
import { DOCUMENT_MAPS } from './stored.ts'

/** The group of a view of documents. Its table is there for its name, its event type and its keys: nothing is folded by it. */
export function defineDocumentsGroup(definition: DocumentsDefinition, build: string): GroupDefinition {
  const { name, version, event } = definition
  const family = documentsFingerprint(definition, build)
  return {
    table: table(name, { version }).on(event, (row) => row),
    aggregates: [],
    parts: [],
    family,
    lineage: lineageFingerprint(family, []),
    reuse: (map) => DOCUMENT_MAPS.includes(map),
  }
}

/** The kind of it. */
export function createDocumentsKind(
  definition: DocumentsDefinition,
  watch: FoldWatch | undefined,
): GroupKind {
  let runtime: typeof import('./runtime.ts') | undefined
  return {
    kind: 'documents',
    maps: DOCUMENT_MAPS,
    async load() {
      try {
        runtime ??= (await definition.load()) as typeof import('./runtime.ts') // as `documents` has defined it
      } catch (cause) {
        throw notLoaded('merges', definition.name, cause)
      }
    },
    fold: (core, batch, pace) => runtime!.foldDocuments({ core, pace, watch }, batch),
    answer: (core, request) => runtime!.answerDocuments(core, request),
    digests: (core, turn) => runtime!.documentDigests(core, turn),
  }
}

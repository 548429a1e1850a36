/**
 * The digests of a view's documents, in the order of their ids: what `verify` compares and replicas agree in. What waits is
 * part of it, by its count; what was quarantined is not, since it is one build's judgement.
 */
import { digestText } from '../digest.ts'
import type { GroupCore } from '../group/core.ts'
import { ROWS } from '../table/maps.ts'
import { documentsOf } from './cache.ts'
import { digestOf } from './content.ts'
import { loadDocument } from './loaded.ts'
import { readDocument } from './stored.ts'

const KEYS_AT_ONCE = 256

/** The digest of each document that holds anything. */
export async function* documentDigests(
  core: GroupCore,
  turn: () => Promise<void>,
): AsyncIterable<readonly [key: string, digest: string]> {
  let after: string | undefined
  for (;;) {
    const keys = await readKeys(core, after)
    for (const key of keys) {
      yield [key, await digestDocument(core, key)]
      await turn()
    }
    after = keys.at(-1)
    if (keys.length < KEYS_AT_ONCE) return
  }
}

function readKeys(
  core: GroupCore,
  after: string | undefined,
): readonly string[] | Promise<readonly string[]> {
  return core.state.read((reader) => {
    const keys: string[] = []
    const range = after === undefined ? {} : { gt: after }
    reader.range(ROWS, range, (key) => keys.push(key) < KEYS_AT_ONCE)
    return keys
  })
}

async function digestDocument(core: GroupCore, id: string): Promise<string> {
  const known = documentsOf(core).get(id)
  const loaded = known ?? loadDocument(id, await core.state.read((reader) => readDocument(reader, id)))
  const digest = digestText(`${digestOf(loaded.doc)} ${loaded.row.waiting} ${loaded.row.parts}`)
  if (known === undefined) loaded.doc.destroy()
  return digest
}

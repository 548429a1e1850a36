/**
 * What a document holds, read without touching it: its text, and its content as JSON for digests. Root types have no kind
 * before somebody asks for one, and asking changes them; so the structure is walked as it lies in memory.
 */
import type { Json } from '@headwater/log'
import * as Y from 'yjs'
import { canonicalJson, digestText } from '../digest.ts'
import { bytesToText } from './base64.ts'
import { deleteSet, stateVector } from './merging.ts'

type Type = Y.Doc['share'] extends Map<string, infer Root> ? Root : never

/**
 * The text of a document, or of one of its root types: texts and elements in the order in which they stand, a line break
 * between two blocks, roots in the order of their names. What is no text (numbers, embeds, attributes, entries of maps) is
 * left out; the texts inside of lists and maps are not.
 */
export function textOf(doc: Y.Doc, root?: string): string {
  const names = root === undefined ? [...doc.share.keys()].sort() : [root]
  const blocks: string[] = []
  for (const name of names) {
    const type: Type | undefined = doc.share.get(name)
    if (type) addBlocks(type, blocks)
  }
  return blocks.join('\n')
}

function addBlocks(type: Type, blocks: string[]): void {
  let run = ''
  const endRun = (): void => {
    if (run !== '') blocks.push(run)
    run = ''
  }
  for (const { content } of visibleItems(type)) {
    if (content instanceof Y.ContentString) run += content.str
    else if (content instanceof Y.ContentType) {
      endRun()
      addBlocks(content.type, blocks)
    }
  }
  endRun()
  for (const [, { content }] of visibleEntries(type)) {
    if (content instanceof Y.ContentType) addBlocks(content.type, blocks)
  }
}

/**
 * A digest of a document: of its state vector, its delete set and its content, each sorted. Never of update bytes, which
 * say the same in many ways.
 */
export function digestOf(doc: Y.Doc): string {
  const vector = [...stateVector(doc)].sort(([a], [b]) => a - b)
  const deleted = [...deleteSet(doc)].sort(([a], [b]) => a - b)
  const names = [...doc.share.keys()].sort()
  const content = names.map((name): Json => [name, contentOf(doc.share.get(name)!)])
  return digestText(canonicalJson([vector, deleted, content.filter((root) => !isEmptyRoot(root))]))
}

/** A root that was asked for and holds nothing is no difference. */
function isEmptyRoot(root: Json): boolean {
  return canonicalJson(Array.isArray(root) ? (root[1] ?? null) : null) === canonicalJson(EMPTY)
}

const EMPTY: Json = { list: [], map: [] }

/** What a type holds, nested types in it. */
export function contentOf(type: Type): Json {
  const list: Json[] = []
  let run = ''
  const endRun = (): void => {
    if (run !== '') list.push({ text: run })
    run = ''
  }
  for (const { content } of visibleItems(type)) {
    if (content instanceof Y.ContentString) run += content.str
    else {
      endRun()
      list.push(...valuesOf(content))
    }
  }
  endRun()
  const map = [...visibleEntries(type)].map(([name, { content }]): Json => [name, lastOf(valuesOf(content))])
  return { list, map }
}

function valuesOf(content: Y.Item['content']): readonly Json[] {
  if (content instanceof Y.ContentType) return [{ [nameOf(content.type)]: contentOf(content.type) }]
  if (content instanceof Y.ContentFormat) return [{ format: content.key, value: plain(content.value) }]
  if (content instanceof Y.ContentString) return [{ text: content.str }]
  return content.getContent().map((value) => ({ value: plain(value) }))
}

function nameOf(type: Type): string {
  if (type instanceof Y.XmlElement) return `element ${type.nodeName}`
  if (type instanceof Y.XmlText) return 'xml text'
  if (type instanceof Y.XmlFragment) return 'fragment'
  if (type instanceof Y.Text) return 'text'
  if (type instanceof Y.Array) return 'array'
  return type instanceof Y.Map ? 'map' : 'type'
}

/** Values are JSON, but for bytes, big numbers and documents inside of documents. */
function plain(value: unknown): Json {
  const text = JSON.stringify(value, (_name, member: unknown) => {
    if (member instanceof Uint8Array) return { bytes: bytesToText(member) }
    if (typeof member === 'bigint') return { big: String(member) }
    return member instanceof Y.Doc ? { document: member.guid } : member
  })
  return text === undefined ? null : (JSON.parse(text) as Json)
}

function lastOf(values: readonly Json[]): Json {
  return values.at(-1) ?? null
}

function* visibleItems(type: Type): Iterable<Y.Item> {
  for (let item = type._start; item; item = item.right) if (!item.deleted) yield item
}

function* visibleEntries(type: Type): Iterable<readonly [string, Y.Item]> {
  for (const name of [...type._map.keys()].sort()) {
    const item = type._map.get(name)
    if (item && !item.deleted) yield [name, item]
  }
}

// Any draft of the model, about one of three keys, so that most events meet others.
import type { Draft } from '@headwater/log'
import fc from 'fast-check'
import { Adjusted, Closed, Deleted, Doubled, Moved, Opened } from './world.ts'

const id = fc.constantFrom('a', 'b', 'c')
const points = fc.integer({ min: -64, max: 64 })
export const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.record({ id, points, owner: fc.constantFrom('ann', 'bob') }).map((data): Draft => Opened(data)),
  fc.record({ id, points }).map((data): Draft => Adjusted(data)),
  fc.record({ from: id, to: id, points }).map((data): Draft => Moved(data)),
  ...[Doubled, Closed, Deleted].map((type) => fc.record({ id }).map((data): Draft => type(data))),
)

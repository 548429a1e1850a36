// Addresses of the demo page: what a link says is what the page understands.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hrefOf, parseRoute, type Route } from '../../src/route.ts'

const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record({
    page: fc.constantFrom('board', 'numbers', 'room', 'experiments'),
    issue: fc.constant(undefined),
    within: fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 3 }),
    status: fc.constant('all'),
    assignee: fc.constant(undefined),
    label: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
    columns: fc.constantFrom('status', 'assignee'),
  }),
  fc.record({
    page: fc.constant('issues'),
    issue: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: undefined }),
    within: fc.constant([]),
    status: fc.constantFrom('all', 'open', 'closed'),
    assignee: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
    label: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
    columns: fc.constantFrom('status', 'assignee'),
  }),
)

test('a route survives its address, whatever people and issues are called', () => {
  fc.assert(
    fc.property(routes, (route) => {
      expect(parseRoute(hrefOf(route))).toEqual(route)
    }),
    { seed: 20261122 },
  )
})

test('an address that spells nothing is the list of issues', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#/issues/%E0%A4%A', '#/issues?status=lost']) {
    expect(parseRoute(hash)).toEqual({
      page: 'issues',
      issue: undefined,
      within: [],
      status: 'all',
      assignee: undefined,
      label: undefined,
      columns: 'status',
    })
  }
})

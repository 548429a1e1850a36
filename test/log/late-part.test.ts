// Parts of the code that are loaded when they are first needed.
import { latePart } from '@headwater/log'
import { expect, test } from 'vitest'

test('a part is loaded once, whoever asks; one that did not come says so by name and is asked for again (D4)', async () => {
  const gone = new TypeError('Failed to fetch dynamically imported module')
  let calls = 0
  const part = latePart('drawing', async () => {
    calls++
    if (calls === 1) throw gone
    return { calls }
  })
  const refused = { code: 'PART_UNAVAILABLE', facts: { part: 'drawing' }, cause: gone }
  const [one, two] = [part(), part()]
  await expect(one).rejects.toMatchObject(refused)
  await expect(two).rejects.toMatchObject(refused)
  const [three, four] = await Promise.all([part(), part()])
  expect(three).toEqual({ calls: 2 })
  expect(four).toBe(three)
})

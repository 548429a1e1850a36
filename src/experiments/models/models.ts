/** The models that the worker of the experiments serves, by the name of their definition. */
import type { DatabaseDefinition } from 'headwater'
import { cafePrepared, cafeTrusting } from './bills.ts'
import { cafe } from './cafe.ts'
import { menuBoard } from './menu.ts'
import { cafeMended, cafeMistaken } from './mistaken-takings.ts'
import { newPriceList, oldPriceList } from './prices.ts'
import { cafeBefore, cafeWithRegulars } from './regulars.ts'
import { cafeSlow } from './slow-notes.ts'

const models: readonly DatabaseDefinition[] = [
  cafe,
  cafeMistaken,
  cafeMended,
  cafeBefore,
  cafeWithRegulars,
  cafeTrusting,
  cafePrepared,
  cafeSlow,
  menuBoard,
  oldPriceList,
  newPriceList,
]

export function mustGetModel(name: string): DatabaseDefinition {
  const model = models.find((one) => one.name === name)
  if (model === undefined) throw new Error(`No model of the experiments is called "${name}".`)
  return model
}

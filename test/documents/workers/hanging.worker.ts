// A worker in which merging an update that holds a certain embed never ends, as a fault in a library would have it.
import { serve } from 'headwater/worker'
import { pad } from '../model.ts'

const HANGS = JSON.stringify({ loops: 'for ever' })
const parse = JSON.parse
JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]): unknown => {
  while (text === HANGS);
  return parse(text, reviver)
}

serve(pad)

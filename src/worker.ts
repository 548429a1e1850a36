import { serve } from 'headwater/worker'
import { tracker } from './model.ts'
import { isSwitchMessage, makeBreakable } from './room/break/breakable.ts'

const broken = new Set<string>()
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isSwitchMessage(data)) return
  broken.clear()
  for (const name of data.broken) broken.add(name)
})

serve(makeBreakable(tracker, broken))

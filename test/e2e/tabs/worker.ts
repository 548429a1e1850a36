// The worker of the tabs' test.
import { serve } from 'headwater/worker'
import { counters } from './model.ts'

serve(counters)

import { serve } from 'headwater/worker'
import { tracker } from './model.ts'

serve(tracker)

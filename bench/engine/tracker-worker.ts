/** The worker file that an app has. */
import { serve } from 'headwater/worker'
import { tracker } from './model.ts'

serve(tracker)

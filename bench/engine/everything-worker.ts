/** The worker file that an app has. */
import { serve } from 'headwater/worker'
import { everything } from './model.ts'

serve(everything)

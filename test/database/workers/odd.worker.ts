// A worker whose folds misbehave, and which throws outside of any call when it is told to.
import { serve } from 'headwater/worker'
import { odd } from '../odd-model.ts'

serve(odd)

/** The worker of all experiments: its name says which of the models it serves. */
import { serve } from 'headwater/worker'
import { mustGetModel } from './models/models.ts'

serve(mustGetModel(self.name))

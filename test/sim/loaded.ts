// What the packages load when they first need it. A simulated world has it from the beginning, since loading takes real time,
// of which there is none here.

import '../../packages/headwater/src/documents/open.ts'
import '../../packages/headwater/src/engine/sync/start.ts'
import '../../packages/headwater/src/transfer/export.ts'
import '../../packages/headwater/src/transfer/import.ts'
import '../../packages/log/src/indexeddb/with-others.ts'
import '../../packages/views/src/documents/runtime.ts'
import '../../packages/views/src/search/view.ts'
import '../../packages/views/src/verify.ts'

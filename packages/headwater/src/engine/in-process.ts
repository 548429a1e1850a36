/** What a page without a worker loads when it opens a database: the engine and its platform. Loaded dynamically only. */
export { createPlatform } from '../platform.ts'
export { createSwitchboard } from './switchboard.ts'

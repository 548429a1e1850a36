// Makes a fresh clone ready: installs the dependencies when they are missing or the lock changed, and finds or
// installs a browser for the tests. Needs nothing but Node's built-ins, does nothing when everything is there,
// and says in one sentence what it does. `node scripts/ensure.mjs [--browser] [--bench]`
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Names under which a Chromium may be on PATH. */
const browserNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
]

/** Where installers put a Chromium without touching PATH. */
const wellKnownPaths = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * The Chromium that the tests use: HEADWATER_BROWSER or CHROME_PATH, then PATH, the usual places, and
 * Playwright's own cache. Undefined when there is none. A variable that names no program is an error.
 * @returns {string | undefined}
 */
export function findBrowser() {
  for (const variable of ['HEADWATER_BROWSER', 'CHROME_PATH']) {
    const path = process.env[variable]
    if (!path) continue
    if (!isProgram(path))
      fail(`${variable} names ${path}, which is not a program`, 'Correct the variable or unset it.')
    return path
  }
  return browserOnPath() ?? wellKnownPaths.find(isProgram) ?? browserInPlaywrightCache()
}

/** @returns {string | undefined} */
function browserOnPath() {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of browserNames) {
      const path = join(folder, name + suffix)
      if (folder !== '' && isProgram(path)) return path
    }
  }
  return undefined
}

/** @returns {string | undefined} */
function browserInPlaywrightCache() {
  const newestFirst = listFolder(playwrightCache())
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort()
    .reverse()
  const insideBuild = [
    ['chrome-linux', 'chrome'],
    ['chrome-linux64', 'chrome'],
    ['chrome-mac', 'Chromium.app', 'Contents', 'MacOS', 'Chromium'],
    ['chrome-win', 'chrome.exe'],
    ['chrome-win64', 'chrome.exe'],
  ]
  return newestFirst
    .flatMap((build) => insideBuild.map((parts) => join(playwrightCache(), build, ...parts)))
    .find(isProgram)
}

/** @returns {string} */
function playwrightCache() {
  if (process.env.PLAYWRIGHT_BROWSERS_PATH) return process.env.PLAYWRIGHT_BROWSERS_PATH
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ms-playwright')
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright')
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright')
}

/** @param {string} folder */
function ensureDependencies(folder) {
  if (isInstalled(folder)) return
  const name = resolve(folder) === resolve(root) ? 'dependencies' : 'dependencies of bench/'
  const isFresh = !existsSync(join(folder, 'node_modules'))
  say(`Installing the ${name} with npm, because ${isFresh ? 'they are missing' : 'the lock changed'}.`)
  const flags = ['--no-audit', '--no-fund', '--loglevel=error']
  const isCleanInstall = isFresh && existsSync(join(folder, 'package-lock.json'))
  if (isCleanInstall && run('npm', ['ci', ...flags], folder)) return
  if (run('npm', ['install', ...flags], folder)) return
  fail(
    `npm could not install the ${name}`,
    'Check that the npm registry can be reached (npm ping), then run npm install by hand.',
  )
}

/**
 * Whether node_modules holds what the lock says, told from npm's own record of what it installed.
 * @param {string} folder
 */
function isInstalled(folder) {
  const record = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const lock = join(folder, 'package-lock.json')
  if (!existsSync(lock)) return true
  const installed = lockedPackages(record)
  return Object.entries(lockedPackages(lock)).every(
    ([path, wanted]) =>
      !path.startsWith('node_modules/') || wanted.optional || installed[path]?.version === wanted.version,
  )
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function lockedPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages
}

function ensureBrowser() {
  if (findBrowser() !== undefined) return
  if (aptIsOurs()) {
    say("Installing Debian's package chromium for the tests, because no browser was found.")
    run('apt-get', ['update', '-qq'], root)
    run('apt-get', ['install', '-y', '-qq', 'chromium'], root)
    if (findBrowser() !== undefined) return
  }
  say('Installing Chromium with Playwright for the tests, because no browser was found.')
  run('npx', ['playwright', 'install', 'chromium'], root)
  if (findBrowser() !== undefined) return
  fail(
    'The tests need Chromium, and none could be found or installed',
    'Install one and name its program in HEADWATER_BROWSER.',
  )
}

/** Whether Debian's package manager is here and we may use it. */
function aptIsOurs() {
  return process.platform === 'linux' && process.getuid?.() === 0 && isProgram('/usr/bin/apt-get')
}

/** The last lines of what failed, in case that nothing else helps either. */
let lastFailure = ''

/**
 * Runs a program silently. Returns whether it succeeded.
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 */
function run(program, args, cwd) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const isWindows = process.platform === 'win32'
  const result = spawnSync(program, args, { cwd, env: environment, encoding: 'utf8', shell: isWindows })
  if (result.status === 0) return true
  const output = (result.stderr || result.error?.message || '').trimEnd().split('\n').slice(-10).join('\n')
  lastFailure = `${program} ${args.join(' ')}:\n${output}`
  return false
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** @param {string} folder */
function listFolder(folder) {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** @param {string} sentence */
function say(sentence) {
  process.stdout.write(`${sentence}\n`)
}

/**
 * @param {string} what
 * @param {string} hint
 * @returns {never}
 */
function fail(what, hint) {
  throw new Error(`${lastFailure}\n${what}. ${hint}`.trimStart())
}

function main() {
  ensureDependencies(root)
  if (process.argv.includes('--bench')) ensureDependencies(join(root, 'bench'))
  if (process.argv.includes('--browser')) ensureBrowser()
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    main()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
}

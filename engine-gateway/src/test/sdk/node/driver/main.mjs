// Runs the scenarios named by III_SCENARIOS (comma separated) in that order against the engine at III_URL and prints
// one JSON line for each. `HARNESS <wish>` on stdout asks the harness for something; it answers with a line on stdin.
import { createInterface } from 'node:readline'
import { open } from './client.mjs'
import { within } from './deadline.mjs'
import { scenarios } from './scenarios.mjs'

const { III_SDK, III_URL, III_HTTP_URL, III_PROXY_URL, III_RUN, III_SCENARIOS, III_LEGACY_LISTS } = process.env
const DEADLINE_MS = 75_000
// The restart comes when all drivers wait for it.
const RESTART_DEADLINE_MS = 600_000

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
async function harness(wish) {
  process.stdout.write(`HARNESS ${wish}\n`)
  await answers.next()
}

// An error thrown by an SDK outside any call must show up as a failed scenario, not end the driver.
let stray
process.on('unhandledRejection', error => (stray = error))

const bench = {
  name: III_RUN,
  path: III_RUN,
  httpUrl: III_HTTP_URL,
  proxyUrl: III_PROXY_URL,
  legacyLists: III_LEGACY_LISTS === 'true',
  id: name => `${III_RUN}::${name}`,
  harness,
  a: open(III_URL, `${III_RUN}-a`, { quiet: false }),
  b: open(III_URL, `${III_RUN}-b`),
}

let failed = 0
for (const name of III_SCENARIOS.split(',')) {
  const began = Date.now()
  let ok = true
  let detail
  try {
    if (!scenarios[name]) throw new Error('this driver has no such scenario')
    detail = await within(name === 'restart' ? RESTART_DEADLINE_MS : DEADLINE_MS, scenarios[name](bench))
    if (stray) throw stray
  } catch (error) {
    ok = false
    failed++
    stray = undefined
    detail = error?.stack ?? JSON.stringify(error)
  }
  const line = { sdk: III_SDK, scenario: name, ok, ms: Date.now() - began }
  if (typeof detail === 'string') line.detail = detail
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

await within(5_000, Promise.all([bench.a.close(), bench.b.close()])).catch(() => {})
process.exit(failed === 0 ? 0 : 1)

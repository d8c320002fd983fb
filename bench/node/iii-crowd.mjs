/** Many idle workers in one process. Arguments: the engine's address, workers, functions of each. */
import { registerWorker } from 'iii-sdk'
import { serveNothing, untilAnswered } from './load-server.mjs'

const [address, workers, functions] = process.argv.slice(2)
const options = { otel: { enabled: false }, enableMetricsReporting: false }
let last
for (let w = 0; w < Number(workers); w++) {
  last = registerWorker(address, { workerName: `crowd-${w}`, ...options })
  for (let f = 0; f < Number(functions); f++) last.registerFunction(`crowd::w${w}_f${f}`, async (input) => input)
  // Let sockets open as they come, so that a burst does not outlast the time for a handshake.
  if (w % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 20))
}
const answers = (w) => last.trigger({ function_id: `crowd::w${w}_f${functions - 1}`, payload: {} })
for (let w = 0; w < Number(workers); w += 50) await untilAnswered(() => answers(w))
await untilAnswered(() => answers(workers - 1))
await serveNothing()

/** Jobs by one connection that serves and another that enqueues. Argument: the engine's address. */
import { registerWorker, TriggerAction } from 'iii-sdk'
import { serve, untilAnswered } from './load-server.mjs'
import { payload } from './payload.mjs'

const worker = registerWorker(process.argv[2], { workerName: 'bench-node-jobs-worker' })
const caller = registerWorker(process.argv[2], { workerName: 'bench-node-jobs-caller' })
const waiting = new Map()
worker.registerFunction('bench::node_job', async (job) => {
  waiting.get(job.number)?.()
  waiting.delete(job.number)
  return null
})
let number = 0
const ask = () =>
  new Promise((resolve, reject) => {
    const own = ++number
    waiting.set(own, resolve)
    caller
      .trigger({
        function_id: 'bench::node_job',
        payload: { ...payload, number: own },
        action: TriggerAction.Enqueue({ queue: 'bench-jobs' }),
      })
      .catch(reject)
  })
await untilAnswered(ask)
await serve(ask)

/** The same jobs with BullMQ: one queue that a worker serves, one that nobody does. Argument: the port of Redis. */
import { createInterface } from 'node:readline'
import { Queue, Worker } from 'bullmq'
import { closedLoop } from '../closed-loop.mjs'
import { payload } from '../payload.mjs'

const connection = { host: '127.0.0.1', port: Number(process.argv[2]), maxRetriesPerRequest: null }
const options = { removeOnComplete: true, removeOnFail: true, attempts: 3 }
const jobs = new Queue('jobs', { connection })
const kept = new Queue('kept', { connection })
const waiting = new Map()
new Worker(
  'jobs',
  async (job) => {
    waiting.get(job.data.number)?.()
    waiting.delete(job.data.number)
  },
  { connection, concurrency: 1000 },
)
let number = 0
const run = () =>
  new Promise((resolve, reject) => {
    const own = ++number
    waiting.set(own, resolve)
    jobs.add('job', { ...payload, number: own }, options).catch(reject)
  })
const keep = () => kept.add('job', payload, options)
await run()
const reply = (value) => process.stdout.write(`=> ${JSON.stringify(value)}\n`)
reply({ ready: true })
for await (const line of createInterface({ input: process.stdin })) {
  const [scenario, inFlight, millis] = line.split(' ')
  reply(await closedLoop(scenario === 'enqueue' ? keep : run, Number(inFlight), Number(millis)))
  await kept.obliterate({ force: true })
}
process.exit(0)

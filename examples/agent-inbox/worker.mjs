// An agent that answers its mail. HTTP puts messages in an inbox, a durable topic; the agent takes them out one by one and is
// asked again when it fails; whoever wants to know hears when it has answered; a sweep gives what was given up another try.
import { randomUUID } from 'node:crypto'
import { registerWorker } from 'iii-sdk'

const INBOX = 'agent.inbox'
const LIFECYCLE = 'agent.lifecycle'

const iii = registerWorker(process.env.III_URL ?? 'ws://localhost:49134', { workerName: 'agent-inbox' })
const call = (function_id, payload) => iii.trigger({ function_id, payload })

function serve(function_id, handler, ...triggers) {
  iii.registerFunction(function_id, handler)
  for (const [type, config] of triggers) iii.registerTrigger({ type, function_id, config })
}

const answer = (status_code, body) => ({ status_code, body })

// 202: the message is kept, on disk, before the client hears so. The agent may be busy, or not even running.
serve(
  'agent::post',
  async ({ body }) => {
    const text = typeof body?.text === 'string' ? body.text.trim() : ''
    if (text === '') return answer(400, { error: 'give `text`' })
    const message = { id: randomUUID(), text }
    await call('iii::durable::publish', { topic: INBOX, data: message })
    return answer(202, message)
  },
  ['http', { http_method: 'POST', api_path: '/inbox' }],
)

serve(
  'agent::answers',
  async () => answer(200, { answers: await call('state::list', { scope: 'agent.answers' }), told: await told() }),
  ['http', { http_method: 'GET', api_path: '/inbox' }],
)

const told = async () => ({
  log: await call('state::list', { scope: 'agent.log' }),
  count: (await call('state::get', { scope: 'agent.count', key: 'events' })) ?? 0,
})

// The agent itself. To throw is to ask for another try: after 0.2 s, 0.4 s, … four times, then the message is a dead letter.
// A message may come twice, when this process dies between the answer and its return: so the answer is kept by the message's id.
const tries = new Map()
serve(
  'agent::run',
  async ({ id, text }) => {
    tries.set(id, (tries.get(id) ?? 0) + 1)
    if (text.includes('hard') && tries.get(id) < 3) throw new Error(`the model is overloaded, try ${tries.get(id)}`)
    if (text.includes('impossible') && tries.get(id) <= 5) throw new Error('the model refuses')
    const reply = { id, text, reply: text.toUpperCase(), tries: tries.get(id) }
    tries.delete(id)
    await call('state::set', { scope: 'agent.answers', key: id, value: reply })
    await call('publish', { topic: LIFECYCLE, data: { event: 'answered', id } })
  },
  ['queue', { topic: INBOX, queue_config: { maxRetries: 4, backoffDelayMs: 200 } }],
)

// Every five minutes what was given up goes back to the inbox.
serve(
  'agent::sweep',
  async () => {
    const { redriven } = await call('iii::queue::redrive', { queue: INBOX })
    if (redriven > 0) await call('publish', { topic: LIFECYCLE, data: { event: 'swept', redriven } })
  },
  ['cron', { expression: process.env.SWEEP ?? '0 */5 * * * *' }],
)

// Two listeners, each of which is told of everything.
serve(
  'agent::log',
  async event => call('state::set', { scope: 'agent.log', key: randomUUID(), value: event }),
  ['pubsub', { topic: LIFECYCLE }],
)
serve(
  'agent::count',
  async () => call('state::update', { scope: 'agent.count', key: 'events', ops: [{ type: 'increment', path: '', by: 1 }] }),
  ['pubsub', { topic: LIFECYCLE }],
)

process.on('SIGTERM', async () => {
  await iii.shutdown()
  process.exit(0)
})

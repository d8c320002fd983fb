// Durable topics and named queues: by name in every generation, by the action of a call where the SDK has it.
import assert from 'node:assert/strict'
import { eventually, sleep } from './deadline.mjs'

export const queue = {
  async queue({ a, b, id }) {
    const topic = id('topic')
    const seen = { queue: [], 'durable:subscriber': [] }
    for (const type of Object.keys(seen)) {
      a.register(id(type), async data => {
        seen[type].push(data)
        if (seen[type].length === 1) throw new Error('once more')
      })
      a.bind(type, id(type), { topic, queue_config: { backoffDelayMs: 50 } })
    }
    await eventually(async () => {
      const topics = await b.call('engine::queue::list_topics', {})
      assert.equal(topics.find(each => each.name === topic)?.subscriber_count, 2)
    })
    assert.equal((await b.call('iii::durable::publish', { topic, data: { n: 1 } })) ?? null, null)
    await eventually(() => Object.values(seen).forEach(each => assert.deepEqual(each, [{ n: 1 }, { n: 1 }])))

    if (!b.enqueue) return 'without the action'
    const jobs = []
    a.register(id('job'), async data => void jobs.push(data))
    const { messageReceiptId } = await b.enqueue('default', id('job'), { n: 2 })
    assert.match(messageReceiptId, /^[0-9a-f-]{36}$/)
    await eventually(() => assert.deepEqual(jobs, [{ n: 2 }]))
    const began = Date.now()
    await b.enqueue('default', id('job'), { n: 3 }, { delay_ms: 300 })
    await eventually(() => assert.equal(jobs.length, 2))
    assert.ok(Date.now() - began >= 300, `after ${Date.now() - began} ms`)

    const refused = await b.enqueue('nowhere', id('job'), {}).then(() => assert.fail('enqueued'), error => error)
    assert.match(`${refused.code} ${refused.message}`, /enqueue_error.*not found/)
    await sleep(200)
    assert.deepEqual(Object.values(seen).map(each => each.length), [2, 2], 'no message comes a third time')
    assert.equal(jobs.length, 2)
  },
}

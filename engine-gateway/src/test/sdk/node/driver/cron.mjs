// Schedules: what a handler is told, and that a trigger that is unregistered calls no more.
import assert from 'node:assert/strict'
import { eventually, sleep } from './deadline.mjs'

export const cron = {
  async cron({ a, id }) {
    const ticks = []
    a.register(id('tick'), async data => void ticks.push(data))
    const trigger = a.bind('cron', id('tick'), { expression: '* * * * * *' })
    await eventually(() => assert.ok(ticks.length >= 2, `${ticks.length} ticks`))
    for (const tick of ticks) {
      assert.deepEqual(Object.keys(tick).sort(), ['actual_time', 'job_id', 'scheduled_time', 'trigger'])
      assert.equal(tick.trigger, 'cron')
      assert.match(tick.scheduled_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
      assert.ok(Date.parse(tick.scheduled_time) <= Date.parse(tick.actual_time), JSON.stringify(tick))
    }
    // A tick is left out while the run before is not answered, which on a busy machine may take a second.
    assert.ok(Date.parse(ticks[1].scheduled_time) > Date.parse(ticks[0].scheduled_time), JSON.stringify(ticks))
    assert.equal(ticks[0].job_id, ticks[1].job_id)
    trigger.unregister()
    await sleep(2000) // what was due before the engine heard of it
    const called = ticks.length
    await sleep(1500)
    assert.equal(ticks.length, called)
  },
}

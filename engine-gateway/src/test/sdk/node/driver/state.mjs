// State and streams: what users of each generation call by name.
import assert from 'node:assert/strict'
import { valueKey } from './client.mjs'
import { eventually } from './deadline.mjs'

const byTime = events => [...events].sort((x, y) => x.timestamp - y.timestamp)

/** Waits for so many events; a moment later there are no more. */
async function heard(events, count) {
  await eventually(() => assert.ok(events.length >= count, `${events.length} of ${count} events`))
  await new Promise(done => setTimeout(done, 200))
  assert.equal(events.length, count)
  return events
}

export const state = {
  async state({ a, b, id }) {
    const scope = id('scope: a/b ✨')
    const set = (key, value) => b.call('state::set', { scope, key, [valueKey]: value })
    assert.equal(await b.call('state::get', { scope, key: 'k 1' }), undefined, 'a missing key is no null')
    assert.deepEqual(await set('k 1', { n: 1 }), { old_value: null, new_value: { n: 1 } })
    assert.deepEqual(await set('k 1', { n: 2 }), { old_value: { n: 1 }, new_value: { n: 2 } })
    assert.deepEqual(await a.call('state::get', { scope, key: 'k 1' }), { n: 2 })
    assert.deepEqual(await set('null', null), { old_value: null, new_value: null })
    assert.equal(await a.call('state::get', { scope, key: 'null' }), null)
    await set('k 0', [1, 'zwei'])
    assert.deepEqual(await a.call('state::list', { scope }), [{ n: 2 }, null, [1, 'zwei']])
    assert.deepEqual(await a.call('state::list', { scope: id('nothing') }), [])
    assert.ok((await a.call('state::list_groups', {})).groups.includes(scope))
    assert.deepEqual(await a.call('state::delete', { scope, key: 'k 1' }), { n: 2 })
    assert.equal(await a.call('state::delete', { scope, key: 'k 1' }), undefined)
    assert.equal(await b.call('state::get', { scope, key: 'k 1' }), undefined)
  },

  async state_update({ a, b, id }) {
    const key = { scope: id('updates'), key: 'k' }
    const update = ops => b.call('state::update', { ...key, ops })
    assert.deepEqual(
      await update([
        { type: 'set', path: 'status', value: 'new' },
        { type: 'increment', path: 'n', by: 5 },
        { type: 'decrement', path: 'n', by: 2 },
        { type: 'merge', path: '', value: { a: 1, b: { c: 2 } } },
        { type: 'merge', path: ['b', 'd'], value: { e: 3 } },
        { type: 'append', path: 'list', value: 1 },
        { type: 'append', path: ['deep', 'list'], value: 'x' },
        { type: 'append', path: 'status', value: '!' },
        { type: 'remove', path: 'a' },
      ]),
      {
        old_value: null,
        new_value: { status: 'new!', n: 3, b: { c: 2, d: { e: 3 } }, list: [1], deep: { list: ['x'] } },
      },
    )
    const { errors, new_value } = await update([
      { type: 'increment', path: 'status', by: 1 },
      { type: 'set', path: '__proto__', value: 1 },
      { type: 'set', path: 'n', value: 9 },
    ])
    assert.equal(new_value.n, 9)
    assert.deepEqual(errors.map(e => [e.op_index, e.code]), [[0, 'increment.not_number'], [1, 'set.path.proto_polluted']])
    const counter = { scope: id('updates'), key: 'counter' }
    const many = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 ? a : b).call('state::update', { ...counter, ops: [{ type: 'increment', path: '', by: 1 }] })),
    )
    assert.equal(new Set(many.map(r => r.old_value)).size, 100, 'no two saw the same')
    assert.equal(await a.call('state::get', counter), 100)
  },

  async state_trigger({ a, id }) {
    const scope = id('watched')
    const all = []
    const odd = []
    const entered = []
    a.register(id('state_all'), async event => void all.push(event))
    a.register(id('state_odd'), async event => void odd.push(event.key))
    a.register(id('state_entered'), async event => void entered.push(event.key))
    a.register(id('state_is_odd'), async event => event.new_value?.n % 2 === 1)
    a.bind('state', id('state_all'), { scope, key: 'k' })
    a.bind('state', id('state_odd'), { scope, condition_function_id: id('state_is_odd') })
    a.bind('state', id('state_entered'), { scope, condition: 'n > 1' })
    const set = (key, n) => a.call('state::set', { scope, key, [valueKey]: { n } })
    await set('k', 1)
    await set('k', 2)
    await a.call('state::delete', { scope, key: 'k' })
    await set('other', 3)
    const event = (event_type, old_value, new_value) =>
      ({ type: 'state', event_type, scope, key: 'k', old_value, new_value })
    const seen = await heard(all, 3)
    assert.deepEqual(
      seen.sort((x, y) => (x.event_type < y.event_type ? -1 : 1)),
      [
        event('state:created', null, { n: 1 }),
        event('state:deleted', { n: 2 }, null),
        event('state:updated', { n: 1 }, { n: 2 }),
      ],
    )
    assert.deepEqual((await heard(odd, 2)).sort(), ['k', 'other'])
    assert.deepEqual((await heard(entered, 2)).sort(), ['k', 'other'])
  },

  async stream({ a, b, id }) {
    const group = { stream_name: id('todos'), group_id: 'in/box' }
    const item = { ...group, item_id: 't 1' }
    assert.equal(await b.call('stream::get', item), undefined)
    const set = data => b.call('stream::set', { ...item, data })
    assert.deepEqual(await set({ id: 't 1', n: 1 }), { old_value: null, new_value: { id: 't 1', n: 1 } })
    assert.deepEqual(await set({ n: 2 }), { old_value: { id: 't 1', n: 1 }, new_value: { n: 2 } })
    await b.call('stream::set', { ...group, item_id: 'null', data: null })
    assert.deepEqual(await a.call('stream::get', item), { n: 2 })
    assert.equal(await a.call('stream::get', { ...group, item_id: 'null' }), null)
    const updated = await a.call('stream::update', { ...item, ops: [{ type: 'increment', path: 'n', by: 3 }] })
    assert.deepEqual(updated, { old_value: { n: 2 }, new_value: { n: 5 } })
    assert.deepEqual(await a.call('stream::list', group), [{ n: 5 }, null])
    assert.deepEqual(await a.call('stream::list_groups', { stream_name: group.stream_name }), ['in/box'])
    const { stream } = await a.call('stream::list_all', {})
    assert.deepEqual(stream.find(s => s.id === group.stream_name)?.groups, ['in/box'])
    assert.equal((await a.call('stream::send', { ...group, type: 'typing', data: { who: 'Ada' } })) ?? null, null)
    assert.deepEqual(await a.call('stream::delete', item), { old_value: { n: 5 } })
    assert.deepEqual(await a.call('stream::delete', item), { old_value: null })
  },

  async stream_trigger({ a, id }) {
    const group = { stream_name: id('heard'), group_id: 'g' }
    const all = []
    const one = []
    a.register(id('stream_all'), async event => void all.push(event))
    a.register(id('stream_one'), async event => void one.push(event))
    a.register(id('stream_no_updates'), async event => event.event.type !== 'update')
    a.bind('stream', id('stream_all'), group)
    a.bind('stream', id('stream_one'), {
      ...group,
      item_id: 't1',
      condition_function_id: id('stream_no_updates'),
    })
    await a.call('stream::set', { ...group, item_id: 't1', data: { n: 1 } })
    await a.call('stream::update', { ...group, item_id: 't1', ops: [{ type: 'increment', path: 'n', by: 1 }] })
    await a.call('stream::send', { ...group, type: 'typing', data: 'Ada' })
    await a.call('stream::send', { ...group, id: 't1', type: 'typing', data: 'Bob' })
    await a.call('stream::delete', { ...group, item_id: 't1' })
    const frames = byTime(await heard(all, 5))
    const sent = data => ({ type: 'event', event: { type: 'typing', data } })
    assert.deepEqual(
      frames.map(f => [f.id, f.event]),
      [
        ['t1', { type: 'create', data: { n: 1 } }],
        ['t1', { type: 'update', data: { n: 2 } }],
        [null, sent('Ada')],
        ['t1', sent('Bob')],
        ['t1', { type: 'delete', data: { n: 2 } }],
      ],
    )
    assert.deepEqual(Object.keys(frames[0]).sort(), ['event', 'groupId', 'id', 'streamName', 'timestamp', 'type'])
    assert.equal(new Set(frames.map(f => f.timestamp)).size, 5, 'no two events have the same time')
    assert.deepEqual(byTime(await heard(one, 3)).map(f => f.event.type), ['create', 'event', 'delete'])
  },

  /** A stream whose items a worker keeps. */
  async stream_served({ a, b, id }) {
    const stream_name = id('served')
    const group = { stream_name, group_id: 'g' }
    const item = { ...group, item_id: 't1' }
    const items = new Map()
    const asked = []
    const change = (key, value) => {
      const old_value = items.get(key)
      value === undefined ? items.delete(key) : items.set(key, value)
      return { old_value, new_value: value }
    }
    a.createStream(stream_name, {
      async get(input) {
        asked.push(input)
        return items.get(input.item_id) ?? null
      },
      set: async ({ item_id, data }) => change(item_id, { ...data, kept: true }),
      delete: async ({ item_id }) => ({ old_value: change(item_id).old_value }),
      list: async () => [...items.values()],
      listGroups: async () => ['g'],
      update: async () => null,
    })
    const frames = []
    a.register(id('served_frames'), async frame => void frames.push(frame))
    a.bind('stream', id('served_frames'), { stream_name })
    const stored = { n: 1, kept: true }
    await eventually(async () => assert.ok(await b.call('engine::functions::info', { function_id: `stream::list_groups(${stream_name})` })))
    assert.deepEqual(await a.call('stream::set', { ...item, data: { n: 1 } }), { old_value: null, new_value: stored })
    assert.deepEqual(await b.call('stream::get', item), stored)
    assert.deepEqual(asked.at(-1), item, 'nothing more is in the request')
    assert.deepEqual(await b.call('stream::list', group), [stored])
    assert.deepEqual(await b.call('stream::list_groups', { stream_name }), ['g'])
    const updated = await a.call('stream::update', { ...item, ops: [{ type: 'increment', path: 'n', by: 1 }] })
    assert.deepEqual(updated, { old_value: stored, new_value: { n: 2, kept: true } })
    assert.deepEqual(items.get('t1'), { n: 2, kept: true })
    assert.deepEqual(await a.call('stream::delete', item), { old_value: { n: 2, kept: true } })
    assert.equal((await b.call('stream::get', item)) ?? null, null)
    assert.deepEqual(
      byTime(await heard(frames, 3)).map(f => f.event),
      [
        { type: 'create', data: stored },
        { type: 'update', data: { n: 2, kept: true } },
        { type: 'delete', data: { n: 2, kept: true } },
      ],
    )
  },
}

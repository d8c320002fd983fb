// One function per scenario; each gets the bench (connections, addresses, unique names) and throws when the engine
// does not behave. What it returns is printed as the scenario's detail.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { hasChannels, http, open } from './client.mjs'
import { cron } from './cron.mjs'
import { eventually, sleep, within } from './deadline.mjs'
import { queue } from './queue.mjs'
import { state } from './state.mjs'

const sha = bytes => createHash('sha256').update(bytes).digest('hex')

/** The error a call ends with; a call that succeeds is a failure of the scenario. */
async function failureOf(call) {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('the call should have failed')
}

/** Waits until a function just registered can be called from another connection. */
const ready = (client, id, payload = {}) => eventually(() => client.call(id, payload, { timeoutMs: 2000 }))

async function fetchWhenRouted(bench, path, options) {
  return eventually(async () => {
    const response = await within(10_000, fetch(bench.httpUrl + path, options))
    if (response.status === 404) throw new Error(`404: ${await response.text()}`)
    return response
  })
}

export const scenarios = {
  ...state,
  ...queue,
  ...cron,

  async call({ a, id }) {
    a.register(id('self'), async data => ({ got: data.n }))
    assert.deepEqual(await ready(a, id('self'), { n: 7 }), { got: 7 })
  },

  async call_between({ a, b, id }) {
    a.register(id('add'), async data => ({ sum: data.x + data.y, keys: Object.keys(data).sort() }))
    const result = await ready(b, id('add'), { x: 2, y: 40 })
    assert.equal(result.sum, 42)
    assert.deepEqual(result.keys, ['_caller_worker_id', 'x', 'y'])
    const sums = await Promise.all(Array.from({ length: 64 }, (_, i) => b.call(id('add'), { x: i, y: 1 })))
    assert.deepEqual(sums.map(s => s.sum), Array.from({ length: 64 }, (_, i) => i + 1))
  },

  async scalars({ a, b, id }) {
    a.register(id('mirror'), async data => data)
    await ready(b, id('mirror'), 'up')
    for (const value of ['text', '', 0, -1.5, true, false, [], [1, [2, null]], Number.MAX_SAFE_INTEGER, 1e300]) {
      assert.deepEqual(await b.call(id('mirror'), value), value)
    }
    assert.equal((await b.call(id('mirror'), null)) ?? null, null)
    assert.equal((await b.call(id('mirror'), undefined)) ?? null, null)
  },

  async void({ a, b, id }) {
    const seen = []
    a.register(id('note'), async data => void seen.push(data.n))
    await ready(b, id('note'), { n: 0 })
    await b.fire(id('note'), { n: 1 })
    await b.fire(id('nobody'), { n: 2 })
    await b.fire(id('note'), { n: 3 })
    await eventually(() => assert.deepEqual(seen.filter(n => n > 0).sort(), [1, 3]))
    await sleep(200)
    assert.deepEqual(seen.filter(n => n > 0).sort(), [1, 3], 'each void call runs once')
  },

  async handler_error({ a, b, id }) {
    a.register(id('boom'), async data => {
      if (data.fail) throw new Error('boom is the message')
      return 'fine'
    })
    await ready(b, id('boom'))
    const error = await failureOf(b.call(id('boom'), { fail: true }))
    assert.equal(error.code, 'invocation_failed')
    assert.match(error.message, /boom is the message/)
    assert.equal(await b.call(id('boom'), {}), 'fine')
  },

  async not_found({ b, id }) {
    const error = await failureOf(b.call(id('missing'), {}))
    assert.equal(error.code, 'function_not_found')
    assert.ok(error.message.includes(id('missing')), error.message)
    return error.message
  },

  async caller_timeout({ a, b, id }) {
    a.register(id('slow'), async data => {
      await sleep(data.ms ?? 0)
      return 'late'
    })
    await ready(b, id('slow'))
    const began = Date.now()
    const error = await failureOf(b.call(id('slow'), { ms: 3000 }, { timeoutMs: 300 }))
    assert.ok(Date.now() - began < 2800, 'the caller gave up by itself')
    assert.match(String(error.code ?? error.message), /TIMEOUT|timeout/i)
    await sleep(3000)
    assert.equal(await b.call(id('slow'), {}), 'late')
  },

  async metadata({ a, b, id }) {
    a.register(id('meta'), async (data, metadata) => ({ data: data.n, metadata: metadata ?? null }))
    await ready(b, id('meta'))
    const sent = { tenant: 'acme', deep: { list: [1, 'zwei', null] } }
    assert.deepEqual(await b.call(id('meta'), { n: 1 }, { metadata: sent }), { data: 1, metadata: sent })
    assert.deepEqual(await b.call(id('meta'), { n: 2 }), { data: 2, metadata: null })
  },

  async large_payload({ a, b, id }) {
    a.register(id('large'), async data => ({ text: data.text, size: data.text.length }))
    await ready(b, id('large'), { text: '' })
    const text = randomBytes(6 * 1024 * 1024).toString('base64') // 8 MiB of text
    const result = await b.call(id('large'), { text }, { timeoutMs: 20_000 })
    assert.equal(result.size, text.length)
    assert.equal(sha(result.text), sha(text))
    return `${text.length} characters both ways`
  },

  async unicode({ a, b, id }) {
    const name = id('grüße (größe) / 世界 ✨')
    a.register(name, async data => data)
    const text = 'naïve 𝄞 👩‍👩‍👧 \u0000 \u2028 "quoted" \\ \n\t </script> עברית'
    const result = await ready(b, name, { [text]: text, list: [text, ''] })
    assert.equal(result[text], text)
    assert.deepEqual(result.list, [text, ''])
  },

  async channel_bytes({ a, b, id }) {
    assert.ok(hasChannels)
    a.register(id('upper'), async ({ input, output }) => {
      const bytes = await input.readAll()
      await new Promise((done, failed) => output.stream.end(bytes, error => (error ? failed(error) : done())))
      return { size: bytes.length, sha: sha(bytes) }
    })
    await eventually(() => b.call('engine::functions::info', { function_id: id('upper') }))
    const bytes = randomBytes(3 * 1024 * 1024 + 17)
    const there = await b.channel()
    const back = await b.channel()
    const returned = back.reader.readAll()
    const call = b.call(id('upper'), { input: there.readerRef, output: back.writerRef }, { timeoutMs: 20_000 })
    there.writer.stream.end(bytes)
    assert.deepEqual(await call, { size: bytes.length, sha: sha(bytes) })
    assert.equal(sha(await within(10_000, returned)), sha(bytes))
  },

  async channel_text({ a, b, id }) {
    a.register(id('chatty'), async ({ out }) => {
      for (let i = 0; i < 20; i++) out.sendMessage(JSON.stringify({ i, text: 'grüße ✨' }))
      out.close()
      return null
    })
    await eventually(() => b.call('engine::functions::info', { function_id: id('chatty') }))
    const channel = await b.channel()
    const messages = []
    channel.reader.onMessage(text => messages.push(JSON.parse(text)))
    channel.reader.stream.resume()
    await b.call(id('chatty'), { out: channel.writerRef })
    await eventually(() => assert.equal(messages.length, 20))
    assert.deepEqual(messages.map(m => m.i), [...Array(20).keys()])
    assert.equal(messages[0].text, 'grüße ✨')
  },

  async http_get(bench) {
    const { a, id, path } = bench
    a.register(id('http_get'), async req => ({
      status_code: 201,
      headers: { 'x-made-by': 'node', 'content-type': 'application/json' },
      body: { id: req.path_params.id, q: req.query_params.q, agent: req.headers['x-agent'], method: req.method },
    }))
    a.bind('http', id('http_get'), { api_path: `${path}/items/:id`, http_method: 'GET' })
    const url = `/${path}/items/a42?q=hello+w%C3%B6rld`
    const response = await fetchWhenRouted(bench, url, { headers: { 'X-Agent': 'suite' } })
    assert.equal(response.status, 201)
    assert.equal(response.headers.get('x-made-by'), 'node')
    assert.deepEqual(await response.json(), { id: 'a42', q: 'hello wörld', agent: 'suite', method: 'GET' })
  },

  async http_post(bench) {
    const { a, id, path } = bench
    a.register(id('http_post'), async req => ({ status_code: 200, body: { name: req.body.name, list: req.body.list } }))
    a.bind('http', id('http_post'), { api_path: `/${path}/posts`, http_method: 'POST' })
    const options = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Zoë', list: [1, null, 'x'] }),
    }
    const response = await fetchWhenRouted(bench, `/${path}/posts`, options)
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { name: 'Zoë', list: [1, null, 'x'] })
  },

  async http_error(bench) {
    const { a, id, path } = bench
    a.register(id('http_error'), async () => {
      throw new Error('broken on purpose')
    })
    a.bind('http', id('http_error'), { api_path: `${path}/broken`, http_method: 'GET' })
    const response = await fetchWhenRouted(bench, `/${path}/broken`)
    assert.equal(response.status, 500)
    const { error } = await response.json()
    assert.equal(error.code, 'invocation_failed')
    assert.match(error.message, /broken on purpose/)
  },

  async http_stream(bench) {
    const { a, id, path } = bench
    a.register(id('http_stream'), http(async (req, res) => {
      res.status(206)
      res.headers({ 'content-type': 'text/event-stream', 'x-stream': 'yes' })
      for (let i = 0; i < 4; i++) {
        res.stream.write(`data: tick ${i}\n\n`)
        await sleep(60)
      }
      res.stream.end()
    }))
    a.bind('http', id('http_stream'), { api_path: `${path}/ticks`, http_method: 'GET' })
    const response = await fetchWhenRouted(bench, `/${path}/ticks`)
    assert.equal(response.status, 206)
    assert.equal(response.headers.get('x-stream'), 'yes')
    let text = ''
    let chunks = 0
    for await (const chunk of response.body) {
      text += Buffer.from(chunk).toString()
      chunks++
    }
    assert.equal(text, [0, 1, 2, 3].map(i => `data: tick ${i}\n\n`).join(''))
    assert.ok(chunks > 1, 'events arrive one by one, not at the end')
  },

  async http_upload(bench) {
    const { a, id, path } = bench
    a.register(id('http_upload'), http(async req => {
      const bytes = await req.request_body.readAll()
      return { status_code: 200, body: { size: bytes.length, sha: sha(bytes) } }
    }))
    a.bind('http', id('http_upload'), { api_path: `${path}/upload`, http_method: 'POST' })
    const bytes = randomBytes(2 * 1024 * 1024 + 5)
    const response = await fetchWhenRouted(bench, `/${path}/upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    })
    assert.deepEqual(await response.json(), { size: bytes.length, sha: sha(bytes) })
  },

  async trigger_metadata(bench) {
    const { a, id, path } = bench
    a.register(id('tagged'), async (req, metadata) => ({ status_code: 200, body: { metadata: metadata ?? null } }))
    a.bind('http', id('tagged'), { api_path: `${path}/tagged`, http_method: 'GET' }, { team: 'a' })
    const response = await fetchWhenRouted(bench, `/${path}/tagged`)
    assert.deepEqual(await response.json(), { metadata: { team: 'a' } })
  },

  async trigger_type({ a, b, id }) {
    const bindings = new Map()
    a.triggerType(id('bell'), {
      registerTrigger: async ({ id: key, function_id, config }) => void bindings.set(key, { function_id, config }),
      unregisterTrigger: async ({ id: key }) => void bindings.delete(key),
    })
    const rung = []
    b.register(id('on_bell'), async data => void rung.push(data.tone))
    const trigger = b.bind(id('bell'), id('on_bell'), { tone: 'c♯' })
    await eventually(() => assert.equal(bindings.size, 1))
    const [binding] = bindings.values()
    assert.deepEqual(binding, { function_id: id('on_bell'), config: { tone: 'c♯' } })
    await eventually(() => a.call(binding.function_id, binding.config, { timeoutMs: 2000 }))
    assert.ok(rung.includes('c♯'))
    trigger.unregister()
    return { bindings, gone: () => eventually(() => assert.equal(bindings.size, 0)) }
  },

  async trigger_type_unregister(bench) {
    await (await scenarios.trigger_type({ ...bench, id: name => bench.id(`un_${name}`) })).gone()
  },

  async trigger_parked({ a, b, id }) {
    const rung = []
    b.register(id('on_late'), async data => void rung.push(data))
    b.bind(id('late_type'), id('on_late'), { early: true })
    await sleep(300)
    const bindings = []
    a.triggerType(id('late_type'), {
      registerTrigger: async binding => void bindings.push(binding.config),
      unregisterTrigger: async () => {},
    })
    await eventually(() => assert.deepEqual(bindings[0], { early: true }))
  },

  async functions_available({ a, b, id }) {
    const lists = []
    b.onFunctions(functions => lists.push(functions.map(f => f.function_id)))
    await sleep(500)
    a.register(id('newcomer'), async () => null)
    await eventually(() => assert.ok(lists.some(list => list.includes(id('newcomer')))), 15_000)
    return `${lists.length} announcements`
  },

  async list_functions({ a, b, id, legacyLists }) {
    a.register(id('listed'), async () => null, { description: 'Listed for the suite', metadata: { tag: id('t') } })
    const row = await eventually(async () => {
      const { functions } = await b.call('engine::functions::list', {})
      const found = functions.find(f => f.function_id === id('listed'))
      assert.ok(found)
      assert.ok(!functions.some(f => f.function_id.startsWith('engine::workers')), 'engine functions stay hidden')
      return found
    })
    assert.equal(row.description, 'Listed for the suite')
    assert.deepEqual(row.metadata, { tag: id('t') })
    if (legacyLists) assert.ok('request_format' in row && 'response_format' in row)
    else assert.equal(row.namespace, 'default')
    if (b.iii.listFunctions) {
      assert.ok((await b.iii.listFunctions()).some(f => f.function_id === id('listed')))
    }
  },

  async list_workers({ a, b, id, name }) {
    a.register(id('worked'), async () => null)
    await eventually(async () => {
      const { workers } = await b.call('engine::workers::list', {})
      const engine = workers.filter(w => w.runtime === 'engine')
      assert.ok(engine.length > 0 && engine.every(w => Number.isInteger(w.connected_at_ms)), 'rows of the engine')
      const own = workers.find(w => w.name === `${name}-a`)
      assert.ok(own, `a row for ${name}-a in ${workers.map(w => w.name)}`)
      assert.equal(own.runtime, 'node')
      assert.equal(own.status, 'connected')
      assert.ok(own.function_count > 0)
    })
  },

  async list_triggers({ a, b, id, path, legacyLists }) {
    a.bind('http', id('call'), { api_path: `${path}/listed`, http_method: 'GET' })
    await eventually(async () => {
      const { triggers } = await b.call('engine::triggers::list', {})
      if (legacyLists) {
        const row = triggers.find(t => t.config?.api_path === `${path}/listed`)
        assert.equal(row?.trigger_type, 'http')
        assert.equal(row.function_id, id('call'))
        return
      }
      assert.ok(triggers.some(t => t.id === 'http'))
      const { registered_triggers } = await b.call('engine::registered-triggers::list', { function_id: id('call') })
      assert.ok(registered_triggers.some(t => t.config.api_path === `${path}/listed`))
    })
    if (b.iii.listTriggers) assert.ok((await b.iii.listTriggers()).some(t => t.function_id === id('call')))
  },

  async unregister(bench) {
    const { a, b, id, path } = bench
    const ref = a.register(id('brief'), async () => ({ status_code: 200, body: 'here' }))
    const trigger = a.bind('http', id('brief'), { api_path: `${path}/brief`, http_method: 'GET' })
    assert.equal((await fetchWhenRouted(bench, `/${path}/brief`)).status, 200)
    trigger.unregister()
    await eventually(async () => assert.equal((await fetch(`${bench.httpUrl}/${path}/brief`)).status, 404))
    await ready(b, id('brief'))
    ref.unregister()
    await eventually(async () => {
      assert.equal((await failureOf(b.call(id('brief'), {}, { timeoutMs: 2000 }))).code, 'function_not_found')
    })
  },

  async socket_loss({ b, id, name, proxyUrl, harness }) {
    const c = open(proxyUrl, `${name}-c`)
    let hanging = 0
    c.register(id('fragile'), async data => {
      if (data.hang) {
        hanging++
        await sleep(60_000)
      }
      return 'alive'
    })
    await ready(b, id('fragile'))
    const lost = failureOf(b.call(id('fragile'), { hang: true }, { timeoutMs: 20_000 }))
    await eventually(() => assert.equal(hanging, 1))
    await harness('cut')
    assert.equal((await lost).code, 'invocation_stopped')
    assert.equal(await ready(b, id('fragile')), 'alive')
    assert.equal(hanging, 1, 'the call that was cut off is not run again')
    await c.close()
  },

  async restart({ a, b, id, path, harness }) {
    a.register(id('durable'), async () => ({ status_code: 200, body: 'still here' }))
    b.register(id('durable_b'), async () => 'b too')
    a.bind('http', id('durable'), { api_path: `${path}/durable`, http_method: 'GET' })
    await ready(a, id('durable_b'))
    await harness('restart')
    const began = Date.now()
    await eventually(() => b.call(id('durable'), {}, { timeoutMs: 2000 }), 45_000)
    assert.equal(await eventually(() => a.call(id('durable_b'), {}, { timeoutMs: 2000 }), 45_000), 'b too')
    return `callable again ${Date.now() - began} ms after the engine was`
  },

  /** The route that `restart` had registered. */
  async http_after_restart(bench) {
    assert.equal((await fetchWhenRouted(bench, `/${bench.path}/durable`)).status, 200)
  },
}

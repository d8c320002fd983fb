// A board of things to do. HTTP requests write state; a change of state updates a stream; every open page shows it live.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { registerWorker } from 'iii-sdk'

const SCOPE = 'todos'
const BOARD = { stream_name: 'todos', group_id: 'board' }
const page = (await readFile(new URL('board.html', import.meta.url), 'utf8')).replace(
  'STREAM_PORT',
  Number(process.env.STREAM_PORT ?? 3112),
)

const iii = registerWorker(process.env.III_URL ?? 'ws://localhost:49134', { workerName: 'todo-board' })
const call = (function_id, payload) => iii.trigger({ function_id, payload })

function serve(http_method, api_path, function_id, handler) {
  iii.registerFunction(function_id, handler)
  iii.registerTrigger({ type: 'http', function_id, config: { http_method, api_path } })
}

const answer = (status_code, body) => ({ status_code, body })

serve('GET', '/board', 'todos::page', async () => ({
  status_code: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: page,
}))

serve('POST', '/todos', 'todos::add', async ({ body }) => {
  const text = typeof body?.text === 'string' ? body.text.trim() : ''
  if (text === '') return answer(400, { error: 'give `text`' })
  const todo = { id: randomUUID(), text, done: false }
  await call('state::set', { scope: SCOPE, key: todo.id, value: todo })
  return answer(201, todo)
})

serve('POST', '/todos/:id/done', 'todos::done', async ({ path_params: { id }, body }) => {
  const ops = [{ type: 'set', path: 'done', value: body?.done !== false }]
  try {
    // An item that somebody else has just removed must not come back.
    const { new_value } = await call('state::update', { scope: SCOPE, key: id, ops, create: 'never' })
    return answer(200, new_value)
  } catch (error) {
    if (error.code !== 'NOT_FOUND') throw error
    return answer(404, { error: 'no such item' })
  }
})

serve('DELETE', '/todos/:id', 'todos::remove', async ({ path_params: { id } }) =>
  (await call('state::delete', { scope: SCOPE, key: id })) ? answer(204) : answer(404, { error: 'no such item' }),
)

// Whoever changes the state, the board follows; what changes while this worker is away is kept, and told when it is back.
iii.registerFunction('todos::changed', async ({ event_type, key, new_value }) => {
  const item = { ...BOARD, item_id: key }
  if (event_type !== 'state:deleted') await call('stream::set', { ...item, data: new_value })
  else await call('stream::delete', item)
})
iii.registerTrigger({
  type: 'state',
  function_id: 'todos::changed',
  config: { scope: SCOPE, delivery: 'at_least_once', durable_id: 'todo-board' },
})

process.on('SIGTERM', async () => {
  await iii.shutdown()
  process.exit(0)
})

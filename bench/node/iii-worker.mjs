/** The side that is called: echoes, also over HTTP. Argument: the engine's address. */
import { registerWorker } from 'iii-sdk'
import { serveNothing } from './load-server.mjs'

const iii = registerWorker(process.argv[2], { workerName: 'bench-node-worker' })
iii.registerFunction('bench::node_echo', async (input) => input)
iii.registerFunction('bench::node_http', async () => ({ status_code: 200, body: { hello: 'world' } }))
iii.registerTrigger({
  type: 'http',
  function_id: 'bench::node_http',
  config: { api_path: '/bench/node', http_method: 'GET' },
})
await serveNothing()

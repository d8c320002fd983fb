/** The side that calls. Argument: the engine's address. */
import { registerWorker } from 'iii-sdk'
import { serve, untilAnswered } from './load-server.mjs'
import { payload } from './payload.mjs'

const iii = registerWorker(process.argv[2], { workerName: 'bench-node-caller' })
const ask = () => iii.trigger({ function_id: 'bench::node_echo', payload })
await untilAnswered(ask)
await serve(ask)

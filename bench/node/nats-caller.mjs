/** The side that calls. Argument: the server's address. */
import { connect, JSONCodec } from 'nats'
import { serve, untilAnswered } from './load-server.mjs'
import { payload } from './payload.mjs'

const json = JSONCodec()
const connection = await connect({ servers: process.argv[2] })
const ask = async () =>
  json.decode((await connection.request('bench.node_echo', json.encode(payload), { timeout: 30_000 })).data)
await untilAnswered(ask)
await serve(ask)

/** The side that is called: parses and echoes, as a function does. Argument: the server's address. */
import { connect, JSONCodec } from 'nats'
import { serveNothing } from './load-server.mjs'

const json = JSONCodec()
const connection = await connect({ servers: process.argv[2] })
connection.subscribe('bench.node_echo', {
  callback: (error, message) => {
    if (error) throw error
    message.respond(json.encode(json.decode(message.data)))
  },
})
await connection.flush()
await serveNothing()

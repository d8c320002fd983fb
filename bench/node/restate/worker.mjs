/** The side that is called. Arguments: its port, the server's admin address, where it registers itself. */
import './promise-with-resolvers.mjs'
import { serveNothing } from '../load-server.mjs'

const restate = await import('@restatedev/restate-sdk')
const [port, admin] = process.argv.slice(2)
const bench = restate.service({ name: 'bench', handlers: { echo: async (_context, input) => input } })
await restate.serve({ services: [bench], port: Number(port) })
const answer = await fetch(`${admin}/deployments`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
})
if (!answer.ok) throw new Error(`registration: ${answer.status} ${await answer.text()}`)
await serveNothing()

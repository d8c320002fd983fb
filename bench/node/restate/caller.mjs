/** The side that calls. Argument: the server's ingress address. */
import './promise-with-resolvers.mjs'
import { serve, untilAnswered } from '../load-server.mjs'
import { payload } from '../payload.mjs'

const { connect } = await import('@restatedev/restate-sdk-clients')
const bench = connect({ url: process.argv[2] }).serviceClient({ name: 'bench' })
const ask = () => bench.echo(payload)
await untilAnswered(ask)
await serve(ask)

// A page without a browser: evaluates each line of its input, with the published Node client at hand, and prints the
// result as JSON, or the error as text.
import { createInterface } from 'node:readline'
import { Stream } from '@motiadev/stream-client-node'

globalThis.open_stream = address => new Stream(address, { protocols: ['Authorization', 'secret'] })

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify({ value: (await (0, eval)(line)) ?? null }))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack) }))
  }
}

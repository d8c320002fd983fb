import { createInterface } from 'node:readline'
import { closedLoop } from './closed-loop.mjs'

const reply = (value) => process.stdout.write(`=> ${JSON.stringify(value)}\n`)

/** Serves the harness: a line `SCENARIO IN_FLIGHT MILLIS` is answered by what was measured. Ends with the input. */
export async function serve(ask) {
  reply({ ready: true })
  for await (const line of createInterface({ input: process.stdin })) {
    const [, inFlight, millis] = line.split(' ')
    reply(await closedLoop(ask, Number(inFlight), Number(millis)))
  }
  process.exit(0)
}

/** For those who are only called: ready, until the input ends. */
export const serveNothing = () => serve(() => Promise.reject(new Error('this side is only called')))

/** Asks until somebody answers, so that no measurement begins before the other side is there. */
export async function untilAnswered(ask) {
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (tries === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export const sleep = ms => new Promise(done => setTimeout(done, ms))

/** Rejects when `promise` takes longer than `ms`. */
export function within(ms, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Repeats `attempt` until it stops throwing; after `ms` the last error is the answer. */
export async function eventually(attempt, ms = 10_000) {
  const end = Date.now() + ms
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > end) throw error
      await sleep(50)
    }
  }
}

import { createHistogram } from 'node:perf_hooks'

/**
 * Keeps a number of calls under way for a while: each answer asks the next.
 * Answers `{calls, errors, perSecond, p50, p99, max}`, latencies in microseconds.
 */
export async function closedLoop(ask, inFlight, millis) {
  const latencies = createHistogram({ lowest: 1, highest: 60_000_000_000, figures: 3 })
  let errors = 0
  const end = performance.now() + millis
  const chain = async () => {
    for (let asked = performance.now(); asked < end; asked = performance.now()) {
      try {
        await ask()
        const now = performance.now()
        if (now <= end) latencies.record(Math.max(1, Math.round((now - asked) * 1e6)))
      } catch (error) {
        if (errors++ === 0) console.error(error)
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, chain))
  return {
    calls: latencies.count,
    errors,
    perSecond: latencies.count / (millis / 1e3),
    p50: latencies.percentile(50) / 1e3,
    p99: latencies.percentile(99) / 1e3,
    max: latencies.count === 0 ? 0 : latencies.max / 1e3,
  }
}

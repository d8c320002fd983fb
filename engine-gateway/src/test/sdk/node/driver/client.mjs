// One face for four generations of the Node SDK, so that the scenarios are written once.
// Which generation is installed is read from what the package exports, never from a version number.
import * as sdk from 'iii-sdk'

const legacyInit = typeof sdk.init === 'function'
const helpers = legacyInit || sdk.http ? null : await import('iii-sdk/helpers')
const httpWrapper = sdk.http ?? (helpers && (await import('@iii-dev/helpers/http')).http)

// 0.9 took one message with the id inside; it became a parameter of its own when the package began to export its ids.
const idFirst = Boolean(sdk.EngineFunctions || helpers)

/** Opens a connection. `quiet` switches the SDK's telemetry off; the default leaves it as a user would have it. */
export function open(url, workerName, { quiet = true } = {}) {
  const options = { workerName, reconnectionConfig: { initialDelayMs: 200, maxDelayMs: 1000 } }
  if (quiet) options.otel = { enabled: false }
  return legacyInit ? new PositionalClient(sdk.init(url, options)) : new RequestClient(sdk.registerWorker(url, options))
}

/** Streaming HTTP handlers, where the SDK has them. */
export const http = httpWrapper
export const hasChannels = !legacyInit
/** What the SDK's types call the value of `state::set`. */
export const valueKey = legacyInit ? 'data' : 'value'

/** What every generation agrees on. */
class Client {
  constructor(iii) {
    this.iii = iii
  }

  bind(type, functionId, config, metadata) {
    return this.iii.registerTrigger({ type, function_id: functionId, config, ...(metadata && { metadata }) })
  }

  triggerType(id, handler) {
    this.iii.registerTriggerType({ id, description: `${id} for the conformance suite` }, handler)
  }

  /** Calls back with each announced list of functions; the helper of old SDKs, or what it did, by hand. */
  onFunctions(callback) {
    if (typeof this.iii.onFunctionsAvailable === 'function') return this.iii.onFunctionsAvailable(callback)
    const id = `conformance.on_functions.${crypto.randomUUID()}`
    this.register(id, async ({ functions }) => {
      callback(functions)
      return null
    })
    return this.bind('engine::functions-available', id, {})
  }

  createStream(name, storage) {
    helpers ? helpers.createStream(this.iii, name, storage) : this.iii.createStream(name, storage)
  }

  async close() {
    await this.iii.shutdown()
  }
}

/** 0.3: `init`, `trigger(id, data, timeoutMs)`, `triggerVoid(id, data)`. */
class PositionalClient extends Client {
  register(id, handler, options = {}) {
    return this.iii.registerFunction({ id, ...options }, handler)
  }

  call(id, payload, { timeoutMs } = {}) {
    return this.iii.trigger(id, payload, timeoutMs)
  }

  fire(id, payload) {
    this.iii.triggerVoid(id, payload)
  }
}

/** From 0.9 on: `registerWorker`, `trigger({function_id, payload, action, timeoutMs})`. */
class RequestClient extends Client {
  register(id, handler, options = {}) {
    return idFirst
      ? this.iii.registerFunction(id, handler, options)
      : this.iii.registerFunction({ id, ...options }, handler)
  }

  call(id, payload, { timeoutMs, metadata } = {}) {
    return this.iii.trigger({
      function_id: id,
      payload,
      ...(timeoutMs && { timeoutMs }),
      ...(metadata && { metadata }),
    })
  }

  async fire(id, payload) {
    await this.iii.trigger({ function_id: id, payload, action: sdk.TriggerAction.Void() })
  }

  /** Options beside the queue's name are what the engine adds to the action. */
  enqueue(queue, id, payload, options = {}) {
    const action = sdk.TriggerAction.Enqueue({ queue, ...options })
    return this.iii.trigger({ function_id: id, payload, action })
  }

  channel() {
    return this.iii.createChannel ? this.iii.createChannel() : helpers.createChannel(this.iii)
  }
}

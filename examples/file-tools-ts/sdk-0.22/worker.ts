// File tools on `iii-sdk` 0.22: `registerWorker`, an id first, `trigger({function_id, payload})`.
import { registerWorker } from 'iii-sdk'
import { readFormat, similarFormat, writeFormat } from '../formats.mjs'
import { Workspace, type ReadRequest, type WriteRequest } from '../workspace.mjs'

const workspace = await Workspace.at(process.env.WORKSPACE ?? './workspace')
// Both file-tools workers carry one name: the engine treats them as replicas and shares the calls out between them.
const iii = registerWorker(process.env.III_URL ?? 'ws://localhost:49134', { workerName: 'file-tools' })

iii.registerFunction('tool::file_read', (data: ReadRequest) => workspace.read(data), {
  description: 'Reads a text file of the workspace',
  request_format: readFormat,
})

iii.registerFunction('tool::file_write', (data: WriteRequest) => workspace.write(data), {
  description: 'Writes a text file of the workspace',
  request_format: writeFormat,
})

iii.registerFunction(
  'tool::file_similar',
  async ({ path, other }: { path: string; other: string }) => {
    const [a, b] = await Promise.all([workspace.read({ path }), workspace.read({ path: other })])
    // Served by the Python worker.
    return iii.trigger({ function_id: 'embedding::similarity', payload: { a: a.content, b: b.content } })
  },
  {
    description: 'How alike two files are, from -1 to 1',
    request_format: similarFormat,
  },
)

const stop = () => iii.shutdown().then(() => process.exit(0))
process.once('SIGINT', stop).once('SIGTERM', stop)
console.log(`file tools (iii-sdk 0.22) serve ${workspace.root}`)

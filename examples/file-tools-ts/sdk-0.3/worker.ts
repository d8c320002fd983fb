// File tools on `iii-sdk` 0.3: `init`, functions described by one message, `trigger(id, data)`.
import { init } from 'iii-sdk'
import { Workspace, type ReadRequest, type WriteRequest } from '../workspace.mjs'

const workspace = await Workspace.at(process.env.WORKSPACE ?? './workspace')
// Both file-tools workers carry one name: the engine treats them as replicas and shares the calls out between them.
const iii = init(process.env.III_URL ?? 'ws://localhost:49134', { workerName: 'file-tools' })

iii.registerFunction(
  { id: 'tool::file_read', description: 'Reads a text file of the workspace' },
  (data: ReadRequest) => workspace.read(data),
)

iii.registerFunction(
  { id: 'tool::file_write', description: 'Writes a text file of the workspace' },
  (data: WriteRequest) => workspace.write(data),
)

iii.registerFunction(
  { id: 'tool::file_similar', description: 'How alike two files are, from -1 to 1' },
  async ({ path, other }: { path: string; other: string }) => {
    const [a, b] = await Promise.all([workspace.read({ path }), workspace.read({ path: other })])
    // Served by the Python worker.
    return iii.trigger('embedding::similarity', { a: a.content, b: b.content })
  },
)

const stop = () => iii.shutdown().then(() => process.exit(0))
process.once('SIGINT', stop).once('SIGTERM', stop)
console.log(`file tools (iii-sdk 0.3) serve ${workspace.root}`)

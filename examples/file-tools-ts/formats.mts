// JSON Schemas of the tools' requests, so that an agent that lists them knows how to call them.
type Format = { type: 'object'; properties: Record<string, unknown>; required: string[] }

const path = { type: 'string', description: 'File inside the workspace, relative to its root' }
const maxBytes = { type: 'integer', description: 'Most bytes to read or write; 65536 unless told, at most 1048576' }

export const readFormat: Format = { type: 'object', properties: { path, maxBytes }, required: ['path'] }
export const writeFormat: Format = {
  type: 'object',
  properties: { path, content: { type: 'string' }, maxBytes },
  required: ['path', 'content'],
}
export const similarFormat: Format = {
  type: 'object',
  properties: { path, other: { ...path, description: 'The file to compare with' } },
  required: ['path', 'other'],
}

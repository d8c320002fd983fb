// Reading and writing files inside one folder, and nowhere else. Knows nothing of iii: both workers use it.
import { constants } from 'node:fs'
import { mkdir, open, realpath } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'

export type ReadRequest = { path: string; maxBytes?: number }
export type ReadResult = { path: string; content: string; size: number; truncated: boolean }
export type WriteRequest = { path: string; content: string; maxBytes?: number }
export type WriteResult = { path: string; size: number }

const DEFAULT_MAX_BYTES = 64 * 1024
const LARGEST_MAX_BYTES = 1024 * 1024

export class Workspace {
  private constructor(readonly root: string) {}

  /** Opens the folder, making it when it is missing. */
  static async at(folder: string): Promise<Workspace> {
    await mkdir(folder, { recursive: true })
    return new Workspace(await realpath(folder))
  }

  /** The first `maxBytes` bytes of a UTF-8 file; `size` is the whole file's. */
  async read({ path, maxBytes }: ReadRequest): Promise<ReadResult> {
    const limit = checkedLimit(maxBytes)
    const file = await this.openInside(await this.existing(path), path, constants.O_RDONLY)
    try {
      const { size } = await file.stat()
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, limit)), 0, undefined, 0)
      // `stream` keeps back a character that the limit cut in two.
      const content = new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true })
      return { path, content, size, truncated: size > limit }
    } finally {
      await file.close()
    }
  }

  /** Replaces a file's content; missing folders on the way are made. */
  async write({ path, content, maxBytes }: WriteRequest): Promise<WriteResult> {
    if (typeof content !== 'string') throw new Error('content must be a string')
    const size = Buffer.byteLength(content)
    const limit = checkedLimit(maxBytes)
    if (size > limit) throw new Error(`content has ${size} bytes, more than maxBytes ${limit}`)
    const target = this.lexical(path)
    await this.makeFolder(dirname(target), path)
    const file = await this.openInside(target, path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC)
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
    return { path, size }
  }

  /** Where `path` points by its text alone; refuses `..` and absolute paths that leave the workspace. */
  private lexical(path: string): string {
    const valid = typeof path === 'string' && path !== '' && !path.includes('\0')
    if (!valid) throw new Error('path must be a non-empty string')
    const target = resolve(this.root, path)
    if (target === this.root) throw new Error(`path '${path}' is the workspace itself, not a file in it`)
    return this.contained(target, path)
  }

  /** Where `path` points once every link on the way is followed. */
  private async existing(path: string): Promise<string> {
    const target = this.lexical(path)
    const real = await realpath(target).catch(error => {
      throw error.code === 'ENOENT' ? new Error(`no file '${path}' in the workspace`) : error
    })
    return this.contained(real, path)
  }

  /** Makes folders one at a time, so that none is made behind a link that leads out. */
  private async makeFolder(folder: string, path: string): Promise<void> {
    let current = this.root
    for (const name of relative(this.root, folder).split(sep).filter(Boolean)) {
      current = resolve(current, name)
      await mkdir(current).catch(error => {
        if (error.code !== 'EEXIST') throw error
      })
      this.contained(await realpath(current), path)
    }
  }

  /** O_NOFOLLOW: a link put in place of the file after the check above is refused by the kernel. */
  private async openInside(target: string, path: string, flags: number) {
    const file = await open(target, flags | constants.O_NOFOLLOW).catch(error => {
      if (error.code === 'ELOOP') throw new Error(`path '${path}' is a symbolic link`)
      if (error.code === 'EISDIR') throw new Error(`path '${path}' is a folder`)
      throw error
    })
    if (!(await file.stat()).isFile()) {
      await file.close()
      throw new Error(`path '${path}' is not a regular file`)
    }
    return file
  }

  private contained(target: string, path: string): string {
    if (target.startsWith(this.root + sep)) return target
    throw new Error(`path '${path}' leaves the workspace`)
  }
}

function checkedLimit(maxBytes: number = DEFAULT_MAX_BYTES): number {
  if (Number.isInteger(maxBytes) && maxBytes > 0 && maxBytes <= LARGEST_MAX_BYTES) return maxBytes
  throw new Error(`maxBytes must be a whole number from 1 to ${LARGEST_MAX_BYTES}`)
}

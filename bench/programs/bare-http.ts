/** The floor below every framework: `node:http`, the body, the signature check, an empty 200. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { listen } from './ready.ts'

const secret = process.env.SLACK_SIGNING_SECRET ?? ''

listen(
  createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const timestamp = String(request.headers['x-slack-request-timestamp'])
      const ours = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(Buffer.concat(chunks)).digest('hex')
      const theirs = Buffer.from(String(request.headers['x-slack-signature']))
      const expected = Buffer.from(`v0=${ours}`)
      const isGenuine = theirs.length === expected.length && timingSafeEqual(theirs, expected)
      response.writeHead(isGenuine ? 200 : 401, { 'content-length': 0 }).end()
    })
  }),
)

import type { OpenScene } from '../page/server/open-scene.ts'
import type { SandboxOptions } from '../start-sandbox.ts'

/** What a scene starts with, and what then happens in it before anybody may act. */
export type Scene = Pick<
  SandboxOptions,
  'people' | 'channels' | 'employees' | 'managers' | 'aheadMs' | 'limitScale'
> & {
  readonly requestsPerMinute: number
  perform(scene: OpenScene): Promise<void>
}

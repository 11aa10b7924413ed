import type { SceneName } from './page/contract.ts'
import type { OpenScene } from './page/server/open-scene.ts'
import type { SandboxOptions } from './start-sandbox.ts'

/** What a scene starts with, and what then happens in it before anybody may act. */
export type Scene = Pick<
  SandboxOptions,
  'people' | 'channels' | 'employees' | 'managers' | 'aheadMs' | 'limitScale'
> & {
  readonly requestsPerMinute: number
  perform(scene: OpenScene): Promise<void>
}

const nothingHappens = () => Promise.resolve()

export const SCENES: Readonly<Record<SceneName, Scene>> = {
  empty: { requestsPerMinute: 600, perform: nothingHappens },
  busy_monday: { requestsPerMinute: 600, perform: nothingHappens },
  on_fire: { requestsPerMinute: 600, perform: nothingHappens },
}

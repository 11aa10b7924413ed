import { SCENES } from '../../scenes/scenes.ts'
import { type SandboxOptions, startSandbox } from '../../start-sandbox.ts'
import type { SceneName } from '../contract.ts'
import { type OpenScene, openScene } from './open-scene.ts'

export type Stage = {
  /** The scene that is open, or the last one while the next is being opened. */
  readonly scene: () => OpenScene | null
  readonly version: () => number
  /** Throws away everything and opens a scene; resolves when all of it is set up. */
  open(name: SceneName, onOpened?: (scene: OpenScene) => void): Promise<void>
  /** One knob at a time. */
  inTurn<T>(turn: () => Promise<T>): Promise<T>
  onChange(listener: () => void): void
  changed(): void
  close(): Promise<void>
}

/** Where scenes are opened one after the other, while the page stays up. */
export function makeStage(options: Pick<SandboxOptions, 'transport' | 'onLine'> = {}): Stage {
  const listeners = new Set<() => void>()
  let current: OpenScene | null = null
  let version = 1
  let isClosing = false
  let last: Promise<unknown> = Promise.resolve()

  function changed(): void {
    version += 1
    for (const listener of listeners) listener()
  }

  async function open(name: SceneName, onOpened: (scene: OpenScene) => void): Promise<void> {
    if (isClosing) return
    if (current !== null) {
      current.isReady = false
      await current.sandbox.stop('at once')
    }
    const { perform, ...seeds } = SCENES[name]
    const sandbox = await startSandbox({ ...options, ...seeds, onBotChange: changed })
    const scene = openScene(name, sandbox, changed)
    current = scene
    changed()
    onOpened(scene)
    try {
      if (!isClosing) await perform(scene)
    } finally {
      // What could not be set up is still there to be looked at, and tried.
      scene.isReady = true
      changed()
    }
  }

  function inTurn<T>(turn: () => Promise<T>): Promise<T> {
    const mine = last.then(turn)
    last = mine.catch(() => undefined)
    return mine
  }

  return {
    scene: () => current,
    version: () => version,
    open: (name, onOpened = () => {}) => inTurn(() => open(name, onOpened)),
    inTurn,
    onChange: (listener) => void listeners.add(listener),
    changed,
    close: async () => {
      isClosing = true
      // Whatever is being set up breaks off without its sandbox.
      const open = current
      await open?.sandbox.stop(open.isReady ? 'gently' : 'at once')
      await last
      if (current !== open) await current?.sandbox.stop()
    },
  }
}

import type { SceneName } from '../page/contract.ts'
import { busyMonday } from './busy-monday.ts'
import { onFire } from './on-fire.ts'
import type { Scene } from './scene.ts'

const empty: Scene = { requestsPerMinute: 600, perform: () => Promise.resolve() }

export const SCENES: Readonly<Record<SceneName, Scene>> = { empty, busy_monday: busyMonday, on_fire: onFire }

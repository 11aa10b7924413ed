import { isObject, type JsonObject, objectIn, objectsIn, textIn } from './json.ts'

/** What the stand-in needs to know of a parsed `manifest.yml`. docs.slack.dev/reference/app-manifest */
export type Manifest = {
  appName: string
  botName: string
  scopes: ReadonlySet<string>
  commands: ReadonlyMap<string, { shouldEscape: boolean; description: string; usageHint: string }>
  events: ReadonlySet<string>
  interactive: boolean
  socketMode: boolean
  messagesTab: boolean
  homeTab: boolean
}

const at = (from: JsonObject, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), from)

const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(textIn).filter(Boolean) : [])

export function readManifest(manifest: object): Manifest {
  const root = objectIn(manifest)
  return {
    appName: textIn(at(root, 'display_information', 'name')) || 'App',
    botName: textIn(at(root, 'features', 'bot_user', 'display_name')) || 'app',
    scopes: new Set(words(at(root, 'oauth_config', 'scopes', 'bot'))),
    commands: new Map(
      objectsIn(at(root, 'features', 'slash_commands')).map((command) => [
        textIn(command.command),
        {
          shouldEscape: command.should_escape === true,
          description: textIn(command.description),
          usageHint: textIn(command.usage_hint),
        },
      ]),
    ),
    events: new Set(words(at(root, 'settings', 'event_subscriptions', 'bot_events'))),
    interactive: at(root, 'settings', 'interactivity', 'is_enabled') === true,
    socketMode: at(root, 'settings', 'socket_mode_enabled') === true,
    messagesTab: at(root, 'features', 'app_home', 'messages_tab_enabled') === true,
    homeTab: at(root, 'features', 'app_home', 'home_tab_enabled') === true,
  }
}

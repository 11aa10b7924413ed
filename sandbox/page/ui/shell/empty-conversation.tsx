import type { PageChannel, Snapshot } from '../../contract.ts'

type Props = { readonly snapshot: Snapshot; readonly channel: PageChannel }

/** What to do first, for somebody who has never seen the bot. */
export function EmptyConversation({ snapshot, channel }: Props) {
  const { appName } = snapshot.workspace
  const [command] = snapshot.commands
  const isDm = channel.kind === 'app_dm'
  return (
    <div class="welcome">
      <h2>{isDm ? `This is where ${appName} writes to you` : `Welcome to #${channel.name}`}</h2>
      <p>
        {isDm
          ? 'Links, status cards and results come here, and only you see them. Nothing has come yet.'
          : 'Everything here is made up: the people, the channels and EasyFreelance. The bot is the real one.'}
      </p>
      {command === undefined ? null : (
        <p>
          Type <kbd>/</kbd> below and choose <code>{command.command}</code>: {lowerFirst(command.description)}.
        </p>
      )}
      {isDm ? null : (
        <p>
          Then look at it from the other side: under <strong>Act as</strong>, become the employee you asked.
        </p>
      )}
    </div>
  )
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1).replace(/\.$/, '')
}

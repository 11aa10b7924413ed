import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ActRequest, PageChannel, Snapshot } from '../../contract.ts'
import { Icon } from './icon.tsx'
import { SuggestionList } from './suggestion-list.tsx'
import { isComplete, readLine, type Suggestion, suggestionsAt } from './suggestions.ts'

type Props = {
  readonly snapshot: Snapshot
  readonly channel: PageChannel
  readonly as: string
  readonly title: string
  act(request: ActRequest): Promise<string | null>
}

export function Composer({ snapshot, channel, as, title, act }: Props) {
  const box = useRef<HTMLTextAreaElement>(null)
  const nextCaret = useRef<number | null>(null)
  const [text, setText] = useState('')
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(0)
  const [dismissed, setDismissed] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [running, setRunning] = useState<string | null>(null)

  const found = suggestionsAt(text, caret, snapshot)
  const offered = found !== null && dismissed !== text ? found : null
  const current = snapshot.commands.find(({ command }) => text === command || text.startsWith(`${command} `))

  useLayoutEffect(() => {
    const area = box.current
    if (area === null) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`
    if (nextCaret.current !== null) area.setSelectionRange(nextCaret.current, nextCaret.current)
    nextCaret.current = null
  }, [text])
  // A mouse is at hand where the screen is wide; on a phone the keyboard would jump up.
  useEffect(() => {
    if (matchMedia('(min-width: 760px)').matches && document.activeElement === document.body) box.current?.focus()
  }, [])

  const edit = (next: string, at: number) => {
    setText(next)
    setCaret(at)
    setActive(0)
    setProblem(null)
  }
  const accept = (suggestion: Suggestion | undefined) => {
    if (suggestion === undefined || offered === null) return
    const start = text.slice(0, offered.from) + suggestion.insert
    nextCaret.current = start.length
    edit(start + text.slice(caret).replace(/^ /, ''), start.length)
    box.current?.focus()
  }
  const send = async () => {
    const sent = readLine(text, snapshot)
    if (text.trim() === '') return
    if (sent.kind === 'unknown_command') {
      setProblem(`${sent.command} is not a command here. Type / to see the ones there are.`)
      return
    }
    edit('', 0)
    setRunning(sent.kind === 'command' ? sent.command : null)
    const wrong =
      sent.kind === 'command'
        ? await act({ as, do: 'command', channelId: channel.id, command: sent.command, text: sent.text })
        : await act({ as, do: 'say', channelId: channel.id, text: sent.text })
    setRunning(null)
    setProblem(wrong)
    if (wrong !== null) setText((now) => (now === '' ? text : now))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const items = offered?.items.length ?? 0
    const isSend = event.key === 'Enter' && !event.shiftKey
    const completes = offered !== null && (event.key === 'Tab' ? !event.shiftKey : isSend && !isComplete(offered))
    if (completes) accept(offered.items[active])
    else if (isSend) void send()
    else if (offered !== null && event.key === 'ArrowDown') setActive((active + 1) % items)
    else if (offered !== null && event.key === 'ArrowUp') setActive((active - 1 + items) % items)
    else if (offered !== null && event.key === 'Escape') setDismissed(text)
    else return
    event.preventDefault()
  }
  return (
    <section class="composer" aria-label="Write a message">
      {problem === null ? null : (
        <p class="banner bad" role="alert">
          <Icon name="warning" /> {problem}
        </p>
      )}
      {offered === null ? null : <SuggestionList found={offered} active={active} onPick={accept} />}
      <div class="composer-box">
        <textarea
          ref={box}
          data-home
          rows={1}
          aria-label={`Message to ${title}`}
          placeholder={channel.kind === 'app_dm' ? 'Type / for commands' : `Message ${title}, or type /`}
          aria-autocomplete="list"
          {...(offered === null
            ? {}
            : { 'aria-controls': 'suggestions', 'aria-activedescendant': `suggestion-${active}` })}
          value={text}
          onInput={({ currentTarget }) => edit(currentTarget.value, currentTarget.selectionStart)}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        <button
          type="button"
          class="send"
          aria-label="Send message"
          aria-disabled={text.trim() === ''}
          onClick={() => void send()}
        >
          <Icon name="send" />
        </button>
      </div>
      <p class="composer-hint" aria-live="polite">
        {running !== null ? (
          `Running ${running}…`
        ) : current === undefined ? (
          <span class="keys">
            <kbd>Enter</kbd> sends, <kbd>Shift</kbd> + <kbd>Enter</kbd> begins a new line
          </span>
        ) : (
          <>
            <code>{current.command}</code> {current.usageHint}
          </>
        )}
      </p>
    </section>
  )
}

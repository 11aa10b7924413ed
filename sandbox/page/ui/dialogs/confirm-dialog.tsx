import type { JsonObject } from '../../../slack/json.ts'
import { TextObject } from '../blocks/text-object.tsx'
import { Dialog } from './dialog.tsx'

type Props = { readonly confirm: JsonObject; onAnswer(yes: boolean): void }

/** Block Kit's confirmation dialog. */
export function ConfirmDialog({ confirm, onAnswer }: Props) {
  return (
    <div class="layer">
      <Dialog
        role="alertdialog"
        class="dialog small"
        labelledBy="confirm-title"
        describedBy="confirm-text"
        onEscape={() => onAnswer(false)}
      >
        <header class="dialog-head">
          <h2 id="confirm-title">
            <TextObject text={confirm.title} />
          </h2>
        </header>
        <div class="dialog-body" id="confirm-text">
          <TextObject text={confirm.text} />
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={() => onAnswer(false)}>
            <TextObject text={confirm.deny} />
          </button>
          <button
            type="button"
            data-autofocus
            class={confirm.style === 'danger' ? 'button danger' : 'button primary'}
            onClick={() => onAnswer(true)}
          >
            <TextObject text={confirm.confirm} />
          </button>
        </footer>
      </Dialog>
    </div>
  )
}

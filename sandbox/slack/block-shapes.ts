import { BLOCK_LIMITS as MAX } from './block-limits.ts'
import { anyText, plainText } from './composition-shapes.ts'
import {
  accessory,
  actionElement,
  contextElement,
  imageFields,
  inputElement,
  oneImageSource,
} from './element-shapes.ts'
import { boolean, byType, list, object, oneOf, type Rule, type Shape, string } from './shape.ts'

/** Where blocks can stand. docs.slack.dev/surfaces */
export type Surface = 'message' | 'modal' | 'home'

const common = { type: string(), 'block_id?': string({ max: MAX.blockId }) }

const textOrFields: Rule = (block) =>
  block.text === undefined && block.fields === undefined ? 'missing required field: text or fields' : undefined

const everywhere = {
  section: object(
    {
      ...common,
      'text?': anyText(MAX.sectionText),
      'fields?': list(anyText(MAX.sectionFieldText), { max: MAX.sectionFields }),
      'accessory?': accessory,
      'expand?': boolean,
    },
    textOrFields,
  ),
  header: object({ ...common, text: plainText(MAX.headerText) }),
  context: object({ ...common, elements: list(contextElement, { max: MAX.contextElements }) }),
  divider: object(common),
  actions: object({ ...common, elements: list(actionElement, { max: MAX.actionsElements }) }),
  image: object({ ...common, ...imageFields, 'title?': plainText(MAX.imageTitle) }, oneImageSource),
}

const input = (element: Shape): Shape =>
  object({
    ...common,
    label: plainText(MAX.inputLabel),
    element,
    'hint?': plainText(MAX.inputHint),
    'optional?': boolean,
    'dispatch_action?': boolean,
  })

const blocksOf: Record<Surface, Shape> = {
  message: byType({ ...everywhere, input: input(inputElement.elsewhere) }),
  modal: byType({ ...everywhere, input: input(inputElement.modal) }),
  home: byType({ ...everywhere, input: input(inputElement.elsewhere) }),
}

export const messageBlocks = list(blocksOf.message, { min: 0, max: MAX.blocksInMessage })

const needsSubmit: Rule = ({ blocks, submit }) =>
  Array.isArray(blocks) && blocks.some((block) => block.type === 'input') && submit === undefined
    ? 'must define `submit` to use an `input` block in modals'
    : undefined

const viewFields = (surface: Surface): Record<string, Shape> => ({
  type: oneOf(surface),
  blocks: list(blocksOf[surface], { max: MAX.blocksInView }),
  'private_metadata?': string({ min: 0, max: MAX.privateMetadata }),
  'callback_id?': string({ min: 0, max: MAX.callbackId }),
  'external_id?': string({ min: 0, max: MAX.externalId }),
})

/** docs.slack.dev/reference/views: modal and Home views. */
export const viewShape = {
  modal: object(
    {
      ...viewFields('modal'),
      title: plainText(MAX.viewTitle),
      'submit?': plainText(MAX.viewSubmit),
      'close?': plainText(MAX.viewClose),
      'clear_on_close?': boolean,
      'notify_on_close?': boolean,
    },
    needsSubmit,
  ),
  home: object(viewFields('home')),
}

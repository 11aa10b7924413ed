/**
 * The words that Slack's libraries (bolt 5, web-api 8, socket-mode 3) and the warnings in Slack's answers are made of. What
 * they say may quote anything: a name, a note, a payload. So only these words are ever repeated.
 */
const WORDS = `
  a ack acknowledged action active adding additional after all allowed already also an and api app appended are
  arguments as at attempt attempting authorization auth automatic available bad be been before begins binary blocks body bolt
  bytes but by call called calls cannot channel character characters charset check cleanup client close closed code combination
  complete connect connected connection connections constraint contain content context continuing conversation could data
  deprecated details detected determine did didn't disabled disconnect disconnected disconnecting does down due duplicate during
  element empty encountered end ensure envelope error errors established event events exceeded expected expired extra failed
  failure fatal field fields flow flushing for force forcing format found frame from gave get go going gone got handle handler
  handling handshake has have headers http httpreceiver https id ids ignore ignored ignoring in inactive incoming initialized
  initializing initiating instantiated internal interval invalid is isn't issue its json key keys kicked lead length less level
  limit limited limiting link listener listeners listening log logger login long lost made malformed manually many match matched
  maximum may message messages metadata method min missing mode monitoring more must name new no not null number object of on
  only open or other params parse payload peer permission ping pings please pong port post posting processed property rate
  reach reached reaching read ready reason received reconnect recover refused reply report request requests required respond response
  result retries retrieve retry retrying revoked running scope scopes secret section send sending sent server service session
  short shutdown signature size skipped skipping slack so socket socketmodereceiver something ssl start started starting state
  status still stored stringify subtype succeed success successfully such superfluous take taken team terminating text than that
  the there this time timed timeout times to token too trigger trying type types unable unavailable unexpected unhandled unknown
  unreachable unsupported until unused upgrade url use used user using valid value verification verify verifying version view wait
  waiting warning was wasn't webclient websocket were when while will with within without workspace write wrong wss yet you your
`

const KNOWN: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/))

export function isLibraryWord(word: string): boolean {
  return KNOWN.has(word.toLowerCase())
}

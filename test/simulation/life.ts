/** One life of the bot's process, from boot to kill. */
export type Life = { isAlive(): boolean }

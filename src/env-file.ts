import { existsSync } from 'node:fs'

// An entry for `node --import`, so that settings in `.env` are there before anything else runs. Node 20.18 has no
// --env-file-if-exists. What is already set in the environment wins over the file.
if (existsSync('.env')) process.loadEnvFile('.env')

// Runs the suite through larder serve, in private and in shared mode, and compares with what is
// recorded: a test that passed and does not any more is a failure. --record writes a new record and
// docs/conformance.md; the reasons in the old record are kept. LARDER may hold another command than
// the launcher, as a JSON array of words.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { fileURLToPath } from 'node:url'

import { report } from './report.mjs'
import { MODES, applicable, suites, verdict } from './suite.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const suite = path.join(here, 'node_modules', 'http-cache-tests')
const larder = JSON.parse(process.env.LARDER ?? JSON.stringify([path.join(here, '..', 'larder')]))
const record = process.argv.includes('--record')

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'larder-conformance-'))
const children = []

/** Starts a program and waits for the line that says where it listens. */
async function start (name, words, environment) {
  const [program, ...rest] = words
  const log = path.join(scratch, `${name}.log`)
  const child = spawn(program, rest, {
    cwd: scratch,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', fs.openSync(log, 'w')]
  })
  children.push(child)
  const lines = readline.createInterface({ input: child.stdout })
  const address = await new Promise((resolve, reject) => {
    lines.on('line', line => {
      const found = /^listening on (http:\/\/\S+?)\/?$/i.exec(line)
      if (found) resolve(found[1])
    })
    child.on('error', reject)
    child.on('exit', code => {
      reject(new Error(`${name} ended with ${code}:\n${fs.readFileSync(log, 'utf8')}`))
    })
  })
  return { child, address }
}

async function stop (child) {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

function startOrigin () {
  const words = [process.execPath, '--require', path.join(here, 'loopback.cjs'), path.join(suite, 'server', 'server.mjs')]
  return start('origin', words, {
    npm_config_protocol: 'http',
    npm_config_port: '0',
    npm_config_pidfile: path.join(scratch, 'origin.pid')
  })
}

async function runClient (address, mode, ids) {
  const file = path.join(scratch, `${mode}.json`)
  const child = spawn(process.execPath, [path.join(here, 'client.mjs'), address, file, mode, ...ids], {
    cwd: scratch,
    stdio: 'inherit'
  })
  children.push(child)
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the suite's client ended with ${code}`)
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}

/** Names of tests with those that they depend on. */
function withDependencies (ids, byId) {
  const all = new Set()
  const add = id => {
    if (!all.has(id)) {
      all.add(id)
      ;(byId.get(id).depends_on ?? []).forEach(add)
    }
  }
  ids.forEach(add)
  return [...all]
}

/**
 * Runs one mode. Tests wait three seconds where something has to expire, and a busy machine can
 * make a second of that: what fails without being recorded gets a second try on its own.
 */
async function runMode (mode, origin, recorded) {
  const words = [...larder, 'serve', '--origin', origin, '--port', '0', '--home', path.join(scratch, mode)]
  const server = await start(`larder-${mode}`, [...words, ...MODES[mode]], {})
  const tests = suites.flatMap(group => group.tests).filter(test => applicable(test, mode))
  const byId = new Map(tests.map(test => [test.id, test]))
  try {
    const results = await runClient(server.address, mode, [])
    const unexpected = () => tests.filter(
      test => verdict(test, results, byId) !== 'pass' && recorded[test.id] === undefined
    )
    const again = unexpected().map(test => test.id)
    if (again.length > 0) {
      const second = await runClient(server.address, mode, withDependencies(again, byId))
      again.forEach(id => { results[id] = second[id] })
    }
    const verdicts = new Map(tests.map(test => [test.id, verdict(test, results, byId)]))
    return { mode, results, verdicts, unexpected: unexpected() }
  } finally {
    await stop(server.child)
  }
}

function recordFile (mode) {
  return path.join(here, `expected-${mode}.json`)
}

function read (mode) {
  const file = recordFile(mode)
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {}
}

/** Test names with the verdict, what the suite says and our reason, for all that do not pass. */
function write (run, recorded) {
  const failing = {}
  for (const [id, result] of run.verdicts) {
    if (result !== 'pass') {
      failing[id] = { verdict: result, says: run.results[id][1] ?? '', reason: recorded[id]?.reason ?? '' }
    }
  }
  fs.writeFileSync(recordFile(run.mode), JSON.stringify(failing, null, 2) + '\n')
  return failing
}

async function main () {
  const origin = await startOrigin()
  const runs = []
  let regressions = 0
  for (const mode of Object.keys(MODES)) {
    const recorded = read(mode)
    const run = await runMode(mode, origin.address, recorded)
    runs.push({ ...run, failing: record ? write(run, recorded) : recorded })
    const passed = [...run.verdicts.values()].filter(result => result === 'pass').length
    console.log(`${mode}: ${passed} of ${run.verdicts.size} tests pass`)
    const mended = Object.keys(recorded).filter(id => run.verdicts.get(id) === 'pass')
    if (mended.length > 0 && !record) console.log(`  pass now (npm run record): ${mended.join(', ')}`)
    if (!record) {
      regressions += run.unexpected.length
      for (const test of run.unexpected) {
        console.log(`  FAILS: ${test.id} (${run.verdicts.get(test.id)}): ${run.results[test.id][1] ?? ''}`)
      }
    }
  }
  if (record) {
    fs.writeFileSync(path.join(here, '..', 'docs', 'conformance.md'), report(runs))
  }
  return regressions === 0 ? 0 : 1
}

let code = 1
try {
  code = await main()
} catch (problem) {
  console.error(problem)
} finally {
  await Promise.all(children.map(stop))
  fs.rmSync(scratch, { recursive: true, force: true })
}
process.exit(code)

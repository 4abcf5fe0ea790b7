// Runs the suite's tests against the address in the first argument and writes their results, as
// JSON, to the file in the second; the third says in which mode the cache is, and further ones name
// the tests to run instead of all. A process of its own, because the suite keeps its state in its
// modules, changes its tests while it runs them, and may leave connections open.

import fs from 'node:fs'

import fetch from 'node-fetch'
import { getResults, runTests } from 'http-cache-tests/client/runner.mjs'

import { applicable, suites } from './suite.mjs'

const [base, file, mode, ...ids] = process.argv.slice(2)

const chosen = suites.map(suite => ({
  ...suite,
  tests: suite.tests.filter(
    test => applicable(test, mode) && (ids.length === 0 || ids.includes(test.id))
  )
}))
// The suite would leave out what is about private caches: it takes no browser for a proxy.
chosen.flatMap(suite => suite.tests).forEach(test => delete test.browser_only)

await runTests(chosen, fetch, false, base)
fs.writeFileSync(file, JSON.stringify(getResults()))
process.exit(0)

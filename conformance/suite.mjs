// The suite's tests, and what their results mean.

import suites from 'http-cache-tests/tests/index.mjs'

export { suites }

export const MODES = {
  private: ['--stale-if-error'],
  shared: ['--shared', '--stale-if-error']
}

// What asks for the behaviour of a shared cache, which a private one does not have to have.
const ABOUT_SHARED_CACHES = new Set([
  'freshness-s-maxage-shared',
  'freshness-max-age-s-maxage-shared-longer',
  'freshness-max-age-s-maxage-shared-longer-reversed',
  'freshness-max-age-s-maxage-shared-longer-multiple',
  'freshness-max-age-s-maxage-shared-shorter',
  'freshness-max-age-s-maxage-shared-shorter-expires',
  'cc-resp-private-shared',
  'other-authorization',
  'other-authorization-public',
  'other-authorization-must-revalidate',
  'other-authorization-smaxage'
])

/** Whether a test is about caches of this mode. */
export function applicable (test, mode) {
  return mode === 'private' ? !ABOUT_SHARED_CACHES.has(test.id) : test.browser_only !== true
}

export function kindOf (test) {
  return test.kind ?? 'required'
}

/**
 * What a result means, by the suite's own rules: pass; fail; setup, if it did not come to what is to
 * be tested; dependency, if another test shows that this one proves nothing; retry, if a request
 * was sent twice.
 */
export function verdict (test, results, byId) {
  const result = results[test.id]
  const unproven = (test.depends_on ?? []).some(
    id => results[id] !== undefined && verdict(byId.get(id), results, byId) !== 'pass'
  )
  if (unproven) return 'dependency'
  if (result === true) return 'pass'
  if (result[0] === 'Setup') return result[1] === 'retry' ? 'retry' : 'setup'
  return 'fail'
}

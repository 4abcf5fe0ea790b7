// Writes docs/conformance.md from the results of a run.

import { applicable, kindOf, suites } from './suite.mjs'

const KINDS = ['required', 'optimal', 'check']

function score (tests, verdicts) {
  const passed = tests.filter(test => verdicts.get(test.id) === 'pass').length
  return tests.length === 0 ? '' : `${passed} / ${tests.length}`
}

function row (name, tests, runs) {
  const cells = runs.flatMap(run => KINDS.map(kind => score(
    tests.filter(test => kindOf(test) === kind && applicable(test, run.mode)), run.verdicts
  )))
  return `| ${[name, ...cells].join(' | ')} |`
}

function scores (runs) {
  const names = runs.flatMap(run => KINDS.map(kind => `${run.mode}: ${kind}`))
  return [
    `| group | ${names.join(' | ')} |`,
    `| --- |${names.map(() => ' ---: |').join('')}`,
    ...suites.map(group => row(group.name, group.tests, runs)),
    row('**all**', suites.flatMap(group => group.tests), runs)
  ].join('\n')
}

function failures (run, kind) {
  const failing = suites.flatMap(group => group.tests)
    .filter(test => kindOf(test) === kind && run.failing[test.id] !== undefined)
  if (failing.length === 0) return 'None.'
  return [
    '| test | what the suite says | why |',
    '| --- | --- | --- |',
    ...failing.map(test => {
      const { verdict, says, reason } = run.failing[test.id]
      return `| \`${test.id}\` | ${verdict}: ${says.replaceAll('|', '\\|')} | ${reason} |`
    })
  ].join('\n')
}

export function report (runs) {
  const sections = runs.map(run => `
## ${run.mode === 'private' ? 'Private' : 'Shared'} mode: what does not pass

### Required

${failures(run, 'required')}

### Optimal

${failures(run, 'optimal')}

### Checks answered with no

A check asks how a cache behaves where there is no right or wrong.

${failures(run, 'check')}
`)
  return `# Conformance

The suite [http-cache-tests](https://www.npmjs.com/package/http-cache-tests) 0.4.5 run through \`larder serve\` on the embedded DynamoDB, with
\`--stale-if-error\`; in shared mode also with \`--shared\`. **Required**: what the RFCs demand. **Optimal**: where a cache could have used what it stored.
**Check**: a question without a right answer; counted is the answer yes. A test counts as passed only if those that it depends on pass.

In private mode the tests about private caches run, too, which the suite keeps for browsers, and those about the rules of shared caches do not. The
suite's tests of \`Surrogate-Control\`, which it counts apart, are not run: Larder does not know that field.

\`mvn verify -Pconformance\` runs it (Node.js and npm are needed), and fails if a test fails that is not listed here. This page is written by
\`npm run record\` in \`conformance/\`.

## Scores

${scores(runs)}
${sections.join('')}`
}

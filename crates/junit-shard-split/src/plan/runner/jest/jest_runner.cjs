// Runs, of each file that stands in jest_tests.json, only the tests whose names match the pattern there; every other file
// runs whole. Jest's own --testNamePattern would be applied to all files alike.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

// Read, not required: Jest would hand it to the project's own transforms.
const selected = JSON.parse(fs.readFileSync(path.join(__dirname, 'jest_tests.json'), 'utf8'));
const patterns = new Map();
for (const [file, pattern] of Object.entries(selected)) {
  patterns.set(path.resolve(file), pattern);
  // Jest names files by their real paths; a file that is not there is Jest's to report.
  if (fs.existsSync(file)) patterns.set(fs.realpathSync(file), pattern);
}

function circus(rootDir) {
  const places = [rootDir, process.cwd(), process.argv[1], require.main && require.main.filename].filter(Boolean);
  const runner = require(require.resolve('jest-circus/runner', { paths: places }));
  return runner.default || runner;
}

module.exports = async (globalConfig, config, environment, runtime, testPath, ...rest) => {
  const run = circus(config.rootDir);
  const pattern = patterns.get(testPath);
  if (pattern === undefined) return run(globalConfig, config, environment, runtime, testPath, ...rest);
  const narrowed = { ...globalConfig, testNamePattern: pattern };
  const result = await run(narrowed, config, environment, runtime, testPath, ...rest);
  // What other shards run would be reported here as skipped, and merged reports would hold it twice.
  const ours = new RegExp(pattern, 'i');
  const kept = result.testResults.filter((test) => test.status !== 'pending' || ours.test(test.fullName));
  result.numPendingTests -= result.testResults.length - kept.length;
  result.testResults = kept;
  return result;
};

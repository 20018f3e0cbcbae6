// Reads the schemas, with their data, out of JSON Forms' examples and rjsf's snapshot tests: `node extract.mjs FOLDER`
// (which holds node_modules) writes [{"name", "schema", "data"?}] to standard output.
import { createRequire, register } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const folder = path.resolve(process.argv[2]);
const found = [];
const keep = (name, schema, data) => {
  if (schema !== undefined) found.push({ name, schema, data });
};

const { getExamples } = createRequire(path.join(folder, "x.js"))("@jsonforms/examples");
for (const example of getExamples()) keep(`jsonforms/${example.name}`, example.schema, example.data);

// Whatever a test asks of its tools, it gets something that can be asked again.
globalThis.anything = new Proxy(function () {}, {
  get: (_, name) => (name === "then" || typeof name === "symbol" ? undefined : globalThis.anything),
  apply: () => globalThis.anything,
});
const titles = [];
const running = [];
globalThis.describe = (title, run) => {
  titles.push(title);
  run();
  titles.pop();
};
globalThis.test = globalThis.it = (title, run) => {
  const name = ["rjsf", ...titles, title].join("/");
  globalThis.drawn = (props) => keep(name, props.schema, props.formData);
  running.push(run());
};
for (const name of ["expect", "vi", "jest", "beforeEach", "afterEach", "beforeAll", "afterAll"]) globalThis[name] = globalThis.anything;

register("./stubs.mjs", import.meta.url);
const tests = path.join(folder, "node_modules/@rjsf/snapshot-tests/lib/index.js");
for (const run of Object.values(await import(pathToFileURL(tests)))) run(globalThis.anything, globalThis.anything);
await Promise.all(running);
process.stdout.write(JSON.stringify(found));

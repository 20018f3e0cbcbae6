// The peer of our pages: react-jsonschema-form renders a schema with its data to HTML, on the server.
// Reads {"schema", "data", "times"} from standard input, writes {"milliseconds": [..], "bytes": n}.
import Form from "@rjsf/core";
import validator from "@rjsf/validator-ajv8";
import { createElement } from "react";
import { renderToString } from "react-dom/server";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { schema, data, times } = JSON.parse(Buffer.concat(chunks).toString("utf8"));

const render = () =>
  renderToString(createElement(Form, { schema, formData: data, validator }));

for (let turn = 0; turn < 3; turn += 1) render();
const milliseconds = [];
let html = "";
for (let turn = 0; turn < times; turn += 1) {
  const start = performance.now();
  html = render();
  milliseconds.push(performance.now() - start);
}
console.log(JSON.stringify({ milliseconds, bytes: Buffer.byteLength(html) }));

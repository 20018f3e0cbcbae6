// Lets rjsf's own tests run without React: the schemas that they would draw are written down instead.
const modules = {
  "react/jsx-runtime": "export const jsx = (type, props) => ({ type, props }); export const jsxs = jsx; export const Fragment = 0;",
  "@testing-library/react":
    "const keep = (node) => { globalThis.drawn(node.props); return { asFragment: () => 0, rerender: keep, container: globalThis.anything }; };" +
    "export const render = keep; export const fireEvent = globalThis.anything; export const act = (run) => run();" +
    "export const screen = globalThis.anything; export const waitFor = async () => 0; export const within = () => globalThis.anything;",
};

export async function resolve(name, context, next) {
  if (name in modules) return { url: `data:text/javascript,${encodeURIComponent(modules[name])}`, shortCircuit: true };
  if (!name.startsWith(".") && context.parentURL?.includes("/@rjsf/")) {
    const names = ["bracketNameGenerator", "dotNotationNameGenerator", "LOOKUP_MAP_NAME"];
    const source = names.map((n) => `export const ${n} = "${n}";`).join("") + "export default globalThis.anything;";
    return { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true };
  }
  return next(name, context);
}

// Texts that the build brings along. In: nothing. Out: types for the compiler of TypeScript.

declare module "*.ftl?raw" {
  const text: string;
  export default text;
}

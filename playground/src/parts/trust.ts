// Which addresses may become programs: the workers that stand beside this page, and nothing else. In: nothing. Out: a rule of the
// browser, where it knows such rules. Refuses everything it does not know.

interface Factory {
  createPolicy(name: string, rules: { readonly createScriptURL: (address: string) => string }): unknown;
}

/** Sets the rule. */
export function trustWorkers(): void {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  factory?.createPolicy("default", {
    createScriptURL(address) {
      const { origin, pathname } = new URL(address, document.baseURI);
      const own = pathname.slice(pathname.lastIndexOf("/") + 1);
      if (origin === location.origin && (/^worker[\w-]*\.(js|ts)$/.test(own) || own === "offline.js")) return address;
      throw new TypeError(`${address} is no worker of this page`);
    },
  });
}

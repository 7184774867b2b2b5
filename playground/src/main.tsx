// The start. In: the page. Out: the page alive. Refuses to start where there is no WebAssembly, and says so.

import "./style.css";
import { render } from "preact";
import { App } from "./app";
import { trustWorkers } from "./parts/trust";
import { start } from "./session";
import { startWorker } from "./worker/client";
import { speak, t, usual } from "./words/words";

async function begin(): Promise<void> {
  await speak(usual());
  const root = document.getElementById("app")!;
  if (typeof WebAssembly !== "object") {
    root.textContent = t("no-webassembly");
    return;
  }
  trustWorkers();
  startWorker();
  root.textContent = "";
  render(<App />, root);
  await start();
  if (import.meta.env.PROD && "serviceWorker" in navigator && isSecureContext) {
    navigator.serviceWorker.register("./offline.js").catch(() => {
      // Without it the page needs the network, and works all the same.
    });
  }
}

void begin();

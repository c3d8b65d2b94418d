// Starts the application. A classic script in <head>, so that the theme is set before the first paint.
(() => {
  const THEMES = ["isp-light", "isp-dark"];
  const MESSAGES = {
    id: ["Aplikasi tidak dapat dimuat.", "Periksa sambungan lalu muat ulang halaman ini."],
    en: ["The application could not be loaded.", "Check the connection, then reload this page."],
  };

  function stored(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage can be forbidden by the browser's settings
    }
  }

  function line(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  }

  function showFailure(error) {
    console.error(error);
    const boot = document.getElementById("boot") ?? document.body.appendChild(line("div", ""));
    const [what, advice] = MESSAGES[document.documentElement.lang] ?? MESSAGES.id;
    boot.className = "boot";
    boot.setAttribute("role", "alert");
    boot.replaceChildren(line("strong", what), line("p", advice));
  }

  async function start() {
    // The build names both files by their content and lists them in <head>.
    const module = document.querySelector("link[rel=modulepreload]")?.href;
    const wasm = document.querySelector("link[rel=preload][type='application/wasm']")?.href;
    const { default: init } = await import(module);
    await init({ module_or_path: wasm });
    document.getElementById("boot")?.remove();
    dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
  }

  // What the sign-in page begins with is painted before the application is there, unless somebody is signed in.
  function showSignIn() {
    const root = document.documentElement;
    if (stored("isp-signed-in") !== null || location.pathname === "/register") return;
    root.dataset.boot = "sign-in";
    if (stored("isp-lang") !== "en") return;
    root.lang = "en";
    addEventListener("DOMContentLoaded", () => {
      for (const text of document.querySelectorAll("#boot [data-en]")) text.textContent = text.dataset.en;
    });
  }

  const theme = stored("isp-theme");
  if (THEMES.includes(theme)) document.documentElement.dataset.theme = theme;

  showSignIn();
  addEventListener("DOMContentLoaded", () => start().catch(showFailure));
})();

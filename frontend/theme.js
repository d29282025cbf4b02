// What the visitor once chose, set before the first paint so that nothing flashes. The program writes these keys.
const root = document.documentElement;

// The browser's own frame follows the page's colours, also where they are not the system's.
new MutationObserver(() => {
  const { theme } = root.dataset;
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    meta.dataset.scheme ??= meta.media.includes("dark") ? "dark" : "light";
    const follows = theme !== "light" && theme !== "dark";
    meta.media = follows ? `(prefers-color-scheme: ${meta.dataset.scheme})` : meta.dataset.scheme === theme ? "all" : "not all";
  }
}).observe(root, { attributeFilter: ["data-theme"] });

const kept = (key) => {
  try {
    return localStorage.getItem("stonechat." + key);
  } catch {
    return null; // No storage here: the system's colours and the browser's language are right.
  }
};
if (kept("theme")) root.dataset.theme = kept("theme");
if (kept("density")) root.dataset.density = kept("density");
const wanted = [kept("lang"), ...navigator.languages].find((tag) => /^(en|zh)/.test(tag ?? ""));
root.lang = wanted?.startsWith("zh") ? "zh-CN" : "en";

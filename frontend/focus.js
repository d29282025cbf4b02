// For whoever uses keys: where what has the focus is drawn anew, taken away or hidden, the focus goes on near by. The
// program loads this when there is somebody who writes.
let path = [];
let byKeys = false;
addEventListener("keydown", () => (byKeys = true), true);
addEventListener("pointerdown", () => (byKeys = false), true);

const follow = (element) => {
  path = [];
  for (let it = element; it && it !== document.body; it = it.parentElement) path.push(it);
};
addEventListener("focusin", ({ target }) => follow(target));
follow(document.activeElement);

const called = (it) => it.ariaLabel ?? it.textContent;
const stands = (it) => it.isConnected && !it.closest("[hidden]");

new MutationObserver(() => {
  const [lost] = path;
  if (!byKeys || !lost || stands(lost) || ![lost, document.body].includes(document.activeElement)) return;
  const home = path.find(stands);
  const alike = [...(home?.querySelectorAll(lost.localName) ?? [])];
  const again = alike.find((it) => called(it) === called(lost) && it.checkVisibility());
  (again ?? home?.closest("[tabindex]") ?? document.querySelector("#composer-input, #name"))?.focus();
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["hidden"] });

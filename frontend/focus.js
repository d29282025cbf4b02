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
const shows = (it) => it.checkVisibility({ visibilityProperty: true });
// What comes first in each pane of a phone; the others see to it themselves.
const first = { rooms: ".room-link[aria-current], .me button", room: "#composer-input, #name", people: "#members button" };

// From what still stands: the like of what was lost, what is around it, or, in a dialog, its last control.
const near = (home, lost) => {
  const alike = [...(home?.querySelectorAll(lost.localName) ?? [])];
  const dialog = home?.closest("dialog");
  const controls = dialog ? [...home.querySelectorAll("button, input, select, a[href]")] : [];
  return alike.find((it) => called(it) === called(lost) && it.checkVisibility())
    ?? home?.closest("[tabindex]")
    ?? controls.findLast(shows)
    ?? dialog?.querySelector("button")
    ?? document.querySelector("#composer-input, #name");
};

new MutationObserver((changes) => {
  const [lost] = path;
  if (!byKeys || !lost || ![lost, document.body].includes(document.activeElement)) return;
  const pane = changes.find((it) => it.attributeName === "data-pane")?.target.dataset.pane;
  if (pane && !shows(lost)) document.querySelector(first[pane] ?? ":focus")?.focus();
  else if (!stands(lost)) near(path.find(stands), lost)?.focus();
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ["hidden", "data-pane"] });

// Starts the program. What it cannot start, it says: the sentence stands ready in the page.
try {
  const { default: init } = await import("./stonechat-frontend.js");
  await init({ module_or_path: "/stonechat-frontend_bg.wasm" });
} catch (error) {
  console.error(error);
  document.getElementById("start-failed").hidden = false;
}

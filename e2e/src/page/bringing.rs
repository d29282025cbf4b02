//! Files that a person brings to a page: made there, so that both browsers let go of them alike.

use std::path::Path;

use fantoccini::Locator;
use serde_json::{Value, json};

use super::Page;
use crate::browser::{Browser, Look};
use crate::server::Server;

/// Makes files in the page and lets go of them there. A file is `{name, text}`, `{name, zeros}` with so
/// many bytes, or `{name, width, height}` for a picture; with `place` one that says where it was taken.
const BRINGS: &str = "
const [how, files, done] = arguments;
const make = async ({ name, text, zeros, width, height, place }) => {
  if (zeros) return new File([new Uint8Array(zeros)], name);
  if (text !== undefined) return new File([text], name);
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const pen = canvas.getContext('2d');
  const sky = pen.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, '#c8552b');
  sky.addColorStop(1, '#2b6cc8');
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  const type = place ? 'image/jpeg' : 'image/png';
  const picture = await new Promise(made => canvas.toBlob(made, type));
  if (!place) return new File([picture], name, { type });
  // Exif (CIPA DC-008) as cameras put it behind the first two bytes: a list of nothing, and then the place.
  const exif = [69, 120, 105, 102, 0, 0, 73, 73, 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(place)];
  const segment = new Uint8Array([0xff, 0xe1, 0, exif.length + 2, ...exif]);
  return new File([picture.slice(0, 2), segment, picture.slice(2)], name, { type });
};
Promise.all(files.map(make)).then(files => {
  const data = new DataTransfer();
  files.forEach(file => data.items.add(file));
  const tell = (name, target, key) => {
    const event = new Event(name, { bubbles: true, cancelable: true });
    Object.defineProperty(event, key, { value: data });
    document.querySelector(target).dispatchEvent(event);
    return event.defaultPrevented;
  };
  if (how === 'paste') return tell('paste', '#composer-input', 'clipboardData');
  if (how === 'hover') return tell('dragover', '.stage', 'dataTransfer');
  return tell('dragover', '.stage', 'dataTransfer') && tell('drop', '.stage', 'dataTransfer');
}).then(done);
";

/// From now on uploads wait until the test lets them go: `go()`, or `fail()`. Until then they come as far as it says:
/// `comes(bytes, all)`.
const HOLDS: &str = "
const send = XMLHttpRequest.prototype.send;
const held = [];
XMLHttpRequest.prototype.send = function (body) { held.push([this, body]); };
const release = then => () => {
  XMLHttpRequest.prototype.send = send;
  held.splice(0).forEach(([request, body]) => { send.call(request, body); then(request); });
};
window.comes = (loaded, total) => held.forEach(([request]) =>
  request.upload.dispatchEvent(new ProgressEvent('progress', { lengthComputable: true, loaded, total })));
window.go = release(() => {});
window.fail = release(request => request.abort());
";

/// How many files wait in the composer and are with the server; how many wait there at all; how many pictures can be seen.
pub const THERE: &str = "document.querySelectorAll('.tray-file[data-state=there]').length";
pub const TRAY: &str = "document.querySelectorAll('.tray-file').length";
pub const LOADED: &str =
    "[...document.querySelectorAll('.picture img')].filter(it => it.complete && it.naturalWidth).length";

/// Ann, and Ben, who reads Chinese. What takes files is fetched with a name: whoever brings some comes later than that.
pub async fn two_with_files(browser: Browser, server: &Server) -> (Page, Page) {
    let ann = browser.open_named(server, "Ann").await;
    let ben = browser.open_named_with(Look::chinese(), server, "Ben").await;
    for page in [&ann, &ben] {
        page.until("document.querySelector('.chooser')", "who takes files").await;
    }
    (ann, ben)
}

impl Page {
    /// Lets go of files: by `paste` or `drop`; `hover` holds on to them over the room.
    ///
    /// # Panics
    /// Panics where the page does not take them.
    pub async fn brings(&self, how: &str, files: Value) {
        let taken = self.executes_async(BRINGS, vec![json!(how), files]).await;
        assert_eq!(taken, true, "the page takes what is brought");
    }

    /// Chooses a file behind the button for that.
    pub async fn chooses(&self, file: &Path) {
        let field = self.must(self.client.find(Locator::Css("input[type=file]")).await, "find where to choose").await;
        self.must(field.send_keys(&file.to_string_lossy()).await, "choose a file").await;
    }

    /// From now on uploads wait until the page is told `go()`, or `fail()`; `comes(bytes, all)` moves them.
    pub async fn holds_uploads(&self) {
        self.executes(HOLDS, vec![]).await;
    }
}

//! Native popovers: above everything, closed by Escape and by a click beside them. The browser gives the focus back.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::dom::El;
use super::window;

/// Pixels between a popover and its anchor, and the window's edge.
const GAP_PX: f64 = 8.0;

/// Opens it beside its anchor: where the style sheet looks, in `--x` and `--y`.
pub(crate) fn open(popover: &El, anchor: &El) {
    let Some(element) = popover.raw().dyn_ref::<HtmlElement>() else { return };
    let _ = element.show_popover();
    let (size, place) = (element.get_bounding_client_rect(), anchor.raw().get_bounding_client_rect());
    let side = |f: fn(&web_sys::Window) -> Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| {
        f(&window()).ok().and_then(|side| side.as_f64()).unwrap_or_default()
    };
    let (width, height) = (side(web_sys::Window::inner_width), side(web_sys::Window::inner_height));
    let x = (place.right() - size.width()).min(width - size.width() - GAP_PX).max(GAP_PX);
    let below = place.bottom() + GAP_PX;
    let above = place.top() - size.height() - GAP_PX;
    let fits_below = below + size.height() + GAP_PX <= height;
    let y = if fits_below { below } else { above.max(GAP_PX) };
    let _ = popover.clone().style("--x", &format!("{x}px")).style("--y", &format!("{y}px"));
}

pub(crate) fn is_open(popover: &El) -> bool {
    popover.raw().matches(":popover-open").unwrap_or(false)
}

pub(crate) fn close(popover: &El) {
    if let Some(element) = popover.raw().dyn_ref::<HtmlElement>() {
        let _ = element.hide_popover();
    }
}

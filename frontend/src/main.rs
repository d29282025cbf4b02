//! The page: a program that runs in the browser and shows a chat.
//!
//! - [`app`] wires the connection to the state and the state to the views.
//! - [`net`] keeps a connection to the server; [`state`] is the chat as the views see it.
//! - [`view`] shows, one component a file, its style sheet beside it; [`locales`] has its words.
//! - [`platform`] is the browser.

mod app;
mod locales;
mod net;
mod platform;
mod state;
mod view;

fn main() {
    std::panic::set_hook(Box::new(|panic| {
        platform::page::log_error(&panic.to_string());
        platform::page::show_panic();
    }));
    leptos::mount::mount_to_body(app::run);
}

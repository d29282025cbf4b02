//! Stonechat in real browsers: people who open the page, type and see.
//!
//! - [`server`]: the release binary with a data folder of its own; it can be killed and started again.
//! - [`browser`]: Chromium or Firefox, in a window of a given look; [`driver`] starts what drives it.
//! - [`profile`]: what such a browser keeps.
//! - [`page`]: what a person does and sees. Every wait is for something to appear, with a deadline, never for a time.
//! - [`proxy`]: a network before it that misbehaves as it is told.
//! - [`writer`]: people without a browser, to fill a room.
//! - [`line`]: a connection without a browser; [`writing`]: who write and read over it, and what must hold of that.
//! - [`client`]: somebody with the real replica over such a line; [`crowd`]: thousands of guests, and [`files`]: how many
//!   of them one process may hold.
//! - [`keyboard`]: somebody who has nothing else. [`axe`]: what shuts people out of a view; [`views`]: from one to the next.
//! - [`evidence`]: what is kept of a page when a test fails.
//!
//! A test reads like what happens:
//!
//! ```no_run
//! # use stonechat_e2e::{Browser, Server};
//! async fn two_people_talk(browser: Browser) {
//!     let server = Server::start();
//!     let ann = browser.open(&server, "Ann").await;
//!     let ben = browser.open(&server, "Ben").await;
//!     ann.takes_their_name().await;
//!     ann.says("hello").await;
//!     ben.sees("Ann", "hello").await;
//! }
//! ```

pub mod axe;
pub mod browser;
pub mod client;
pub mod crowd;
pub mod driver;
pub mod evidence;
pub mod files;
pub mod keyboard;
pub mod line;
pub mod page;
pub mod plain_http;
pub mod profile;
pub mod proxy;
pub mod server;
pub mod views;
pub mod writer;
pub mod writing;

pub use axe::Axe;
pub use browser::{Browser, Look};
pub use client::{Client, Said};
pub use page::Page;
pub use profile::Profile;
pub use proxy::Proxy;
pub use server::Server;
pub use writer::Writer;

/// Makes each of these async functions a test in Chromium and a test in Firefox: `chromium::name`, `firefox::name`.
#[macro_export]
macro_rules! in_both_browsers {
    ($($name:ident),+ $(,)?) => {
        mod chromium {
            $(#[test] fn $name() { $crate::run(super::$name($crate::Browser::Chromium)); })+
        }
        mod firefox {
            $(#[test] fn $name() { $crate::run(super::$name($crate::Browser::Firefox)); })+
        }
    };
}

/// Runs one test to its end, on this thread, so that what it leaves behind carries its name.
pub fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a thread can wait for sockets").block_on(test);
}

/// The same for thousands of people at once, who need all of the machine.
pub fn run_on_all_processors(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("threads can wait for sockets").block_on(test);
}

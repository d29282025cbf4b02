//! What goes on beside the page.

use std::pin::Pin;

/// Runs until it is done or the page ends. Boxed first, so that the code that runs it is in the program once.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    leptos::task::spawn_local(task);
}

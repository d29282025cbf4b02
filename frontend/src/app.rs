//! Wires: what the connection hears goes to the state, what the page hears about itself goes to both.

use std::rc::Rc;

use futures_channel::mpsc::unbounded;
use leptos::prelude::*;

use crate::locales;
use crate::net::{self, Order};
use crate::platform::dom::watch;
use crate::platform::page::{self, Moment};
use crate::platform::{storage, task};
use crate::state::Chat;
use crate::view::frame;

/// The whole program, under an owner that lives as long as the page.
pub(crate) fn run() {
    let (orders, received) = unbounded();
    let words = locales::preferred();
    page::set_root("lang", words.tag);
    let chat = Chat::new(orders, words);

    let places = Rc::new(move || chat.places());
    task::spawn(net::run(
        received,
        move || chat.words.get_untracked().tag,
        places,
        move |news| {
            chat.hear(news);
        },
    ));

    page::on_moment(move |moment| {
        chat.watch();
        match moment {
            Moment::Online => chat.order(Order::NetworkUp),
            Moment::Offline => chat.order(Order::NetworkDown),
            Moment::Shown => {
                chat.came_back();
                chat.order(Order::Woken);
            }
            Moment::Left => {
                chat.remove_all_now();
                chat.order(Order::Leave);
                storage::release_outbox();
            }
            // The picture for which a redraw was asked is not going to be painted.
            Moment::Hidden => chat.redraw(),
        }
    });
    task::spawn(chat.keep_list());
    storage::on_foreign_outbox(move |key| chat.hear_other_tab(key));
    page::on_address_change(move || chat.follow_address());

    watch(move || {
        let title = format!("{} · {}", chat.title(), chat.server.get());
        page::set_title(&match chat.calls() {
            0 => title,
            calls => format!("({calls}) {title}"),
        });
    });

    frame::show(chat);
}

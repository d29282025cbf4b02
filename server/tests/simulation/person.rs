//! Somebody with a browser: what it keeps, the pages that are open in it, and a program that acts in their name.

use std::collections::BTreeMap;

use stonechat_shared::frame::{Role, User};
use stonechat_shared::replica::{Output, Pending, Status};

use super::hand::Hand;
use super::host::Host;
use super::network::Network;
use super::page::Page;
use super::scene::Scene;
use super::weather::Trouble;

#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) user: User,
    pub(crate) pages: Vec<Page>,
    pub(crate) hand: Hand,
    /// What outlives every page: the outbox of each tab, under a key of its own.
    storage: BTreeMap<u32, Vec<Pending>>,
    tabs: u32,
    /// How often each tab's outbox was taken over by another. What is written there afterwards does not wait for it.
    moved: BTreeMap<u32, u32>,
    /// A guest is somebody new with every connection.
    visits: u32,
    pub(super) written: u32,
}

pub(crate) fn is_refused(pending: &Pending) -> bool {
    matches!(pending.status, Status::Refused { .. })
}

impl Person {
    pub(crate) fn new(name: &str, role: Role) -> Self {
        let user =
            User { id: format!("u_{}", name.to_lowercase()).as_str().into(), name: name.into(), role, away: false };
        let hand = Hand::of(user.clone());
        Self {
            user,
            pages: Vec::new(),
            hand,
            storage: BTreeMap::new(),
            tabs: 0,
            moved: BTreeMap::new(),
            visits: 0,
            written: 0,
        }
    }

    pub(crate) fn is_guest(&self) -> bool {
        self.user.role == Role::Guest
    }

    fn note(&self, scene: &mut Scene, what: &str, tab: u32) {
        let waiting = |pending: &Vec<Pending>| pending.iter().map(|it| it.id.to_string()).collect::<Vec<_>>().join(" ");
        let kept = self.storage.get(&tab).map(waiting).unwrap_or_default();
        scene.trace.note(&format!("= {} {} {what} {tab} [{kept}]", scene.now(), self.user.name));
    }

    /// Opens a page: in a tab whose page is gone, or in a new one.
    pub(crate) fn open_page(&mut self, network: &mut Network, scene: &mut Scene) {
        let dead = self.tabs_without(Page::is_open);
        let again = scene.dice.pick(&dead).copied().filter(|_| scene.dice.chance(700));
        let tab = again.unwrap_or_else(|| {
            self.tabs += 1;
            self.tabs
        });
        self.note(scene, "opens", tab);
        let kept = self.storage.get(&tab).cloned().unwrap_or_default();
        let known_as = (!self.is_guest()).then(|| self.user.id.clone());
        let (page, out) = Page::open(tab, kept, known_as, scene);
        self.pages.push(page);
        for tab in self.storage.keys().copied().collect::<Vec<_>>() {
            self.tell_other_tabs(tab);
        }
        self.act(self.pages.len() - 1, out, network, scene);
    }

    /// Carries out what a page's replica wants: what changed in its outbox is written down before anything is sent.
    /// Answers false where the page died over it.
    pub(crate) fn act(&mut self, index: usize, out: Output, network: &mut Network, scene: &mut Scene) -> bool {
        let page = &self.pages[index];
        let is_new = self.storage.get(&page.tab).map_or(&[][..], Vec::as_slice) != page.replica.outbox().all();
        if is_new && scene.strikes(Trouble::DiedBeforeKeeping) {
            return self.die(index, network, scene);
        }
        if is_new {
            self.keep(index, scene);
        }
        if out.commands.is_empty() {
            return true;
        }
        if scene.strikes(Trouble::DiedBeforeSending) {
            return self.die(index, network, scene);
        }
        for command in &out.commands {
            scene.ledger.kept.extend(command.id().map(|id| (self.user.id.clone(), id.clone())));
            self.pages[index].client.send(command, network, scene);
        }
        !scene.strikes(Trouble::DiedAfterSending) || self.die(index, network, scene)
    }

    /// Names the outbox that a page writes into.
    pub(crate) fn outbox(&self, index: usize) -> (u32, u32) {
        let tab = self.pages[index].tab;
        (tab, self.moved.get(&tab).copied().unwrap_or_default())
    }

    fn keep(&mut self, index: usize, scene: &mut Scene) {
        let page = &self.pages[index];
        let pending = page.replica.outbox().all().to_vec();
        scene.ledger.kept.extend(pending.iter().map(|pending| (self.user.id.clone(), pending.id.clone())));
        let tab = page.tab;
        if pending.is_empty() {
            self.storage.remove(&tab)
        } else {
            self.storage.insert(tab, pending)
        };
        self.note(scene, "keeps", tab);
        self.tell_other_tabs(tab);
    }

    /// The browser tells every other page that a key has changed.
    fn tell_other_tabs(&mut self, tab: u32) {
        let kept = self.storage.get(&tab).cloned().unwrap_or_default();
        for page in self.pages.iter_mut().filter(|page| page.tab != tab) {
            assert_eq!(page.replica.mirror(&tab.to_string(), kept.clone()).commands, [], "only its owner sends it");
        }
    }

    /// The page is gone, and what it kept stays. Always false.
    pub(crate) fn die(&mut self, index: usize, network: &mut Network, scene: &mut Scene) -> bool {
        let mut page = self.pages.remove(index);
        page.client.cut(network, scene);
        self.note(scene, "closes", page.tab);
        false
    }

    /// The page takes over the outbox of a tab that has none: first it is written down as its own, then the other goes.
    pub(crate) fn adopt(&mut self, index: usize, network: &mut Network, scene: &mut Scene) -> bool {
        let orphans = self.orphans();
        let Some(&orphan) = scene.dice.pick(&orphans) else { return true };
        self.note(scene, "adopts", orphan);
        let out = self.pages[index].replica.restore(self.storage[&orphan].clone(), scene.now());
        self.keep(index, scene);
        if scene.strikes(Trouble::DiedAdopting) {
            return self.die(index, network, scene);
        }
        self.storage.remove(&orphan);
        *self.moved.entry(orphan).or_default() += 1;
        self.tell_other_tabs(orphan);
        self.act(index, out, network, scene)
    }

    /// Tabs of which the page is gone, or sleeps, and holds nothing.
    pub(crate) fn orphans(&self) -> Vec<u32> {
        self.tabs_without(Page::is_awake)
    }

    fn tabs_without(&self, holds: impl Fn(&Page) -> bool) -> Vec<u32> {
        let held = |tab: &u32| self.pages.iter().any(|page| page.tab == *tab && holds(page));
        self.storage.keys().filter(|tab| !held(tab)).copied().collect()
    }

    /// The browser puts a page to sleep, as when somebody goes to another one and may come back.
    pub(crate) fn put_to_sleep(&mut self, index: usize, network: &mut Network, scene: &mut Scene) {
        let page = &mut self.pages[index];
        let tab = page.tab;
        page.asleep = true;
        page.client.cut(network, scene);
        let out = page.replica.disconnected();
        self.note(scene, "puts to sleep", tab);
        self.act(index, out, network, scene);
    }

    /// The page is back. What it had may have been taken over meanwhile.
    pub(crate) fn wake_up(&mut self, index: usize, network: &mut Network, scene: &mut Scene) {
        let page = &mut self.pages[index];
        let tab = page.tab;
        page.asleep = false;
        self.note(scene, "wakes", tab);
        let page = &mut self.pages[index];
        if !self.storage.contains_key(&page.tab) {
            let out = page.replica.give_up();
            self.act(index, out, network, scene);
        }
    }

    /// Every page and the hand take in what arrived.
    pub(crate) async fn hear(&mut self, host: &Host, network: &mut Network, scene: &mut Scene) {
        let mut index = 0;
        while index < self.pages.len() {
            if self.pages[index].asleep {
                index += 1;
                continue;
            }
            if self.pages[index].client.line().is_none() {
                self.visits += 1;
            }
            let user = self.visitor();
            let page = &mut self.pages[index];
            page.client.connect(user, host, network, scene).await;
            page.read_on(&self.user, host, scene).await;
            let mut lives = true;
            while lives && let Some(out) = self.pages[index].hear(network, scene) {
                lives = self.act(index, out, network, scene);
            }
            index += usize::from(lives);
        }
        if !self.is_guest() {
            self.hand.work(host, network, scene).await;
        }
    }

    fn visitor(&self) -> User {
        let mut user = self.user.clone();
        if self.is_guest() {
            user.id = format!("{}{}", user.id, self.visits).as_str().into();
        }
        user
    }

    /// Comes back at once, looks at everything, and takes up what dead tabs left.
    pub(crate) fn come_back(&mut self, network: &mut Network, scene: &mut Scene) {
        if self.pages.is_empty() {
            self.open_page(network, scene);
        }
        for index in 0..self.pages.len() {
            if self.pages[index].asleep {
                self.wake_up(index, network, scene);
            }
        }
        while !self.orphans().is_empty() {
            assert!(self.adopt(0, network, scene), "nothing goes wrong any more");
        }
        self.hand.come_back_now();
        for index in 0..self.pages.len() {
            self.pages[index].client.come_back_now();
            for room in super::host::ROOMS {
                let out = self.pages[index].replica.open(&room.into());
                self.act(index, out, network, scene);
            }
        }
    }

    /// What somebody here waits for.
    pub(crate) fn restless(&self, scene: &Scene) -> Option<String> {
        let pages = self.pages.iter().find_map(|page| page.restless(scene));
        let hand = self.hand.restless().filter(|_| !self.is_guest());
        pages.or(hand).map(|what| format!("{}: {what}", self.user.name))
    }
}

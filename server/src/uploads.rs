//! Who is uploading just now, and how many pictures are worked on: neither may take what everybody needs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use stonechat_shared::UserId;
use tokio::sync::Semaphore;

/// Files that one person may upload at the same time: a message's worth.
const AT_ONCE: usize = stonechat_shared::limits::FILES;
/// Pictures that are read at the same time. Each takes up to some 400 megabytes, and a processor.
const PICTURES: usize = 2;

#[derive(Debug)]
pub struct Uploads {
    people: Arc<Mutex<HashMap<UserId, usize>>>,
    /// Whoever works on a picture holds a permit.
    pub pictures: Arc<Semaphore>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { people: Arc::default(), pictures: Arc::new(Semaphore::new(PICTURES)) }
    }
}

impl Uploads {
    /// Notes that this person uploads, for as long as the answer lives; nothing where they do so too often already.
    pub fn begin(&self, user: &UserId) -> Option<Upload> {
        let mut people = self.people.lock().expect("nobody panics holding it");
        let count = people.entry(user.clone()).or_default();
        (*count < AT_ONCE).then(|| {
            *count += 1;
            Upload { people: Arc::clone(&self.people), user: user.clone() }
        })
    }
}

/// One upload under way.
#[derive(Debug)]
pub struct Upload {
    people: Arc<Mutex<HashMap<UserId, usize>>>,
    user: UserId,
}

impl Drop for Upload {
    fn drop(&mut self) {
        let mut people = self.people.lock().expect("nobody panics holding it");
        if let Some(count) = people.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                people.remove(&self.user);
            }
        }
    }
}

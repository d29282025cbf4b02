//! How many files a test may have open: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises this process's own limit as far as the system lets it.
///
/// # Panics
/// Where that is not enough for so many: the test cannot be had on this machine.
pub fn has_room_for(files: usize) {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
        .expect("a process may raise its own limit to its maximum");
    let enough = limit.maximum.is_none_or(|maximum| maximum >= files as u64);
    assert!(enough, "this test opens {files} files and the system allows {:?}: raise `ulimit -Hn`", limit.maximum);
}

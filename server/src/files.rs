//! How many files the process may have open: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit as far as the system lets us. What shells and service managers start with is often 1,024, which is
/// there for programs older than ours; a chat for ten thousand people needs more, and nobody should have to know that.
/// Answers the limit that holds now; `None` where there is none.
pub fn raise() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, limit = limit.current, "the limit of open files cannot be raised");
        }
    }
    getrlimit(Resource::Nofile).current
}

//! A network that misbehaves: a proxy before the server that can be told, while it runs, what to do to what passes.

mod carrying;

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How long a test waits for something to vanish.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is done to what passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// As some firewalls do: a request to upgrade arrives as a plain one.
    pub strips_upgrade: bool,
    /// As some proxies do: a stream is passed on when it has ended.
    pub buffers_streams: bool,
    /// What comes from the server vanishes; what goes to it arrives.
    pub drops_answers: bool,
    /// Everything vanishes, and nobody is told. A connection that lost something so never carries anything again.
    pub is_black_hole: bool,
    /// Connections open, and nothing passes until this ends.
    pub holds: bool,
    /// Sockets open, and then nothing passes over them, ever; everything else passes.
    pub mutes_sockets: bool,
    /// Sockets open, and from then on what goes to the server over them vanishes; what comes from it arrives.
    pub deafens_sockets: bool,
    /// Each connection is cut after this many bytes from the server.
    pub cuts_down_after: Option<usize>,
    /// The same for bytes to the server.
    pub cuts_up_after: Option<usize>,
}

/// Dropped, it cuts what it carries.
#[derive(Debug)]
pub struct Proxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    faults: Mutex<Faults>,
    changed: Condvar,
    open: Mutex<Vec<TcpStream>>,
    /// How many bytes may still go this way before the connection that carries them is cut, once.
    fuse: Mutex<Option<(Way, usize)>>,
    /// What was done to what passed.
    toll: Mutex<Toll>,
    taken: Condvar,
}

#[derive(Debug, Default)]
struct Toll {
    /// Connections that a fuse has cut.
    cuts: u64,
    /// Pieces of what was said that have vanished.
    losses: u64,
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the server.
    Up,
    /// From the server.
    Down,
}

impl Proxy {
    /// Before this server, on a free port.
    pub fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let addr = listener.local_addr().expect("it has an address");
        let shared = Arc::new(Shared {
            server,
            faults: Mutex::default(),
            changed: Condvar::new(),
            open: Mutex::default(),
            fuse: Mutex::default(),
            toll: Mutex::default(),
            taken: Condvar::new(),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&accepting);
                // A connection that fails is what this is for: its ends see it.
                std::thread::spawn(move || drop(shared.carry(client)));
            }
        });
        Self { addr, shared }
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.addr)
    }

    /// From now on, for connections that are open too.
    pub fn does(&self, faults: Faults) {
        *self.shared.faults() = faults;
        self.shared.changed.notify_all();
    }

    /// Everything passes again.
    pub fn heals(&self) {
        self.does(Faults::default());
    }

    /// Lets so many more bytes go this way, then cuts the one connection that carries them, in the middle of a word.
    pub fn cuts_after(&self, way: Way, bytes: usize) {
        *self.shared.fuse.lock().expect("nobody panics holding it") = Some((way, bytes));
    }

    /// How many connections [`Proxy::cuts_after`] has cut.
    pub fn has_cut(&self) -> u64 {
        self.shared.toll.lock().expect("nobody panics holding it").cuts
    }

    /// The same as [`Proxy::does`], which then waits until something has vanished. `meanwhile` says it.
    pub fn swallows(&self, faults: Faults, meanwhile: impl FnOnce()) {
        let before = self.shared.toll.lock().expect("nobody panics holding it").losses;
        self.does(faults);
        meanwhile();
        let toll = self.shared.toll.lock().expect("nobody panics holding it");
        let waited = self.shared.taken.wait_timeout_while(toll, PATIENCE, |toll| toll.losses == before);
        let (toll, _) = waited.expect("nobody panics holding it");
        assert!(toll.losses > before, "nothing vanished for {} s", PATIENCE.as_secs());
    }

    /// Cuts every connection that is open now.
    pub fn cuts(&self) {
        for stream in self.shared.open.lock().expect("nobody panics holding it").drain(..) {
            // Closed already is as good.
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cuts();
    }
}

#[cfg(test)]
mod tests;
